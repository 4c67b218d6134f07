#!/bin/sh
# The guard from outside: what it holds, what passes, what comes after;
# prints TAP.
#
# Conditions stand in single quotes, for check evaluates them.
# shellcheck disable=SC2016,SC2034,SC2154
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. tests/e2e/tap.inc

out=$tmp/out
cat >"$tmp/rollbook.ini" <<EOF
[district]
timezone = America/Los_Angeles
[source]
url = files:$tmp/in
[output]
dir = $out
EOF

# Edits exports: edit.py DIR gone SCHOOL | thin TABLE PART | header TABLE |
# sections OFFSET.
cat >"$tmp/edit.py" <<'EOF'
import csv, sys
folder, what, *args = sys.argv[1:]

def read(table):
    with open(f"{folder}/{table}.csv", encoding="utf-8", newline="") as f:
        header, *rows = csv.reader(f)
    return header, rows

def edit(table, change):
    """Each row as a dict; change() gives false for a row that goes."""
    header, rows = read(table)
    rows = [dict(zip(header, row)) for row in rows]
    rows = [row for row in rows if change(row)]
    with open(f"{folder}/{table}.csv", "w", encoding="utf-8",
              newline="") as f:
        writer = csv.writer(f, lineterminator="\n")
        writer.writerows([header, *(row.values() for row in rows)])

if what == "gone":
    school = args[0]
    header, rows = read("sections")
    sections = {row[header.index("id")] for row in rows
                if row[header.index("schoolid")] == school}
    edit("schools", lambda row: row["school_number"] != school)
    for table in "terms", "sections", "schoolstaff", "students":
        edit(table, lambda row: row["schoolid"] != school)
    for table in "cc", "sectionteacher":
        edit(table, lambda row: row["sectionid"].lstrip("-") not in sections)
elif what == "thin":
    table, part = args
    edit(table, lambda row: int(row["id"]) % 100 >= int(part))
elif what == "header":
    edit(args[0], lambda row: False)
elif what == "sections":
    def moved(name):
        def change(row):
            minus = row[name].startswith("-")
            number = int(row[name].lstrip("-")) + int(args[0])
            row[name] = ("-" if minus else "") + str(number)
            return True
        return change
    for table, names in (("sections", ("id", "dcid")),
                         ("sectionteacher", ("sectionid",)),
                         ("cc", ("sectionid",))):
        for name in names:
            edit(table, moved(name))
EOF

