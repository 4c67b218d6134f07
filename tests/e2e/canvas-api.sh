#!/bin/sh
# Canvas courses over the API, against a Canvas server that can be told to
# fail: what is read, what was asked, and how each fault ends. Prints TAP.
#
# shellcheck disable=SC2016,SC2034,SC2154
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. tests/e2e/tap.inc
# shellcheck source=/dev/null
. tests/e2e/sim.inc

dump=${BUILD:-out/build}/unit/canvas_dump
[ -x "$dump" ] || {
	echo "Bail out! $dump is not there: type make check"
	exit 1
}
courses=fixtures/canvas-courses
# A proxy of whoever runs the tests is none of theirs.
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY

# read_it ARGUMENT...: reads courses with the right token; $code and $tmp/std*.
read_it() {
	code=0
	# shellcheck disable=SC2086
	$RUNNER "$dump" --ca "$SIM_CA" --token-file "${TOKEN:-$SIM_DIR/token}" \
	    "$@" >"$tmp/stdout" 2>"$tmp/stderr" || code=$?
}

# rows FILE: what was read, without the counts.
rows() {
	grep -v ^counts "$1" || true
}

# asked PYTHON: whether it is true of the requests r that the server got.
asked() {
	python3 - "$sim_record" "$1" <<'EOT'
import json, sys
from urllib.parse import urlsplit, parse_qs
r = [json.loads(line) for line in open(sys.argv[1])]
q = [parse_qs(urlsplit(x["path"]).query) for x in r]
p = [urlsplit(x["path"]).path for x in r]
sys.exit(0 if eval("(" + sys.argv[2] + ")") else 1)
EOT
}

python3 tests/oracle/canvas_courses.py $courses >"$tmp/all"
python3 tests/oracle/canvas_courses.py $courses algebra-2 >"$tmp/algebra"

# --- what is read

sim_canvas --folder $courses
read_it --all "$SIM_URL"
check 'all published courses are read, every row as Canvas has it' \
    '[ $code = 0 ] && rows "$tmp/stdout" | cmp -s - "$tmp/all"'
check 'who is not active in a course is counted, not named' \
    'says "2 strangers" && warns "course 4101: 2 with submissions"'
