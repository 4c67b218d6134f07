#!/bin/sh
# Commands, exit codes, and what a run may never do; prints TAP.
#
# Conditions stand in single quotes, for check evaluates them.
# shellcheck disable=SC2016,SC2154
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. tests/e2e/tap.inc

out=$tmp/out
now=2026-11-23T12:00:00Z

settings() {	# settings DIR LINE...: rollbook.ini for the exports in DIR
	{
		echo '[district]'
		echo 'timezone = America/Los_Angeles'
		echo '[source]'
		echo "url = files:$1"
		echo '[output]'
		echo "dir = $out"
		shift
		for line; do
			echo "$line"
		done
	} >"$tmp/rollbook.ini"
}

run() {		# run OPTION...: with a first run that is let pass
	ps --now $now -o guard.first_run=accept "$@" run
}

fresh() {	# no runs, and exports as they were made
	rm -rf "$out" "$tmp/in"
	cp -R "$tmp/made" "$tmp/in"
	settings "$tmp/in"
}

nothing() {	# nothing was published
	[ ! -e "$out/current" ] && [ -z "$(ls "$out/runs" 2>/dev/null)" ]
}

district "$tmp/made" --students 40
fresh

# --- the command line

ps -c "$tmp/none.ini" run
check 'without a settings file a run ends with 3 and says what to do' \
    '[ $code = 3 ] && warns none.ini && warns "-c FILE" && nothing'

ps runn
check 'an unknown command ends with 2 and a suggestion' \
    '[ $code = 2 ] && warns "did you mean \"run\"" && nothing'
ps --jsno run
check 'an unknown option ends with 2 and a suggestion' \
    '[ $code = 2 ] && warns "did you mean --json" && nothing'
ps
check 'no command ends with 2 and the list of commands' \
    '[ $code = 2 ] && warns validate && [ ! -s "$tmp/stdout" ]'
ps run behind
check 'an argument that a command does not take ends with 2' '[ $code = 2 ]'
ps --reason x run
check 'an option that a command does not take ends with 2' '[ $code = 2 ]'
for wrong in tomorrow 2026-13-01 2026-11-23T25:00:00Z 2026-11-23T12:00 ''; do
	ps --now "$wrong" run
	check "--now '$wrong' ends with 2, and nothing is published" \
	    '[ $code = 2 ] && warns --now && nothing'
done
for wrong in 0 x -1 99999999999999999999; do
	ps -j "$wrong" run
	check "-j $wrong ends with 2" '[ $code = 2 ] && nothing'
done
ps -o output.dirr=x run
check 'an unknown setting of -o ends with 3 and a suggestion' \
    '[ $code = 3 ] && warns "did you mean" && nothing'

ps -h
check 'help goes to standard output and ends with 0' \
    '[ $code = 0 ] && says "explain [CODE]" && [ ! -s "$tmp/stderr" ]'
ps --json version
check 'version --json is one JSON document' '[ $code = 0 ] && is_json'
ps help nonsense
check 'help of an unknown command ends with 2' '[ $code = 2 ]'

# --- explain, init, check, completion

ps explain
check 'explain lists the codes' '[ $code = 0 ] && says SRC-DATE'
sed -n 's/^\([A-Z][A-Z0-9]*\(-[A-Z0-9]*\)\{1,\}\) .*/\1/p' "$tmp/stdout" \
    >"$tmp/codes"
check 'explain lists findings of runs, of packages and of the guard' \
    'grep -q ^REF- "$tmp/codes" && grep -q ^ROW- "$tmp/codes" &&
    grep -q ^GUARD- "$tmp/codes"'
: >"$tmp/unexplained"
while read -r finding; do
	ps explain "$finding"
	[ "$code" = 0 ] && [ "$(wc -l <"$tmp/stdout")" -ge 3 ] &&
	    says "$finding" || echo "$finding: $code" >>"$tmp/unexplained"
done <"$tmp/codes"
silent 'explain explains each code that it lists' "$tmp/unexplained"
ps explain sec-date
check 'explain of an unknown code ends with 2 and a suggestion' \
    '[ $code = 2 ] && warns SRC-DATE'

ps init "$tmp/new.ini"
check 'init writes a settings file that only its owner reads' \
    '[ $code = 0 ] && [ "$(stat -c %a "$tmp/new.ini")" = 600 ]'
ps -c "$tmp/new.ini" check
check 'check asks for the settings that init leaves open' '[ $code = 3 ]'
cp "$tmp/new.ini" "$tmp/was.ini"
ps init "$tmp/new.ini"
check 'init never writes over a file' \
    '[ $code != 0 ] && cmp -s "$tmp/new.ini" "$tmp/was.ini"'
