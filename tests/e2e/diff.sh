#!/bin/sh
# What `ps2canvas diff` says about folders, zips and runs; prints TAP.
#   BIN     the folder of ps2canvas, default out/bin
#   RUNNER  a command in front of it: "valgrind -q --error-exitcode=99"
# Most functions are checks, called by their names.
# shellcheck disable=SC2317,SC2015,SC2016
set -eu
cd "$(dirname "$0")/../.."
BIN=${BIN:-out/bin}
RUNNER=${RUNNER:-}
root=$(pwd)
case $BIN in
/*)	;;
*)	BIN=$root/$BIN ;;
esac
if [ ! -x "$BIN/ps2canvas" ]; then
	echo "Bail out! $BIN/ps2canvas is not there: type make"
	exit 1
fi
command -v python3 >/dev/null || {
	echo 'Bail out! python3 is missing: type apt-get install python3'
	exit 1
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
unset NO_COLOR
n=0
failed=0

# result DESCRIPTION COMMAND...: ok when the command succeeds
result() {
	what=$1
	shift
	n=$((n + 1))
	if "$@" >"$tmp/said" 2>&1; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		sed 's/^/# /' "$tmp/said"
		failed=1
	fi
}

# Runs the command in $tmp; got, errors and code are what came of it.
run_diff() {
	code=0
	(
		cd "$tmp"
		# $RUNNER is a command with its arguments.
		# shellcheck disable=SC2086
		$RUNNER "$BIN/ps2canvas" diff "$@"
	) >"$tmp/got" 2>"$tmp/errors" || code=$?
}

# Is the result of the last run_diff what stands on standard input?
same() {
	cat >"$tmp/want"
	diff -u "$tmp/want" "$tmp/got"
}

mkdir "$tmp/a" "$tmp/b"
cat >"$tmp/a/accounts.csv" <<'EOT'
account_id,parent_account_id,name,status
101,,Maple High,active
102,,Oak Middle,active
EOT
cat >"$tmp/a/terms.csv" <<'EOT'
term_id,name,status
T,Autumn,active
EOT
cat >"$tmp/a/courses.csv" <<'EOT'
course_id,short_name,long_name,account_id,term_id,status
C1,MATH,Mathematics,101,T,active
C2,ART,Art,102,T,active
EOT
cat >"$tmp/a/sections.csv" <<'EOT'
section_id,course_id,name,status
C1,C1,Mathematics,active
C2,C2,Art,active
EOT
cat >"$tmp/a/users.csv" <<'EOT'
user_id,login_id,first_name,status
S1,ada,Ada,active
S2,bob,"Bob, the second",active
S3,cid,Cid,active
T1,tea,Tea,active
EOT
cat >"$tmp/a/enrollments.csv" <<'EOT'
section_id,user_id,role,status
C1,S1,student,active
C1,S2,student,active
C1,S3,student,active
C1,T1,teacher,active
C2,S2,student,active
C2,T1,teacher,active
EOT
cp "$tmp"/a/*.csv "$tmp/b"
cat >"$tmp/b/users.csv" <<'EOT'
user_id,login_id,first_name,status,email
S1,ada,Ada,suspended,
S2,bob,"Bob, the second",active,bob@example.org
S4,dan,<img src=x onerror=y>,active,
T1,tea,Tea,active,
EOT
cat >"$tmp/b/enrollments.csv" <<'EOT'
section_id,user_id,role,status
C1,S1,student,active
C1,S2,student,deleted
C1,T1,teacher,active
C2,S2,student,active
C2,S4,student,active
C2,T1,teacher,active
EOT

text_is_right() {
	[ "$code" = 0 ] && [ ! -s "$tmp/errors" ] && same <<'EOT'
From a to b
 accounts     2  no difference
 terms        1  no difference
 courses      2  no difference
 sections     2  no difference
 users        4  +1  -1  ~2  +-~~
 enrollments  6  +1  -1  ~1  +-~
 users: the column email appeared; before, it counts as blank.

Schools with most change
  Maple High (101): users -1 ~1, enrollments -1 ~1 (50.0 % of 4)
  Oak Middle (102): users +1 ~1, enrollments +1 (50.0 % of 2)

users
  ~ S1  status: active -> suspended  [Maple High (101)]
  ~ S2  email: "" -> bob@example.org  [Oak Middle (102)]
  - S3  login_id: cid, first_name: Cid, status: active  [Maple High (101)]
  + S4  login_id: dan, first_name: <img src=x onerror=y>, status: active  [Oak Middle (102)]

enrollments
  ~ C1|S2|student  status: active -> deleted  [Maple High (101)]
  - C1|S3|student  status: active  [Maple High (101)]
  + C2|S4|student  status: active  [Oak Middle (102)]
EOT
}
run_diff a b
result 'people get sums, schools and rows, without colors in a pipe' \
    text_is_right

csv_is_right() {
	[ "$code" = 0 ] && same <<'EOT'
sheet,key,change,column,old,new,school
enrollments,C1|S2|student,changed,status,active,deleted,101
enrollments,C1|S3|student,removed,,"C1,S3,student,active",,101
enrollments,C2|S4|student,added,,,"C2,S4,student,active",102
users,S1,changed,status,active,suspended,101
users,S2,changed,email,,bob@example.org,102
users,S3,removed,,"S3,cid,Cid,active",,101
users,S4,added,,,"S4,dan,<img src=x onerror=y>,active,",102
EOT
}
run_diff --csv a b
result '--csv has a line for each cell, in the form of changes.csv' \
    csv_is_right

json_is_right() {
	[ "$code" = 0 ] && python3 - "$tmp/got" <<'EOT'
import json, sys
got = json.load(open(sys.argv[1], encoding="utf-8"))
assert (got["schema"], got["version"]) == ("rollbook-diff", 1), got
assert (got["from"], got["to"], got["different"]) == ("a", "b", True)
counts = {s["sheet"]: (s["added"], s["removed"], s["changed"])
          for s in got["sheets"]}
assert counts["users"] == (1, 1, 2), counts
assert counts["courses"] == (0, 0, 0), counts
assert got["schools"][0]["name"] == "Maple High", got["schools"]
assert len(got["rows"]) == 7, got["rows"]
row = got["rows"][1]
assert row == {"sheet": "users", "key": "S2", "change": "changed",
               "school": "102", "cells": [{"column": "email", "old": "",
               "new": "bob@example.org"}]}, row
assert all(c["old"] is None for c in got["rows"][3]["cells"])
EOT
}
run_diff --json a b
result '--json is one document' json_is_right

html_is_right() {
	[ "$code" = 0 ] && python3 - "$tmp/got" <<'EOT'
import html.parser, sys
class Page(html.parser.HTMLParser):
    void = {"meta", "img", "br", "link"}
    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text = [], [], []
    def handle_starttag(self, tag, attributes):
        self.seen.append(tag)
        assert not any(a.startswith("on") or a in ("src", "href")
                       for a, _ in attributes), attributes
        if tag not in self.void:
            self.open.append(tag)
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag
    def handle_data(self, data):
        self.text.append(data)
page = Page()
source = open(sys.argv[1], encoding="utf-8").read()
page.feed(source)
page.close()
assert page.open == [], page.open
assert "script" not in page.seen and "img" not in page.seen, page.seen
assert "default-src 'none'" in source
assert "<img src=x onerror=y>" in page.text, page.text
assert page.seen.count("table") == 4, page.seen
EOT
}
run_diff --html a b
result '--html is one page that loads and runs nothing' html_is_right

code_is() {
	[ "$code" = "$1" ] || { echo "exit $code, not $1"; return 1; }
}
run_diff --exit-code a b
result '--exit-code gives 1 when there is a difference' code_is 1
run_diff --exit-code --csv a b
result 'with --csv as well' code_is 1
run_diff --exit-code -q a b
result 'and with -q, which prints nothing' test "$code" = 1 -a ! -s "$tmp/got"
run_diff --exit-code a a
result 'and 0 when there is none' code_is 0

no_difference() {
	[ "$code" = 0 ] && grep -q '^No difference in ' "$tmp/got" || {
		cat "$tmp/got" "$tmp/errors"
		return 1
	}
}
(cd "$tmp/a" && python3 -m zipfile -c ../a.zip ./*.csv)
run_diff a a.zip
result 'a zip is the same as the folder in it' no_difference

mkdir "$tmp/other"
for file in "$tmp"/b/*.csv; do
	sed '1!G;h;$!d' "$file" >"$tmp/reversed"
	{
		sed '$!d' "$tmp/reversed"
		sed '$d' "$tmp/reversed"
	} >"$tmp/other/x-${file##*/}"