check 'ids are asked for as text, and answers only for the token' \
    'asked "all(x[\"accept\"] == \"application/json+canvas-string-ids\" and
        x[\"auth\"] == \"bearer\" and x[\"auth_right\"] for x in r)"'
check 'one request goes out at a time' \
    'asked "all(x[\"in_flight\"] == 1 for x in r)"'
check 'only active students and teachers are asked for' \
    'asked "[a for a, b in zip(q, p) if b.endswith(\"/enrollments\")] ==
        [{\"type[]\": [\"StudentEnrollment\", \"TeacherEnrollment\"],
        \"state[]\": [\"active\"], \"per_page\": [\"100\"]}] * 4"'
check 'due dates are asked for as they are set, not as the reader has them' \
    'asked "[a for a, b in zip(q, p) if b.endswith(\"/assignments\")] ==
        [{\"include[]\": [\"all_dates\", \"overrides\"],
        \"override_assignment_dates\": [\"false\"],
        \"per_page\": [\"100\"]}] * 4"'
check 'submissions are asked for by section, of all its students' \
    'asked "sorted(b for b in p if \"submissions\" in b) == [
        f\"/api/v1/sections/{s}/students/submissions\" for s in
        (10990000000005301, 5101, 5102, 5201)] and
        all(a[\"student_ids[]\"] == [\"all\"] and a[\"grouped\"] == [\"1\"]
        for a, b in zip(q, p) if \"submissions\" in b)"'
check 'a section without students is not asked for' \
    'asked "not any(\"/sections/5501/\" in b for b in p)"'

echo 'GET /api/v1/courses/ every delay 30' >"$tmp/script"
sim_canvas --folder $courses --script "$tmp/script"
read_it --all --at-once 4 "$SIM_URL"
check 'four requests at a time bring the same' \
    '[ $code = 0 ] && rows "$tmp/stdout" | cmp -s - "$tmp/all"'
check 'and are never more than four' \
    'asked "1 < max(x[\"in_flight\"] for x in r) <= 4"'

sim_canvas --folder $courses
read_it "$SIM_URL" 4201
cp "$tmp/stdout" "$tmp/by-id"
check 'a course is read by its id' \
    '[ $code = 0 ] && rows "$tmp/stdout" | cmp -s - "$tmp/algebra"'
read_it "$SIM_URL" sis_course_id:sec-8624
check 'and by its SIS id' \
    '[ $code = 0 ] && cmp -s "$tmp/stdout" "$tmp/by-id"'
read_it --term 301-3601 "$SIM_URL"
check 'the published courses of a term are read' \
    '[ $code = 0 ] && [ "$(grep "^course" "$tmp/stdout" | cut -d "|" -f 2 |
        tr "\n" " ")" = "sec-8624 sec-8625 sec-8621 " ]'
check 'a term is asked for by its SIS id' \
    'asked "any(a.get(\"enrollment_term_id\") == [\"sis_term_id:301-3601\"] and
        a[\"published\"] == [\"true\"] for a in q)"'

sim_canvas --folder $courses --page-max 1 --gzip 1
read_it --all "$SIM_URL"
check 'pages of one item bring the same' \
    '[ $code = 0 ] && rows "$tmp/stdout" | cmp -s - "$tmp/all"'
sim_canvas --folder $courses --page-max 3 --bookmarks
read_it --all "$SIM_URL"
check 'so do pages by bookmark, without a last one' \
    '[ $code = 0 ] && rows "$tmp/stdout" | cmp -s - "$tmp/all" &&
        asked "any(\"page=bookmark:\" in x[\"path\"] for x in r)"'

# --- what is refused

sim_canvas --folder $courses --no-sis
read_it --all "$SIM_URL"
check 'a token that may not read SIS data is told so' \
    '[ $code = 3 ] && warns "may not read SIS data" && warns "SIS Data - read"'
sim_canvas --folder $courses
read_it "$SIM_URL" 4201 9999
check 'a course that is not there is told by its id' \
    '[ $code = 4 ] && warns "course 9999 cannot be read: it is not in Canvas"'
read_it "$SIM_URL" 4401
check 'a course that is not published is refused' \
    '[ $code = 4 ] && warns "course 4401 is not published (unpublished)"'
read_it --term 999-1 "$SIM_URL"
check 'a term without courses is an empty list' \
    '[ $code = 0 ] && says "counts 0 courses"'

# --- the token

cp "$SIM_DIR/token" "$tmp/open"
chmod 644 "$tmp/open"
TOKEN=$tmp/open read_it --all "$SIM_URL"
check 'a token file that others may read is refused' \
    '[ $code = 3 ] && warns "may be read by others" && warns "chmod 600"'
TOKEN=$tmp/none read_it --all "$SIM_URL"
check 'a token file that is not there is told' \
    '[ $code = 3 ] && warns "token_file" && warns "nothing was sent to Canvas"'
TOKEN=$tmp read_it --all "$SIM_URL"
check 'a folder is no token file' \
    '[ $code = 3 ] && warns "is not an ordinary file"'
(
	umask 077
	echo 'two words' >"$tmp/two"
	mkdir "$tmp/handed"
	cp "$SIM_DIR/token" "$tmp/handed/canvas_token"
)
TOKEN=$tmp/two read_it --all "$SIM_URL"
check 'a token is one word' '[ $code = 3 ] && warns "more than one word"'
code=0
CREDENTIALS_DIRECTORY=$tmp/handed $RUNNER "$dump" --ca "$SIM_CA" "$SIM_URL" \
    4201 >"$tmp/stdout" 2>"$tmp/stderr" || code=$?
check 'without a file the service manager hands the token over' \
    '[ $code = 0 ] && cmp -s "$tmp/stdout" "$tmp/by-id"'
(
	umask 077
	echo CANARY-canvas-token-old >"$tmp/old"
)
TOKEN=$tmp/old read_it --all "$SIM_URL"
check 'a void token is a matter of credentials' \
    '[ $code = 3 ] && warns "does not take the token"'
check 'no token is ever shown' \
    '! grep -rq CANARY-canvas "$tmp/stderr" "$tmp/stdout" "$sim_record" \
        "$SIM_DIR/sim.err"'

# --- faults: LINE OF THE SCRIPT, exit code, what stands on stderr

fault() {	# fault NAME LINE CODE WORDS
	printf '%s\n' "$2" >"$tmp/script"
	sim_canvas --folder $courses --script "$tmp/script"
	read_it "$SIM_URL" 4201
	fault_code=$3
	fault_words=$4
	if [ "$3" = 0 ]; then
		check "$1" '[ $code = 0 ] && cmp -s "$tmp/stdout" "$tmp/by-id" &&
		    { [ -z "$fault_words" ] || warns "$fault_words"; }'
	else
		check "$1" '[ $code = "$fault_code" ] &&
		    warns "$fault_words" && ! grep -q ^course "$tmp/stdout"'
	fi
}
subs='GET /api/v1/sections/5201/students/submissions'
sections='GET /api/v1/courses/4201/sections'

fault 'a refusal for too many requests is waited for' \
    "$subs 1-3 status 403 type text/plain body \"403 Forbidden (Rate Limit Exceeded)\\n\"" \
    0 'too many requests'
fault 'for ever it is not' \
    "$subs every status 403 type text/plain body \"403 Forbidden (Rate Limit Exceeded)\\n\"" \
    5 'too many'
fault 'a newer server says 429' \
    "$subs 1-2 status 429 header Retry-After 1" 0 'busy'
fault 'little left of the limit slows down' \
    "$sections every header X-Rate-Limit-Remaining 31.5" 0 'near the limit'
fault 'a student who comes twice counts once' "$subs every twice 1" 0 ''
fault 'a server error is tried again' "$subs 1-2 status 503" 0 'try 2 of 5'
fault 'but not for ever' "$subs every status 500" 5 'HTTP status 500'
fault 'a token that becomes void ends it' "$subs 1 expired" \
    3 'does not take the token'
fault '401 without a challenge is a lack of rights' \
    "$subs every status 401 body \"{\\\"status\\\":\\\"unauthorized\\\"}\"" \
    4 'may not see it'
fault 'so is 403' "$subs every status 403 body \"{\\\"errors\\\":[]}\"" \
    4 'may not see it'
fault 'a section that goes away meanwhile is a failure' \
    "$subs every status 404 body \"{\\\"errors\\\":[]}\"" 4 'section 5201'
fault 'a page for people is no answer' "$subs every html" 5 'web page'
fault 'nor is a sign-in page at another address' \
    "$subs every status 302 header Location https://127.0.0.1:9/login" \
    4 'server moved to'
fault 'a cut body is read again' "$subs 1 cut length 300" 0 'try 2 of 5'
fault 'also when nothing says how long it is' "$subs 1 cut close 3000" \
    0 'no whole JSON'
fault 'a body that is always cut is no shorter list' \
    "$subs every cut close 3000" 5 'the submissions of section 5201'
fault 'a lost connection is tried again' "$subs 1 reset 100" 0 'try 2 of 5'
fault 'an object is no list' "$subs every body \"{\\\"errors\\\":[]}\"" \
    4 'no JSON list'
fault 'a list of something else is refused' "$subs every body \"[1,2]\"" \
    4 'no JSON object'
fault 'something behind the list is refused' "$subs every behind x" 5 'submissions'
fault 'depth is bounded' "$subs every depth 100000" 5 'submissions'
fault 'a NUL byte is refused' "$subs every replace 8201 \"8\\x001\"" 5 'submissions'
fault 'a student without submissions is refused' \
    "$subs every replace \"\\\"submissions\\\"\" \"\\\"submission\\\"\"" \
    4 'submissions are missing'
fault 'an assignment without id is refused' \
    'GET /api/v1/courses/4201/assignments? every replace "\"id\"" "\"ID\""' \
    4 'an assignment has no "id"'
fault 'a due date that is none is refused' \
    'GET /api/v1/courses/4201/assignments? every replace "2026-09-25T06" "2026-19-25T06"' \
    4 'no time'
fault 'overrides that are withheld are told' \
    'GET /api/v1/courses/4201/assignments? every body "[{\"id\":\"1\",\"only_visible_to_overrides\":true}]"' \
    4 'does not show to the token'
fault 'an enrollment in a section that came in between asks for another run' \
    'GET /api/v1/courses/4201/enrollments every replace "\"course_section_id\":\"5201\"" "\"course_section_id\":\"5299\""' \
    5 'the course changed while it was read'
fault 'a damaged Link header is not the last page' \
    "$sections every header Link \"<https://x\"" 4 'Link header'

printf '%s\n' "$subs every omit 1" >"$tmp/script"
sim_canvas --folder $courses --script "$tmp/script"
read_it "$SIM_URL" 4201
check 'a student whom Canvas leaves out is told, and has no scores' \
    '[ $code = 0 ] && says "1 unanswered" && ! says "|6134|5201|" &&
        warns "gave no submissions for 1 of its active students"'

# Its own Link goes with every answer; the one that the script adds stands in
# another answer, whose list fits on one page.
next() {	# next NAME URL WORDS
	fault "$1" "GET /api/v1/courses/4201/assignment_groups every body \"[]\" header Link \"<$2>; rel=\\\"next\\\"\"" 4 "$3"
}
next 'a next page on another host is not asked for' \
    'https://canvas.example.net/api/v1/x' 'on another server'
next 'nor one without TLS' 'http://127.0.0.1:1/api/v1/x' 'on another server'
next 'nor on another port' 'https://127.0.0.1:1/api/v1/x' 'on another server'
check 'the token went to no other place' \
    'asked "all(x[\"auth_right\"] for x in r)"'

# A loop: the server of before told its port, and a script needs it.
sim_canvas --folder $courses
port=${SIM_URL##*:}
printf '%s\n' 'GET /api/v1/courses/4201/sections every header X-Port x body "[]" header Link "<https://127.0.0.1:'"$port"'/api/v1/courses/4201/sections?page=2>; rel=\"next\""' >"$tmp/script"
sim_canvas --folder $courses --script "$tmp/script" --port "$port"
read_it "$SIM_URL" 4201
check 'pages that go round in a circle are noticed' \
    '[ $code = 4 ] && warns "its next page is one that was read already" &&
        asked "sum(\"sections\" in b for b in p) == 2"'

# --- a server that throttles by itself

sim_canvas --folder $courses --bucket 200 --cost 90 --outflow 200
read_it --all --at-once 4 "$SIM_URL"
check 'who is throttled slows down and still gets everything' \
    '[ $code = 0 ] && rows "$tmp/stdout" | cmp -s - "$tmp/all"'

# --- many

sim_canvas --courses 12 --sections 2 --students 9 --assignments 7 \
    --crosswalk "$tmp/crosswalk.csv"
read_it --all --at-once 2 "$SIM_URL"
check 'generated courses are whole' \
    '[ $code = 0 ] && says "counts 12 courses, 24 sections" &&
        says "$((24 * 9 * 7)) scores"'
check 'their crosswalk has everybody' 'grep -E "^(student|section) " \
    "$tmp/stdout" | cut -d "|" -f 2 | sort -u >"$tmp/ids" &&
    cut -d , -f 2 "$tmp/crosswalk.csv" | sort >"$tmp/known" &&
    [ "$(wc -l <"$tmp/ids")" = $((24 + 36)) ] &&
    [ -z "$(comm -23 "$tmp/ids" "$tmp/known")" ]'

finish