sed -i -e 's|^;timezone =.*|timezone = America/Los_Angeles|' \
    -e "s|^;url =.*|url = files:$tmp/in|" "$tmp/new.ini"
ps -c "$tmp/new.ini" -o "output.dir=$out" -q check
check 'two edits make a file that check accepts' \
    '[ $code -le 1 ] && ! says FAIL && says PASS'

ps check
check 'check says PASS for what is good' \
    '[ $code -le 1 ] && says "PASS  source"'
check 'check says WARN, and ends with 1, for columns that no export has' \
    'says "WARN  columns" && [ $code = 1 ]'
ps -o "source.url=files:$tmp/nowhere" check
check 'check says FAIL for a folder that is not there' \
    'says "FAIL  source" && [ $code = 4 ]'
ps -o names.account='{school.nme}' check
check 'check says FAIL, with the place, for a wrong template' \
    '[ $code = 3 ] && says FAIL && says names.account'
ps --json check
check 'check --json is one JSON document' 'is_json'
ps --show-config -o names.section=here check
check '--show-config shows each setting and where it comes from' \
    'says "timezone" && says "rollbook.ini:2" && says "here" && says "-o"'
cp "$tmp/stdout" "$tmp/shown.ini"
ps -c "$tmp/shown.ini" --show-config check
check 'what --show-config prints can be read as a settings file' \
    '[ $code -le 1 ] && says "here"'

ps completion bash
check 'the completion for bash is bash, and knows commands and options' \
    '[ $code = 0 ] && says validate && says dry-run &&
    bash -n "$tmp/stdout"'
for shell in zsh fish; do
	ps completion $shell
	check "there is a completion for $shell" \
	    '[ $code = 0 ] && says validate && says dry-run'
done
ps completion csh
check 'a shell without completion ends with 2' '[ $code = 2 ]'

# --- run: -n, --json, -q, --strict

ps --now $now -n run
check '-n says what would come out, and the guard holds a first run' \
    '[ $code = 7 ] && says enrollments.csv && says GUARD-FIRST-RUN'
check '-n makes no folder' '[ ! -e "$out" ]'
run
check 'a run publishes and is accepted' \
    '[ $code = 0 ] && [ -L "$out/accepted" ] && [ -L "$out/current" ]'
head -2 "$tmp/in/cc.csv" >"$tmp/two"
cp "$tmp/two" "$tmp/in/cc.csv"
state "$out" >"$tmp/before"
run -n -o guard.minimum=1
state "$out" >"$tmp/after"
check '-n judges by the guard as run does' \
    '[ $code = 7 ] && says GUARD-REMOVED'
check '-n changes nothing in the folder of runs' \
    'cmp -s "$tmp/before" "$tmp/after"'
check '-n leaves nothing in the folder of the exports' \
    '[ "$(ls "$tmp/in" | wc -l)" = "$(ls "$tmp/made" | wc -l)" ]'

fresh
run --json
check 'run --json is one JSON document' \
    '[ $code = 0 ] && is_json && says rollbook-manifest'
run --json -n
check 'run -n --json is one JSON document' '[ $code = 0 ] && is_json'
ps --now $now --json -o "output.dir=$tmp/other" run
check 'run --json of a held run is one JSON document' \
    '[ $code = 7 ] && is_json && says GUARD-FIRST-RUN'
ps --json -c "$tmp/none.ini" run
check 'with --json an error of settings is one JSON document' \
    '[ $code = 3 ] && is_json && says rollbook-error && warns none.ini'
ps --json runn
check 'with --json an error of usage is one JSON document' \
    '[ $code = 2 ] && is_json && says rollbook-error'
run --json -o "source.url=files:$tmp/nowhere"
check 'with --json a refused source is one JSON document' \
    '[ $code = 4 ] && is_json && says rollbook-error && says "\"exit\": 4"'
ps --json show nonsense
check 'with --json an unknown run is one JSON document' \
    '[ $code = 2 ] && is_json'

fresh
run -q
check '-q prints nothing when all is well' \
    '[ $code = 0 ] && [ ! -s "$tmp/stdout" ] && [ ! -s "$tmp/stderr" ]'
run -q -o "source.url=files:$tmp/nowhere"
check '-q still says what went wrong' '[ $code = 4 ] && warns nowhere'

fresh
run --strict
check '--strict ends with 0 when there is no error and no warning' \
    '[ $code = 0 ]'
echo '2001,,,,,,,,,' >>"$tmp/in/sections.csv"
run -q -o guard.mode=warn
check 'a ragged row is refused with its place' \
    '[ $code = 4 ] && warns sections.csv:'
