#!/bin/sh
# Tables that come by /ws/v1, where the plugin sees nothing else: what it
# carries is the same as from files, what it does not is said, and what does
# not fit together is refused; prints TAP.
#
# Conditions stand in single quotes, for check evaluates them.
# shellcheck disable=SC2016,SC2034,SC2154
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. tests/e2e/tap.inc
# shellcheck source=/dev/null
. tests/e2e/sim.inc
# shellcheck source=/dev/null
. tests/e2e/api.inc

today=2026-11-23

# no_ids: templates that need no ids, which /ws/v1 does not give.
no_ids() {
	sed -i 's/^\[ids\]/&\nterm = {school.school_number}-{term.dcid}/' \
	    "$tmp/rollbook.ini"
}

# v1 LINE...: the server as the source, with these lines in [source].
v1() {
	printf '%s\n' "$@" >"$tmp/lines"
	settings "$tmp/lines"
	no_ids
}

# from_files DIR: a run over exports, with the same templates; $sum is its zip.
from_files() {
	sed -e "s,^url = .*,url = files:$1," \
	    fixtures/maple-valley/rollbook.ini >"$tmp/rollbook.ini"
	printf '[output]\ndir = %s\n[guard]\nfirst_run = accept\n' \
	    "$tmp/files" >>"$tmp/rollbook.ini"
	[ "${2-}" = with_ids ] || no_ids
	rm -rf "$tmp/files"
	ps --now "$now" run
	sum=$(sha256sum <"$(ls "$tmp"/files/current/canvas-sis-full-*.zip)")
}