# exports NAME [EDIT ...]: the exports of the next night, from $tmp/NAME.
exports() {
	rm -rf "$tmp/in"
	cp -R "$tmp/$1" "$tmp/in"
	shift
	[ $# = 0 ] || python3 "$tmp/edit.py" "$tmp/in" "$@"
}

# night DATE OPTION...: a run at noon; $run is its folder, $id its name.
night() {
	at=$1T12:00:00Z
	shift
	ps --now "$at" "$@" run
	run=$(readlink -f "$out/current")
	id=${run##*/}
}

accepted() {	# the newest run is the accepted one
	[ "$(readlink -f "$out/accepted")" = "$run" ]
}

held() {	# held by the guard, and Canvas keeps what it had
	[ $code = 7 ] && [ "$(readlink -f "$out/accepted")" = "$before" ] &&
	    [ "$run" != "$before" ]
}

passed() {
	[ $code = 0 ] && accepted
}

# start: a folder of runs with two ordinary nights, the last on 24 November.
start() {
	rm -rf "$out"
	cp -a "$tmp/made" "$out"
	before=$(readlink -f "$out/accepted")
}

# canvas PACKAGE...: imports them in this order; 1 if Canvas has a message.
canvas() {
	python3 -B tests/oracle/canvas_model.py "$@" >"$tmp/canvas" 2>&1
}

# rows ZIP STATUS: how many rows of which sheet have that status.
rows() {
	python3 - "$@" <<'EOF'
import collections, csv, io, sys, zipfile
count = collections.Counter()
with zipfile.ZipFile(sys.argv[1]) as package:
    for name in package.namelist():
        for row in csv.DictReader(io.StringIO(package.read(name).decode())):
            count[name[:-4]] += row["status"] == sys.argv[2]
print(*(f"{name}={n}" for name, n in count.items() if n))
EOF
}

delta() {	# the delta zip of the newest run
	echo "$run"/canvas-sis-delta-*.zip
}

full() {
	echo "$run"/canvas-sis-full-*.zip
}

# clean NAME: validate has no error and no warning about the newest run.
clean() {
	: >"$tmp/unclean"
	for package in "$run/csv" "$run"/canvas-sis-*.zip; do
		ps validate "$package"
		if [ "$code" != 0 ] || ! says ' 0 errors, 0 warnings'; then
			cat "$tmp/stdout" "$tmp/stderr" >>"$tmp/unclean"
		fi
	done
	silent "validate has nothing to say of $1" "$tmp/unclean"
}

for day in 0 1 2 3; do
	district "$tmp/day-$day" --students 300 --churn 1 --day $day
done

# --- the first run, and ordinary nights

exports day-0
before=$(readlink -f "$out/accepted" || true)
night 2026-11-22
check 'the first run is held' '[ $code = 7 ] && warns "guard holds" &&
    says GUARD-FIRST-RUN && [ ! -e "$out/accepted" ]'
ps --now 2026-11-22T13:00:00Z approve "$id"
check 'it takes a reason to approve' '[ $code = 2 ] && warns reason &&
    [ ! -e "$out/accepted" ]'
ps --now 2026-11-22T13:00:00Z discard "$id" --reason 'wrong year'
check 'a held run can be discarded' '[ $code = 0 ] && [ ! -e "$out/accepted" ]'
night 2026-11-23
check 'the run after it is the first again' \
    '[ $code = 7 ] && says GUARD-FIRST-RUN'
ps --now 2026-11-23T13:00:00Z approve "$id" --reason 'looked through it'
check 'an approval with a reason releases it' 'passed'
ps show "$id"
check 'the reason is kept' 'says "looked through it"'
clean 'a first run'

exports day-1
night 2026-11-24
check 'ordinary churn passes' 'passed && [ -f "$(delta)" ]'
clean 'an ordinary night'
cp -a "$out" "$tmp/made"

# --- a school is left out

start
exports day-2 gone 104
night 2026-11-25
check 'a school that is left out of all exports is held' \
    'held && says GUARD-GONE && says "school 104"'
check 'the message says what usually is behind it' \
    'says "left out of the export"'
bad_night=$id
night 2026-11-26
check 'a second bad night is held too: it is compared with the accepted run' \
    'held && says GUARD-GONE'
night 2026-11-27 -n
check 'and so it is said with -n' '[ $code = 7 ] && says GUARD-GONE'
ps --now 2026-11-26T13:00:00Z approve "$bad_night" --reason late
check 'a run that a newer one took the place of cannot be approved' \
    '[ $code = 2 ] && warns newer && [ "$(readlink -f "$out/accepted")" = \
    "$before" ]'
exports day-2
night 2026-11-27
check 'without the fault the next night passes' 'passed'
ps runs
check 'and the held nights are superseded' \
    '[ "$(grep -c superseded "$tmp/stdout")" = 2 ]'
check 'the school lost nothing' \
    '[ "$(rows "$(delta)" deleted | tr -d a-z=)" -lt 50 ]'

# --- a school is closed, and somebody says so

start
first=$(echo "$out"/runs/*-0002/canvas-sis-full-*.zip)
second=$(echo "$out"/runs/*-0003/canvas-sis-delta-*.zip)
exports day-2 gone 104
night 2026-11-25
ps --now 2026-11-25T13:00:00Z approve "$id" --reason 'Heron Lake closed'
check 'a vanished school that is approved is accepted' 'passed'
third=$(delta)
rows "$third" deleted >"$tmp/rows"
check 'that night its courses and sections are deleted' \
    'grep -q courses= "$tmp/rows" && grep -q sections= "$tmp/rows" &&
    ! grep -q accounts= "$tmp/rows" && ! grep -q terms= "$tmp/rows"'
clean 'a night that deletes a school'
night 2026-11-26
fourth=$(delta)
rows "$fourth" deleted >"$tmp/rows"
check 'the night after, its terms and its account are' \
    'passed && grep -q accounts=1 "$tmp/rows" && grep -q terms= "$tmp/rows" &&
    ! grep -q courses= "$tmp/rows"'
clean 'the night after'
code=0
canvas "$first" "$second" "$third" "$fourth" || code=$?
cp "$tmp/canvas" "$tmp/stdout"
check 'Canvas takes all these packages without a message' '[ $code = 0 ]'
night 2026-11-27
check 'and then there is nothing to send' \
    'passed && ! ls "$run" | grep -q canvas-sis-delta'

# --- exports, templates and modes that are not what they were

start
exports day-2 header students
night 2026-11-25
check 'a file with only a header is refused' \
    '[ $code = 4 ] && warns students.csv && [ "$run" = "$before" ]'
exports day-2
night 2026-11-25 -o 'ids.student=S{student.id}'
check 'another template of student ids is held' \
    'held && { says GUARD-ID-FORMAT || says GUARD-REMOVED; }'
check 'and the message names the template as the usual cause' \
    'says "template"'
night 2026-11-25 -o 'ids.student={student.student_number}'
check 'ids of another form are held for their form' \
    'held && says GUARD-ID-FORMAT && says change_sis_id.csv'
night 2026-11-25 -o courses.mode=course
check 'another course mode is held, and the message names it' \
    'held && says "course mode"'
night 2026-11-25 -o 'names.course_short=x{course.course_number}' \
    -o 'names.course_long=y{course.course_name}'
check 'other names in all courses are held' 'held && says GUARD-CHANGED'
night 2026-11-25 -o 'users.student_email={student.no_such_column}' || true
check 'a template with a wrong column ends with 3' \
    '[ $code = 3 ] && warns no_such_column'
sed -i '1s/student_email/student_mail/' "$tmp/in/students.csv"
night 2026-11-25
check 'a misspelt e-mail column is held: blanks are counted' \
    'held && { says GUARD-BLANK || says GUARD-CHANGED; }'
exports day-2 thin cc 30
night 2026-11-25
check 'a third of the enrollments gone is held' 'held && says GUARD-REMOVED'
exports day-2
night 2026-11-25
check 'after all that the ordinary export passes' 'passed'

# --- a slow loss

start
exports day-1 thin cc 7
night 2026-11-25 -o guard.baseline_days=2
check 'a loss below the limit passes' 'passed'
clean 'a night with a loss'
before=$run
exports day-1 thin cc 14
night 2026-11-26 -o guard.baseline_days=2
check 'the second night of it is held against the day before yesterday' \
    'held && says GUARD-BASELINE && ! says GUARD-REMOVED'
night 2026-11-26 -o guard.baseline_days=60
check 'without such a run before it would have passed' 'passed'

# --- blackout, warn, additions-only

start
exports day-2
night 2026-11-25 -o guard.blackout=2026-11-25..2026-11-26
check 'every run of a blackout is held, from its first day' \
    'held && says GUARD-BLACKOUT'
night 2026-11-26 -o guard.blackout=2026-11-25..2026-11-26
check 'to its last' 'held && says GUARD-BLACKOUT'
night 2026-11-27 -o guard.blackout=2026-11-25..2026-11-26
check 'and not the day after' 'passed'
start
night 2026-11-25 -o guard.blackout=2026-12-24..2026-12-26
check 'nor the days before' 'passed'

start
exports day-2 gone 104
night 2026-11-25 -o guard.mode=warn
check 'in mode warn the same night passes, and says why it should not' \
    'passed && says GUARD-GONE'

start
exports day-3 gone 101
night 2026-11-25 -o guard.mode=additions-only
check 'additions-only passes a night with a vanished school' 'passed'
python3 - "$before/csv" "$run/csv" "$run/changes.csv" >"$tmp/lost" <<'EOF'
import csv, os, sys
old, new, changes = sys.argv[1:]
for name in os.listdir(old):
    with open(f"{old}/{name}", "rb") as a, open(f"{new}/{name}", "rb") as b:
        for line in set(a.read().splitlines()) - set(b.read().splitlines()):
            print(name, line)
with open(changes, encoding="utf-8", newline="") as f:
    kinds = {row["change"] for row in csv.DictReader(f)}
if kinds != {"added"}:
    print("changes:", kinds)
EOF
silent 'it adds, and never removes or changes a line' "$tmp/lost"
check 'its package deletes nothing' '[ -z "$(rows "$(delta)" deleted)" ]'
clean 'a night of additions-only'

# --- the year's rollover

start
district "$tmp/next" --students 300 --year 2027
exports next sections 500000
night 2027-09-10
check 'the rollover of the year is held' 'held && says "rollover"'
ps --now 2027-09-10T13:00:00Z approve "$id" --reason 'new school year'
check 'and passes when it is approved' 'passed'
check 'last year is let go: not a single row is deleted' \
    '[ -z "$(rows "$(delta)" deleted)" ] &&
    [ -z "$(rows "$(full)" deleted)" ]'
check 'the new year is sent' '[ -n "$(rows "$(delta)" active)" ]'
clean 'the night of the rollover'
night 2027-09-10
check 'in a second run there is nothing to send' \
    'passed && ! ls "$run" | grep -q canvas-sis-delta'

# --- how long an approval lasts

start
exports day-2 gone 104
night 2026-11-25 -o output.accept=manual
ps --now 2026-11-25T13:00:00Z -o output.accept=manual approve "$id" \
    --reason closed
check 'with accept = manual an approval accepts nothing' \
    '[ $code = 0 ] && [ "$(readlink -f "$out/accepted")" = "$before" ]'
ps --now 2026-11-26T12:59:00Z show "$id"
check 'it is in force for 24 hours' 'says approved'
ps --now 2026-11-26T13:00:01Z show "$id"
check 'and void a second later' '! says ": approved" && says ": held"'
approved=$id
night 2026-11-25 -o output.accept=manual
ps --now 2026-11-25T13:30:00Z -o output.accept=manual show "$approved"
check 'and void as soon as there is a newer run' '! says ": approved"'

finish