fresh
sed -i '2s/^\([^,]*\),[^,]*,/\1,,/' "$tmp/in/users.csv"
run --strict
check '--strict ends with 1 for a warning, and publishes' \
    '[ $code = 1 ] && [ -L "$out/accepted" ]'
run -o guard.mode=warn
check 'without --strict findings end with 0' '[ $code = 0 ]'

# --- modes, lock, output

fresh
(umask 000 && run) || true
run -o guard.mode=warn
find "$out" -type d ! -perm 700 -o -type f ! -perm 600 >"$tmp/modes"
silent 'folders are 0700 and files 0600, whatever the umask' "$tmp/modes"

cat >"$tmp/locked.py" <<'EOF'
"""Holds the lock of a folder of runs while a command runs."""
import fcntl, struct, subprocess, sys
with open(sys.argv[1] + "/.lock", "r+b") as f:
    fcntl.flock(f, fcntl.LOCK_EX)
    fcntl.fcntl(f, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
    sys.exit(subprocess.run(sys.argv[2:]).returncode)
EOF
state "$out" >"$tmp/before"
code=0
python3 "$tmp/locked.py" "$out" "$BIN/ps2canvas" -c "$tmp/rollbook.ini" \
    --now $now run >"$tmp/stdout" 2>"$tmp/stderr" || code=$?
state "$out" >"$tmp/after"
check 'a second run at the same time ends with 11 and changes nothing' \
    '[ $code = 11 ] && cmp -s "$tmp/before" "$tmp/after"'
code=0
python3 "$tmp/locked.py" "$out" "$BIN/ps2canvas" -c "$tmp/rollbook.ini" \
    runs >"$tmp/stdout" 2>"$tmp/stderr" || code=$?
check 'the runs can be listed while a run is at work' '[ $code = 0 ]'

fresh
: >"$tmp/file"
run -o "output.dir=$tmp/file"
check 'a file in place of the output folder ends with 10' \
    '[ $code = 10 ] && warns "$tmp/file"'
run -o "output.dir=$tmp/file/below"
check 'an output folder that cannot be made ends with 10' \
    '[ $code = 10 ] && warns nothing'
run -o output.dir=/proc/rollbook
check 'an output folder where nothing can be made ends with 10' \
    '[ $code = 10 ]'

code=0
"$BIN/ps2canvas" -c "$tmp/rollbook.ini" explain >/dev/full \
    2>"$tmp/stderr" || code=$?
check 'a full standard output ends with 10' '[ $code = 10 ]'
code=0
"$BIN/ps2canvas" -c "$tmp/rollbook.ini" explain >&- 2>"$tmp/stderr" ||
    code=$?
check 'a closed standard output ends with 10' '[ $code = 10 ]'
code=0
"$BIN/ps2canvas" -c "$tmp/rollbook.ini" -o guard.first_run=accept \
    --now $now run >&- 2>"$tmp/stderr" || code=$?
check 'a run with closed standard output ends with 10, its files whole' \
    '[ $code = 10 ] && { ps verify; [ $code = 0 ]; }'
rm -rf "$out"
code=0
"$BIN/ps2canvas" -c "$tmp/rollbook.ini" -o guard.first_run=accept \
    --now $now run >/dev/null 2>&- <&- || code=$?
check 'closed standard input and error do no harm' \
    '[ $code = 0 ] && { ps verify; [ $code = 0 ]; }'

# --- sources that are refused

refused() {	# refused WHAT TEXT: a run ends with 4, says it, publishes none
	ps --now $now -o guard.first_run=accept run
	check "$1 is refused (4)" '[ $code = 4 ] && warns "'"$2"'" && nothing'
	fresh
}

fresh
rm "$tmp/in/cc.csv"
mkfifo "$tmp/in/cc.csv"
refused 'an export that is a FIFO' cc.csv
rm "$tmp/in/cc.csv"
mkdir "$tmp/in/cc.csv"
refused 'an export that is a folder' cc
rm "$tmp/in/cc.csv"
ln -s nowhere.csv "$tmp/in/cc.csv"
refused 'an export that is a dangling link' cc.csv
rm "$tmp/in/cc.csv"
ln -s cc.csv "$tmp/in/cc.csv"
refused 'an export that is a link to itself' cc.csv
rm "$tmp/in/cc.csv"
mkfifo "$tmp/in/cc-2.csv"
refused 'a FIFO beside good exports' cc-2.csv
if [ "$(id -u)" = 0 ]; then
	# Root reads everything; another user may not look into $tmp/shut.
	chmod 711 "$tmp"
	mkdir -m 777 "$tmp/theirs"
	cp -R "$tmp/made" "$tmp/theirs/in"
	chmod 755 "$tmp/theirs/in"
	chmod 644 "$tmp"/theirs/in/*
	chmod 000 "$tmp/theirs/in/cc.csv"
	cp "$BIN/ps2canvas" "$tmp/theirs/"
	chmod 755 "$tmp/theirs/ps2canvas"
	settings "$tmp/theirs/in"
	chmod 644 "$tmp/rollbook.ini"
	code=0
	setpriv --reuid 65534 --regid 65534 --clear-groups \
	    "$tmp/theirs/ps2canvas" -c "$tmp/rollbook.ini" --now $now \
	    -o "output.dir=$tmp/theirs/out" run >"$tmp/stdout" \
	    2>"$tmp/stderr" || code=$?
	chmod 700 "$tmp"
else
	chmod 000 "$tmp/in/cc.csv"
	run
fi
check 'an export that may not be read is refused (4)' \
    '[ $code = 4 ] && warns cc.csv && nothing'
fresh
python3 - "$tmp/in/schools.csv" <<'EOF'
import sys
with open(sys.argv[1], encoding="utf-8") as f:
    rows = f.read().split("\n")
cells = rows[1].split(",")
cells[2] = "x" * (1 << 20) + "y"
rows[1] = ",".join(cells)
with open(sys.argv[1], "w", encoding="utf-8") as f:
    f.write("\n".join(rows))
EOF
run
check 'a field of more than 1 MiB is refused with file:line:column' \
    '[ $code = 4 ] && grep -q "schools.csv:2:[0-9]" "$tmp/stderr" && nothing'

# --- nobody's name, address or password

district "$tmp/canary" --students 60 --faults 2 >/dev/null
python3 - "$tmp/canary" <<'EOF'
import csv, sys
marks = {"first_name": "Xqfirst", "middle_name": "Xqmiddle",
         "last_name": "Xqlast", "street": "Xqstreet", "ssn": "Xqssn",
         "student_web_password": "Xqsecret", "password": "Xqsecret",
         "email_addr": "xqmail", "student_email": "xqmail",
         "email": "xqmail", "student_web_id": "xqlogin",
         "loginid": "xqlogin", "teacherloginid": "xqlogin"}
for table in "students", "users", "studentemail":
    path = f"{sys.argv[1]}/{table}.csv"
    with open(path, encoding="utf-8", newline="") as f:
        header, *rows = csv.reader(f)
    for row in rows:
        for n, name in enumerate(header):
            if name in marks and row[n].strip():
                row[n] = marks[name] + row[n]
            elif name in ("ssn", "student_web_password", "password"):
                row[n] = marks[name]
    with open(path, "w", encoding="utf-8", newline="") as f:
        csv.writer(f, lineterminator="\n").writerows([header, *rows])
EOF
rm -rf "$out"
settings "$tmp/canary"
ps -vv --now $now -o guard.first_run=accept run
cat "$tmp/stdout" "$tmp/stderr" >"$tmp/said"
check 'the run with canaries publishes' '[ $code = 0 ]'
ps --json -n --now $now run
cat "$tmp/stdout" "$tmp/stderr" >>"$tmp/said"
for command in runs 'show 0001' verify 'verify 0001' diff check; do
	# shellcheck disable=SC2086
	ps -vv $command
	cat "$tmp/stderr" >>"$tmp/said"
	case $command in
	diff)	;;	# shows cells: that is what it is for
	*)	cat "$tmp/stdout" >>"$tmp/said" ;;
	esac
done
grep -il xq "$tmp/said" >"$tmp/leaks" || true
silent 'no name, login or e-mail stands in what programs print' "$tmp/leaks"
run=$(readlink -f "$out/current")
grep -il xq "$run/manifest.json" "$run/findings.csv" "$run/crosswalk.csv" \
    >"$tmp/leaks" || true
silent 'none stands in the manifest, the findings and the crosswalk' \
    "$tmp/leaks"
check 'the canaries did go through the run' \
    'grep -q Xqlast "$run/csv/users.csv" && [ -s "$run/findings.csv" ]'
{
	grep -rlE 'Xq(ssn|secret|street|middle)' "$out" || true
	mkdir "$tmp/unpacked"
	python3 -m zipfile -e "$run"/canvas-sis-full-*.zip "$tmp/unpacked"
	grep -rlE 'Xq(ssn|secret|street|middle)' "$tmp/unpacked" || true
} >"$tmp/leaks"
silent 'no password, SSN or street is anywhere in the folder of runs' \
    "$tmp/leaks"

finish
