#!/bin/sh
# The PowerSchool plugin: its file, and what stands in it; prints TAP.
#
# Conditions stand in single quotes, for check evaluates them.
# shellcheck disable=SC2016,SC2034,SC2154
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. tests/e2e/tap.inc

# plugin_check CHECK ZIP [DISTRICT]: as tests/e2e/plugin.py judges it.
plugin_check() {
	python3 tests/e2e/plugin.py "$@" >"$tmp/stdout" 2>"$tmp/stderr"
}

ps plugin "$tmp/a.zip"
check 'plugin writes the zip and needs no settings' \
    '[ "$code" = 0 ] && [ -s "$tmp/a.zip" ] && [ ! -s "$tmp/stderr" ]'
check 'it prints the SHA-256 and what to do next' \
    'says "$(sha256sum <"$tmp/a.zip" | cut -d " " -f 1)" &&
    says "Plugin Management Configuration"'
check 'the file is for its owner alone' \
    '[ "$(stat -c %a "$tmp/a.zip")" = 600 ]'
cp "$tmp/a.zip" "$tmp/first.zip"
(umask 0 && TZ=Pacific/Kiritimati LC_ALL=C.UTF-8 \
    "$BIN/ps2canvas" -q plugin "$tmp/b.zip" >"$tmp/quiet")
check 'the same bytes under another umask, time zone and locale' \
    'cmp "$tmp/a.zip" "$tmp/b.zip" &&
    [ "$(stat -c %a "$tmp/b.zip")" = 600 ]'
silent 'with -q it prints nothing' "$tmp/quiet"
ps plugin --without email "$tmp/b.zip"
check 'a file that is there is replaced' \
    '[ "$code" = 0 ] && says "without email" &&
    ! cmp -s "$tmp/a.zip" "$tmp/b.zip"'
check 'nothing else is left in the folder' \
    '[ -z "$(find "$tmp" -name ".*zip*")" ]'

check 'the zip holds plugin.xml and the queries, and nothing else' \
    'plugin_check files "$tmp/a.zip"'
check 'name, version, description and contact are as long as may be' \
    'plugin_check lengths "$tmp/a.zip"'
check 'every grant is ViewOnly, and the REST level READ' \
    'plugin_check read_only "$tmp/a.zip"'
check 'no statement writes' 'plugin_check no_writes "$tmp/a.zip"'
check 'names have five parts and stand once' \
    'plugin_check names "$tmp/a.zip"'
check 'aliases are letters, digits and _' 'plugin_check aliases "$tmp/a.zip"'
check 'columns are declared in number and order as they are selected' \
    'plugin_check select "$tmp/a.zip"'
check 'every bind variable is declared, and bound' \
    'plugin_check binds "$tmp/a.zip"'
check 'every statement orders by its key' 'plugin_check order "$tmp/a.zip"'
check 'no word that Oracle lacks' 'plugin_check dialect "$tmp/a.zip"'
for zip in a b; do
	check "every column is granted ($zip)" \
	    'plugin_check granted "$tmp/$zip.zip"'
	check "no grant is unused ($zip)" 'plugin_check used "$tmp/$zip.zip"'
	check "the statements give Maple Valley's rows of the year ($zip)" \
	    'plugin_check run "$tmp/$zip.zip" fixtures/maple-valley'
done
check 'the addresses of students are in the plugin' \
    'plugin_check with_email "$tmp/a.zip"'
check '--without email leaves grants and query of the Person tables out' \
    'plugin_check without_email "$tmp/b.zip"'

ps plugin --without emial "$tmp/c.zip"
check 'a part that is none is refused, with the one that was meant' \
    '[ "$code" = 2 ] && warns "did you mean \"email\"" &&
    [ ! -e "$tmp/c.zip" ]'
mkdir "$tmp/folder"
ps plugin "$tmp/folder"
check 'a folder is not overwritten' \
    '[ "$code" = 2 ] && warns "is a folder" && [ -d "$tmp/folder" ]'
ps plugin "$tmp/folder/"
check 'a path that ends in / is a folder' \
    '[ "$code" = 2 ] && warns "is a folder"'
ln -s "$tmp/a.zip" "$tmp/link.zip"
ps plugin "$tmp/link.zip"
check 'a link is left alone' \
    '[ "$code" = 2 ] && warns "is no file" && [ -h "$tmp/link.zip" ]'
ps plugin "$tmp/gone/a.zip"
check 'a folder that is missing is named' \
    '[ "$code" = 10 ] && warns "$tmp/gone" && warns "was not written"'
# A limit on the size of files is a full disk to the program.
{ (trap '' XFSZ && ulimit -f 0 && exec "$BIN/ps2canvas" plugin "$tmp/a.zip") \
    2>&1 || echo "exit $?"; } | cat >"$tmp/stderr"
check 'on a full disk the old file stays, and no other' \
    'warns "was not written" && warns "exit 10" && cmp "$tmp/a.zip" "$tmp/first.zip" &&
    [ -z "$(find "$tmp" -name ".*zip*")" ]'
ps plugin
check 'without a file it says how it is used' \
    '[ "$code" = 2 ] && warns "plugin FILE.zip"'
finish