lines() {
	(cd "$1/current/csv" && grep -H . ./*.csv | sort)
}

# differs LINE...: these lines, < from files and > by v1, and no others.
differs() {
	lines "$tmp/files" >"$tmp/a"
	lines "$tmp/out" >"$tmp/b"
	diff "$tmp/a" "$tmp/b" | grep '^[<>]' | sed 's,\./,,' >"$tmp/got" || true
	printf '%s\n' "$@" >"$tmp/want"
	cmp -s "$tmp/want" "$tmp/got" ||
	    { diff "$tmp/want" "$tmp/got" | sed 's/^/# /'; return 1; }
}

gap() {
	grep -q "^SRC-GAP,warning,,,$1," "$tmp/out/current/findings.csv"
}

by() {	# by WAY TABLE: the manifest says so
	python3 - "$tmp/out/current/manifest.json" "$1" "$2.csv" <<'PY'
import json, sys
def files(node):
    if isinstance(node, dict):
        if "way" in node:
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from files(child)
found = [f for f in files(json.load(open(sys.argv[1])))
         if sys.argv[3] in f.values()]
sys.exit(0 if [f["way"] for f in found] == [sys.argv[2]] else 1)
PY
}

from_files fixtures/maple-valley
check 'the exports of Maple Valley are read' '[ $code = 0 ]'

sim_start fixtures/maple-valley --way v1 --today "$today"
v1 'ways = v1'
api -v run
check 'by v1: exit code 0' '[ $code = 0 ]'
check 'by v1: lacks co-teachers, aides, who only was one, and nothing else' \
    'differs \
    "< courses.csv:sec-8631,3777.1,3777 (1),301,301-4013,active" \
    "< enrollments.csv:sec-8611,T513,ta,active" \
    "< enrollments.csv:sec-8613,T506,teacher,active" \
    "< enrollments.csv:sec-8617,T512,ta,active" \
    "< enrollments.csv:sec-8625,T512,ta,active" \
    "< enrollments.csv:sec-8626,T512,ta,active" \
    "< enrollments.csv:sec-8631,S0004147,student,active" \
    "< enrollments.csv:sec-8631,S0004148,student,active" \
    "< enrollments.csv:sec-8631,T511,teacher,active" \
    "< sections.csv:sec-8631,sec-8631,3777 (1),active" \
    "< users.csv:S0004133,cpark,Chloe,Park,cpark@students.maplevalley.example.org,active" \
    "> users.csv:S0004133,cpark,Chloe,Park,chloe.park@mail.example.net,active" \
    "< users.csv:T510,habernathy,Helen,Abernathy,helen.abernathy@maplevalley.example.org,suspended"'
check 'a section whose course is in no table is held, and said' \
    'grep -q "^NAME-BLANK,error,sections.csv,[0-9]*,8631," "$tmp/out/current/findings.csv"'
check 'what it does not carry is a finding of the district' \
    'gap sectionteacher && gap roledef && gap studentemail.isprimary && gap users.homeschoolid'
check 'and a line of the log' \
    'warns "lead teachers alone" && warns "does not give homeschoolid"'
check 'and stands in the report' \
    'grep -q "sectionteacher" "$tmp/out/current/report.html"'
check 'the manifest says that tables came by v1' \
    'by v1 cc && by v1 students && by v1 terms'
check 'nothing but /ws/v1 is asked for, and JSON alone' \
    'record "all(\"/ws/v1/\" in x[\"path\"] and \"json\" in x[\"accept\"] for x in r[1:])"'
check 'one request for each section, and counts of the fullest' \
    'record "len(paths(\"section_enrollment?\")) == 25 and 0 < len(paths(\"section_enrollment/count\")) < 5"'
check 'students of every status are asked for, and sections of the year' \
    'record "all(\"enroll_status_code%3Dgt%3D-2147483648\" in x[\"path\"] for x in paths(\"/student?\")) and all(\"term.start_year%3D%3D2026\" in x[\"path\"] for x in paths(\"/section?\"))"'
check 'no name of a person stands in the log or the manifest' \
    '! grep -qiE "Lindqvist|Solberg|alindqvist" "$tmp/stderr" "$tmp/out/current/manifest.json"'

# A district that has only what /ws/v1 carries: leads alone, one of whom has
# left; then both ways give the same zip.
mkdir "$tmp/plain"
cp fixtures/maple-valley/*.csv fixtures/maple-valley/*.txt "$tmp/plain"
rm "$tmp/plain/roledef.csv"
echo '21,3777,Applied Art,301,Arts,0' >>"$tmp/plain/courses.csv"
sed -i '/mail.example.net/d' "$tmp/plain/student_email.csv"
sed -i 's/^21012,1012,511,301,1/21012,1012,511,301,2/' \
    "$tmp/plain/schoolstaff.csv"
awk -F, 'BEGIN { print "SECTIONID,TEACHERID" }
    FNR > 1 && $7 > 0 { print $2 "," $7 }' \
    "$tmp/plain/sections.csv" >"$tmp/plain/sectionteacher.csv"
from_files "$tmp/plain"
plain=$sum
check 'leads alone: the exports are read' \
    '[ $code = 0 ] && grep -q "^T511,.*,suspended" "$tmp/files/current/csv/users.csv"'
sim_start "$tmp/plain" --way v1 --today "$today"
v1 'ways = v1'
api -v run
check 'leads alone: by v1 the zip is the one of the exports' \
    '[ $code = 0 ] && zip_is "$plain"'
check 'a lead who has left is asked for by id' \
    'record "len([x for x in r if x[\"path\"].startswith(\"/ws/v1/staff/21012?\")]) == 1"'
check 'a teacher of two schools is one person' \
    '[ "$(grep -c "^T504," "$tmp/out/current/csv/users.csv")" = 1 ]'

api run --save "$tmp/saved"
check '--save: exit code 0, and the same zip' '[ $code = 0 ] && zip_is "$plain"'
cp "$tmp/out/current/findings.csv" "$tmp/from-server"
from_files "$tmp/saved"
check '--save: a run from the folder gives the same zip' '[ "$sum" = "$plain" ]'
check '--save: and the same findings, file and line included, but for the gaps' \
    '[ "$(grep -v ^SRC-GAP "$tmp/from-server")" = "$(cat "$tmp/files/current/findings.csv")" ]'

for lines in 'page_size = 3' 'page_size = 10' 'at_once = 1' 'at_once = 4'; do
	v1 'ways = v1' "$lines"
	api run
	check "$lines: the same zip" '[ $code = 0 ] && zip_is "$plain"'
done

sim_start "$tmp/plain" --way v1 --today "$today" --arrays
v1 'ways = v1'
api run
check 'lists of one that stay lists: the same zip' \
    '[ $code = 0 ] && zip_is "$plain"'
sim_start "$tmp/plain" --way v1 --today "$today" --page-max 7
v1 'ways = v1'
api run
check 'a server that gives 7 rows at a time, and says so: the same zip' \
    '[ $code = 0 ] && zip_is "$plain"'

# what can be mended: NAME SCRIPT-LINE
mended() {
	printf '%s\n' "$2" >"$tmp/script"
	sim_start "$tmp/plain" --way v1 --today "$today" --script "$tmp/script"
	v1 'ways = v1'
	api -v run
	check "$1: the same zip" '[ $code = 0 ] && zip_is "$plain"'
}
mended 'a smaller page than metadata says, in every section' \
    'GET /ws/v1/section/ every page-max 4'
check 'and that is noticed by counting the fullest sections' \
    'warns "section_enrollments: 4 received,"'
mended 'a smaller page than metadata says, everywhere' \
    'GET /ws/v1/ every page-max 6'
mended 'a list that ends early' 'GET /ws/v1/school/4/student?expansions* 1 short 3'
check 'and that is read again' 'warns "students:" && warns "read again"'
mended 'a student who is counted, and missing' \
    'GET /ws/v1/school/4/student?expansions* 1 omit 2'
mended 'a count that is one off' 'GET /ws/v1/school/4/term/count* 1 count 1'
mended 'an answer that stops in the middle' \
    'GET /ws/v1/section/8611/ 1 cut close 90'
mended 'a token that runs out' 'GET /ws/v1/section/8612/ 1 expired'
mended 'a server that is busy' 'GET /ws/v1/school/3/staff 1 status 503'
ms=$(date -ud 2026-08-26 +%s)000
mended 'dates as milliseconds' \
    "GET /ws/v1/section/8611/ every replace '\"entry_date\":\"2026-08-26\"' '\"entry_date\":$ms'"

# what cannot: NAME CODE TEXT SCRIPT-LINE
fails() {
	printf '%s\n' "$4" >"$tmp/script"
	sim_start "$tmp/plain" --way v1 --today "$today" --script "$tmp/script"
	v1 'ways = v1'
	api run
	check "$1: exit code $2, and nothing is published" \
	    "[ \$code = $2 ] && warns '$3' && ! published"
}
fails 'a list that moves all the time' 5 'the roster moved' \
    'GET /ws/v1/school/4/student/count* every count 1'
fails 'an answer that always stops in the middle' 5 'stops in the middle' \
    'GET /ws/v1/section/8611/ every cut close 90'
fails 'a page for maintenance' 5 'web page' 'GET /ws/v1/section/8611/ every html'
fails 'an answer of something else' 4 'is not in it' \
    'GET /ws/v1/section/8611/ every body "{\"students\":{}}" type application/json'
fails 'an object without id' 4 'has no id' \
    'GET /ws/v1/section/8611/ every body "{\"section_enrollments\":{\"section_enrollment\":{\"student_id\":7}}}" type application/json'
fails 'a list that is refused' 4 'does not give' \
    'GET /ws/v1/school/4/staff every status 400'

sim_start "$tmp/plain" --way query,table --today "$today"
v1 'ways = v1'
api run
check 'no access to /ws/v1: exit code 4, and what plugin.xml lacks' \
    '[ $code = 4 ] && warns accessLevelV1Api && ! published'

# A larger district: co-teachers and aides are what differs, and those of the
# staff who were nothing else.
district --students 500 "$tmp/district"
for dir in "$tmp/files" "$tmp/out"; do
	{
		printf '[district]\ntimezone = America/Los_Angeles\n[ids]\n'
		printf 'term = {school.school_number}-{term.dcid}\n'
		printf '[guard]\nfirst_run = accept\n[output]\ndir = %s\n' "$dir"
		if [ "$dir" = "$tmp/files" ]; then
			printf '[source]\nurl = files:%s\n' "$tmp/district"
		else
			sim_start "$tmp/district" --way v1 --today "$today"
			sim_source
			printf 'ways = v1\nat_once = 4\n'
		fi
	} >"$tmp/rollbook.ini"
	rm -rf "$dir"
	ps --now "$now" run
	[ "$code" = 0 ] || break
done
check '500 students: what students get is the same, and so is all but staff' \
    '[ $code = 0 ] && lines "$tmp/files" >"$tmp/a" && lines "$tmp/out" >"$tmp/b" &&
     [ -z "$(comm -13 "$tmp/a" "$tmp/b")" ] &&
     [ -z "$(comm -23 "$tmp/a" "$tmp/b" | grep -vE "^./enrollments.csv:[^,]*,T[0-9]*,(ta|teacher),active$|^./users.csv:T.*,suspended$")" ] &&
     [ "$(comm -23 "$tmp/a" "$tmp/b" | grep -c enrollments)" = 40 ]'
check 'and each section has the teacher who leads it' \
    '[ "$(grep -c ",teacher," "$tmp/out/current/csv/enrollments.csv")" -gt 150 ]'
check 'several requests at once, and never more than at_once' \
    'record "2 <= max(x[\"in_flight\"] for x in r) <= 4"'

# Templates that need ids.
sim_start fixtures/maple-valley --way v1 --today "$today"
echo 'ways = v1' >"$tmp/lines"
settings "$tmp/lines"
api run
check 'a template with {term.id}: exit code 3, what to write, nothing is sent' \
    '[ $code = 3 ] && warns "[ids] term" && warns "Write {term.dcid}" && warns "<field table=\"TERMS\" field=\"ID\"" && [ ! -s "$sim_record" ] && ! published'
v1 'ways = v1'
sed -i 's/^\[ids\]/&\nsection = sec-{section.id}/' "$tmp/rollbook.ini"
api run
check 'a template with {section.id}: exit code 3' \
    '[ $code = 3 ] && warns "ids] section" && warns "Write {section.dcid}"'
v1 'ways = v1'
printf '[names]\nsection = {course.course_name} {section.room}\n' \
    >>"$tmp/rollbook.ini"
api run
check 'a template with another column that v1 lacks: exit code 3' \
    '[ $code = 3 ] && warns "{section.room}" && warns "field=\"ROOM\""'
api check
check 'check says the same' '[ $code -ge 3 ] && says "{section.room}"'

# Some tables by v1, for want of grants.
from_files fixtures/maple-valley with_ids
sim_start fixtures/maple-valley --way table,v1 --today "$today" \
    --deny CC.DATELEFT
echo 'ways = query, table, v1' >"$tmp/lines"
settings "$tmp/lines"
api -v run
check 'cc by v1, the rest by table: default templates will do' \
    '[ $code = 0 ] && by v1 cc && by table sections && by table terms'
check 'cc by v1, the rest by table: the same but for an e-mail' \
    'differs \
    "< users.csv:S0004133,cpark,Chloe,Park,cpark@students.maplevalley.example.org,active" \
    "> users.csv:S0004133,cpark,Chloe,Park,chloe.park@mail.example.net,active"'
sim_start fixtures/maple-valley --way table,v1 --today "$today" \
    --deny STUDENTS.FIRST_NAME --deny COURSES.COURSE_NAME \
    --deny USERS.LAST_NAME --deny SCHOOLS.NAME
settings "$tmp/lines"
api -v run
check 'students by v1: cc names them by id, so it comes by v1 too' \
    '[ $code = 0 ] && by v1 students && by v1 cc && warns "cc: names students by id"'
check 'students, courses, users and schools by v1: the same but for an e-mail, and a co-teacher who has left' \
    'differs \
    "< users.csv:S0004133,cpark,Chloe,Park,cpark@students.maplevalley.example.org,active" \
    "> users.csv:S0004133,cpark,Chloe,Park,chloe.park@mail.example.net,active" \
    "< users.csv:T510,habernathy,Helen,Abernathy,helen.abernathy@maplevalley.example.org,suspended"'
sim_start fixtures/maple-valley --way table,v1 --today "$today" \
    --deny SECTIONS.COURSE_NUMBER
settings "$tmp/lines"
api -v run
check 'sections by v1, which co-teachers name by id: exit code 4, which grant' \
    '[ $code = 4 ] && warns "cannot be joined" && warns "<field table=\"SECTIONS\" field=\"ID\"" && ! published'
api check
check 'check says the same' '[ $code = 4 ] && says "FAIL  joins"'
sim_start fixtures/maple-valley --way table,v1 --today "$today" \
    --deny TERMS.LASTDAY
settings "$tmp/lines"
api run
check 'terms by v1 and {term.id} in a template: exit code 3' \
    '[ $code = 3 ] && warns "Write {term.dcid}" && ! published'
sim_start fixtures/maple-valley --way table,v1 --today "$today" \
    --deny SECTIONTEACHER.TEACHERID
settings "$tmp/lines"
api run --save "$tmp/leads"
check 'sectionteacher by v1: leads alone, and roles are of no use' \
    '[ $code = 0 ] && gap sectionteacher && gap roledef && by table sections && [ ! -e "$tmp/leads/roledef.csv" ]'
leads=$(sha256sum <"$(ls "$tmp"/out/current/canvas-sis-full-*.zip)")
from_files "$tmp/leads" with_ids
check 'and what was saved gives the same zip' '[ "$sum" = "$leads" ]'

# One of everything, and nobody in it.
mkdir "$tmp/one"
cat >"$tmp/one/schools.csv" <<CSV
dcid,id,school_number,name,low_grade,high_grade
5,5,0110,Fir Elementary,-1,5
CSV
cat >"$tmp/one/terms.csv" <<CSV
dcid,id,schoolid,yearid,name,abbreviation,firstday,lastday,portion
901,3600,0110,36,2026-2027,26-27,2026-08-26,2027-06-10,1
CSV
cat >"$tmp/one/courses.csv" <<CSV
dcid,course_number,course_name
31,0001,Reading
CSV
cat >"$tmp/one/sections.csv" <<CSV
dcid,id,course_number,section_number,schoolid,termid,teacher
71,70,0001,1,0110,3600,40
CSV
printf 'sectionid,teacherid\n70,40\n' >"$tmp/one/sectionteacher.csv"
cat >"$tmp/one/users.csv" <<CSV
dcid,first_name,last_name,email_addr,teacherloginid
8,Jo,Roe,jroe@example.org,jroe
CSV
cat >"$tmp/one/schoolstaff.csv" <<CSV
dcid,id,users_dcid,schoolid,status
41,40,8,0110,1
CSV
cat >"$tmp/one/students.csv" <<CSV
dcid,id,student_number,first_name,last_name,schoolid,enroll_status,student_web_id
51,50,0042,Kit,Tavi,0110,0,78654
CSV
cat >"$tmp/one/cc.csv" <<CSV
dcid,id,studentid,sectionid,termid,dateenrolled,dateleft
61,60,50,70,3600,2026-08-26,2027-06-11
CSV
from_files "$tmp/one"
check 'one of everything: the exports are read' \
    '[ $code = 0 ] && [ "$(wc -l <"$tmp/files/current/csv/enrollments.csv")" = 3 ]'
one=$sum
for arrays in '' --arrays; do
	# No argument, or one.
	# shellcheck disable=SC2086
	sim_start "$tmp/one" --way v1 --today "$today" $arrays
	v1 'ways = v1'
	api run
	check "one of everything, $arrays: the same zip" \
	    '[ $code = 0 ] && zip_is "$one"'
done
check 'digits stay as they are' \
    'grep -q "^S0042,78654," "$tmp/out/current/csv/users.csv" && grep -q "^0110," "$tmp/out/current/csv/accounts.csv"'
sed -i '2,$d' "$tmp/one/cc.csv"
sim_start "$tmp/one" --way v1 --today "$today"
v1 'ways = v1'
api run
check 'nobody in any section: exit code 4, as by the other ways' \
    '[ $code = 4 ] && warns "cc.csv: PowerSchool gives no row" && ! published'

# check.
sim_start "$tmp/plain" --way v1 --today "$today"
v1 'ways = v1'
api check
check 'check: tables come by v1' \
    '[ $code -le 1 ] && says "comes by v1" && ! grep -q ^FAIL "$tmp/stdout"'
sim_start "$tmp/plain" --way query --today "$today"
v1 'ways = v1'
api check
check 'check: no access to /ws/v1 fails' '[ $code = 4 ] && says accessLevelV1Api'

finish