done
head -n 1 "$tmp/b/enrollments.csv" >"$tmp/other/more.csv"
tail -n 2 "$tmp/other/x-enrollments.csv" >>"$tmp/other/more.csv"
sed -i 'N;$!P;$!D;$d' "$tmp/other/x-enrollments.csv"
run_diff b other
result 'names of files, their number and the order of rows do not matter' \
    no_difference

mkdir "$tmp/many" "$tmp/none"
seq 101 250 | sed 's/.*/S&,login&,active/; 1iuser_id,login_id,status' \
    >"$tmp/many/users.csv"
head -n 1 "$tmp/many/users.csv" >"$tmp/none/users.csv"
run_diff none many
result 'twenty rows of a sheet are shown, and how many more there are' \
    test "$(grep -c '^  + ' "$tmp/got")" = 20 -a \
    "$(tail -n 1 "$tmp/got")" = '  and 130 more; --all shows them'
run_diff --all none many
result '--all shows them all' test "$(grep -c '^  + ' "$tmp/got")" = 150
run_diff --all --json none many
result 'in JSON too' test "$(grep -c '"key"' "$tmp/got")" = 150
run_diff --all --html none many
result 'and in HTML' test "$(grep -c '+ added' "$tmp/got")" = 150

mkdir "$tmp/nasty"
printf 'user_id,login_id,status\nS1,\033[31mred\302\233\342\200\256,active\n' \
    >"$tmp/nasty/users.csv"
shown_harmless() {
	! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177\233]')" \
	    "$tmp/got" && grep -qF '\x1b[31mred\x9b\u{202e}' "$tmp/got"
}
run_diff none nasty
result 'what a cell holds cannot act on the terminal' shown_harmless
run_diff --html none nasty
result 'nor on the page' shown_harmless

# on_terminal COLOR-SETTING: are there colors when stdout is a terminal?
on_terminal() {
	(cd "$tmp" && env TERM=xterm "$1" python3 -c 'import pty, sys
pty.spawn(sys.argv[1:])' "$BIN/ps2canvas" diff a b) </dev/null >"$tmp/got" &&
	    grep -q '^ accounts ' "$tmp/got" &&
	    grep -q "$(printf '\033')" "$tmp/got"
}
result 'there are colors on a terminal' on_terminal NO_COLOR=
result 'but not with NO_COLOR' eval '! on_terminal NO_COLOR=1 &&
    grep -q "^ accounts " "$tmp/got"'

refused() {	# refused CODE TEXT: nothing printed, the text on stderr
	code_is "$1" && [ ! -s "$tmp/got" ] && grep -qF "$2" "$tmp/errors" || {
		cat "$tmp/got" "$tmp/errors"
		return 1
	}
}
mkdir "$tmp/broken"
printf 'user_id,login_id,status\nS1,"Mary\nAnn"x,active\n' \
    >"$tmp/broken/users.csv"
run_diff a broken
result 'a malformed file is named with line and column' \
    refused 4 'broken/users.csv:3:5: '
result 'and its cells are not shown' sh -c '! grep -q Ann "$1"' - \
    "$tmp/errors"
run_diff a nowhere
result 'what is not there is said' refused 2 'nowhere: neither a run in '

full() {
	code=0
	"$BIN/ps2canvas" diff "$tmp/a" "$tmp/b" >/dev/full 2>"$tmp/errors" ||
	    code=$?
	code_is 10
}
result 'a result that cannot be written is a failure' full

# Runs: three of them, made from the same tables with a cell changed.
cp -R fixtures/maple-valley "$tmp/in"
run_once() {	# run_once TIME
	"$BIN/ps2canvas" -q -c "$tmp/in/rollbook.ini" \
	    -o "source.url=files:$tmp/in" -o "output.dir=$tmp/out" \
	    --now "$1" run
}
run_once 2026-11-20T12:00:00Z
sed -i 's/Alder Creek/Alder Brook/' "$tmp/in/schools.csv"
run_once 2026-11-21T12:00:00Z
sed -i 's/Alder Brook/Alder Ford/' "$tmp/in/schools.csv"
run_once 2026-11-22T12:00:00Z
cd "$tmp/out/runs"
first=$(echo *-0001)
second=$(echo *-0002)
third=$(echo *-0003)
cd "$root"
cat >"$tmp/rollbook.ini" <<EOT
[district]
timezone = UTC
[source]
url = files:in
[output]
dir = $tmp/out
EOT
# Which run is accepted and current is this test's business.
point() {	# point NAME RUN
	rm -f "$tmp/out/$1"
	[ -z "$2" ] || ln -s "runs/$2" "$tmp/out/$1"
}
compares() {	# compares FROM TO: whose difference the last run_diff showed
	[ "$(head -n 1 "$tmp/got")" = "From $1 to $2" ] &&
	    grep -q '^ accounts .* ~1 ' "$tmp/got" || {
		cat "$tmp/got" "$tmp/errors"
		return 1
	}
}
point accepted "$first"
point current "$third"
run_diff
result 'without arguments the accepted run is compared with the current one' \
    compares "$first (accepted)" "$third (current)"
run_diff "$second"
result 'a run is compared with the accepted one' \
    compares "$first (accepted)" "$second"
run_diff "$second" "$third"
result 'two runs are compared by their ids' compares "$second" "$third"
point accepted "$third"
run_diff
result 'the accepted run is compared with the run before it' \
    compares "$second" "$third (current)"
run_diff accepted
result 'also when it is called accepted' \
    compares "$second" "$third (accepted)"
mv "$tmp/out/runs/$second/decisions.json" "$tmp"	# as if never accepted
run_diff accepted
result 'or with the one that was accepted before, when that is another' \
    compares "$first" "$third (accepted)"
mv "$tmp/decisions.json" "$tmp/out/runs/$second"
point accepted ''
run_diff "$second"
result 'and any run is when none was accepted' compares "$first" "$second"
run_diff "$first"
result 'the first run has nothing to be compared with' \
    refused 2 'no accepted run and no run before this one'
run_diff "$tmp/out/runs/$first" "$first"
result 'a run is found by its path as well' no_difference
run_diff "$first" "$tmp/out/runs/$first/"canvas-sis-full-*.zip
result 'the zip of a run is the same as the run' no_difference
run_diff 1 "$first"
result 'a run is found by its number' no_difference
run_diff "${first%-*}" "$first"
result 'a run is found by the beginning of its id' no_difference
run_diff "20261120T120000Z-0009"
result 'a mistyped run is guessed' refused 2 'neither a run in '
result 'with what was probably meant' grep -qF "$first" "$tmp/errors"

echo "1..$n"
exit "$failed"
