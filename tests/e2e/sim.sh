#!/bin/sh
# The PowerSchool simulator, asked with curl: it answers as the real server is
# known to, and it fails where the script says; prints TAP.
# shellcheck disable=SC2154
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. tests/e2e/tap.inc
# shellcheck source=/dev/null
. tests/e2e/sim.inc

valley=fixtures/maple-valley
token=
asked=0
mkdir "$tmp/asked"

# ask PATH CURL-OPTION...: keeps the answer as number $asked.
ask() {
	path=$1
	shift
	asked=$((asked + 1))
	answer=$tmp/asked/$asked
	code=0
	: >"$answer.body"
	curl -sS --cacert "$SIM_CA" --max-time 60 -o "$answer.body" \
	    -D "$answer.head" -w '%{http_code}' "$@" "$SIM_URL$path" \
	    >"$answer.status" 2>"$answer.words" || code=$?
	echo "$code" >"$answer.code"
}

get() {	# get PATH CURL-OPTION...: with the token, as JSON
	path=$1
	shift
	ask "$path" -H "Authorization: Bearer $token" \
	    -H 'Accept: application/json' "$@"
}

query() {	# query TABLE[/count] BODY [ARGUMENTS]
	case $1 in
	*/count) name=${1%/count}.list/count ;;
	*) name=$1.list ;;
	esac
	get "/ws/schema/query/org.rollbook.roster.$name${3:-}" \
	    -H 'Content-Type: application/json' -d "$2"
}

sign_in() {
	ask /oauth/access_token -d grant_type=client_credentials -u \
	    "$(cat "$SIM_DIR/client_id"):$(cat "$SIM_DIR/client_secret")"
	token=$(sed 's/.*"access_token":"\([^"]*\)".*/\1/' "$answer.body")
}

# holds NAME PYTHON: what must be true of the newest answer; asked at the end,
# by one process. The names that PYTHON can use stand in judge.py below.
holds() {
	[ ! -f "$sim_record" ] || cp "$sim_record" "$answer.record"
	printf '%s\0%s\0%s\0' "$1" "$asked" "$2" >>"$tmp/holds"
}

cat >"$tmp/judge.py" <<'EOT'
import json, os, sys

class Answer:
    def __init__(self, n):
        self.path = f"{sys.argv[2]}/{n}"
        self.raw = open(self.path + ".body", "rb").read()
        self.text = self.raw.decode("utf-8", "replace")
        self.head = open(self.path + ".head", "rb").read().decode("latin-1")
        self.status = int(open(self.path + ".status").read())
        self.code = int(open(self.path + ".code").read())
        try:
            self.json = json.loads(self.text)
        except (ValueError, RecursionError):
            self.json = None

n = bad = 0
words = open(sys.argv[1], "rb").read().decode().split("\0")[:-1]
for name, number, condition in zip(*[iter(words)] * 3):
    n += 1
    a = b = Answer(int(number))
    if os.path.exists(f"{sys.argv[2]}/{int(number) - 1}.code"):
        b = Answer(int(number) - 1)  # the answer before it
    d, t, h, raw = a.json, a.text, a.head.lower(), a.raw
    status, code = a.status, a.code
    record = [json.loads(line) for line in open(a.path + ".record")]
    rows = d["record"] if isinstance(d, dict) and "record" in d else []
    ids = [r["_id"] for r in rows if "_id" in r]
    names = dict(globals())
    try:
        ok = eval("(" + condition + ")", names)
    except Exception as e:
        ok, condition = False, f"{condition}: {e!r}"
    print("ok" if ok else "not ok", n, "-", name)
    if not ok:
        bad = 1
        print("# failed:", condition.replace("\n", "\n# "))
        print("# status", status, "exit code", code)
        print("#", repr(t[:400]))
print(f"1..{n}")
sys.exit(bad)
EOT

# --- the token

sim_start $valley
ask /oauth/access_token -d grant_type=client_credentials -u \
    "$(cat "$SIM_DIR/client_id"):wrong"
holds 'a wrong secret gets 401 and an error' \
    'status == 401 and d == {"error": "invalid_client"}'
sign_in
holds 'the right one gets a token, and its life as a text' \
    'status == 200 and d["token_type"] == "Bearer" and
    d["expires_in"].isdigit() and [len(p) for p in
    d["access_token"].split("-")] == [8, 4, 4, 4, 12]'
sign_in
holds 'as long as it is valid the same token is handed out' \
    'd["access_token"] == b.json["access_token"]'
ask /oauth/access_token/ -d grant_type=client_credentials -u \
    "$(cat "$SIM_DIR/client_id"):$(cat "$SIM_DIR/client_secret")"
holds 'a slash at the end works as well' 'status == 200'
ask '/ws/schema/table/terms?projection=id' -H 'Authorization: Bearer no'
holds 'an unknown token gets an empty 401 that names the error' \
    'status == 401 and raw == b"" and "www-authenticate: bearer "
    "error=\"invalid_token\",realm=\"powerschool\",error_description=" in h'
ask /not/there
holds 'a page that is not there is HTML' 'status == 404 and "text/html" in h'

# --- the version, without a token

ask /ws/v1/metadata -H 'Accept: application/json'
holds 'metadata is open to all, and says the greatest page' \
    'status == 200 and d["metadata"]["powerschool_version"] == "25.7.0.0" and
    d["metadata"]["schema_table_query_max_page_size"] == 1000 and
    d["metadata"]["sso_enabled_admin"] == "false"'
ask /ws/v1/metadata
holds 'who does not accept JSON gets XML' \
    't.startswith("<?xml") and "<plugin_id>14</plugin_id>" in t'

# --- PowerQueries

query schools '{}' '?pagesize=1&page=2&count=true'
holds 'a row of a query is flat: _id a number, the rest text, no null' \
    'd == {"name": "SCHOOLS", "count": 5, "record": [{"_name": "SCHOOLS",
    "_id": 2, "dcid": "2", "id": "2", "school_number": "101",
    "name": "Alder Creek Elementary", "abbreviation": "ACE",
    "low_grade": "0", "high_grade": "5",
    "alternate_school_number": "6108101"}], "@extensions": ""}'
query cc '{"yearid":"36"}'
holds 'a page has 100 rows when nothing else is asked for' 'len(rows) == 100'
query cc '{"yearid":"36"}' '?pagesize=0&page=9'
holds 'pagesize=0 gives all rows, whatever the page' 'len(rows) == 217'
holds 'they come in the order of the key' 'ids == sorted(ids)'
holds 'a dropped enrollment has minus signs and belongs to its year' \
    'any(r["termid"][:3] == "-36" and r["sectionid"][0] == "-" for r in rows)'
query cc '{"yearid":36}' '?pagesize=0'
holds 'the year may be a number' 'raw == b.raw'
query cc/count '{"yearid":"36"}'
holds 'the count stands at the top' 'd == {"count": 217}'
query cc '{"yearid":"35"}' '?pagesize=0'
holds 'another year gives other rows' \
    'rows and all("35" in r["termid"][:3] for r in rows)'
query terms '{"yearid":"50"}'
holds 'without rows there is no record at all' \
    'd == {"name": "TERMS", "@extensions": ""}'
query students '{"yearid":"50"}' '?pagesize=0'
holds 'students of a year without classes are the active and coming ones' \
    '{r["enroll_status"] for r in rows} == {"0", "-1"}'
query students '{"yearid":"36"}' '?pagesize=0'
holds 'and of a year with classes those who have one too' \
    '{r["enroll_status"] for r in rows} > {"0", "-1"}'
holds 'no private column of an export can be had' '"CANARY" not in t'
query terms '{}'
holds 'a query that needs its year says so' \
    'status == 400 and d["errors"][0]["field"] == "yearid"'
query nothing '{}'
holds 'a query that is not installed gets 404' \
    'status == 404 and "not found" in d["message"]'
query schools '{'
holds 'a body that is no JSON gets 400' 'status == 400'
get /ws/schema/query/api
holds 'the queries can be listed' 'len(d["queries"]) == 11'

# --- tables

get '/ws/schema/table/cc?projection=dcid,sectionid&sort=dcid&pagesize=1'
holds 'a row of a table: id a number, text by table, keys in lower case' \
    'd == {"name": "cc", "record": [{"id": 60001, "name": "cc", "tables":
    {"cc": {"dcid": "60001", "sectionid": "601"}}}], "@extensions": ""}'
get '/ws/schema/table/CC/count?q=termid=ge=3600;termid=lt=3700'
get '/ws/schema/table/cc/count?q=termid=gt=-3700;termid=le=-3600'
holds 'ranges of both signs together are the year' \
    'd["count"] > 0 and d["count"] + b.json["count"] == 217'
get '/ws/schema/table/students?projection=nope'
holds 'a column that is not there gets 400 and its name' \
    'status == 400 and d["message"] == "Invalid field specified: nope is not "
    "valid column for table: Students"'
get '/ws/schema/table/students?projection=id&q=nope==1'
holds 'so does one in q' \
    'status == 400 and d["message"] == "Invalid field nope"'
get '/ws/schema/table/students?projection=id&q=id==x'
holds 'and a text where a number is due' \
    'status == 400 and "Invalid number" in d["message"]'
get '/ws/schema/table/students'
holds 'a projection is needed' 'status == 400'
get '/ws/schema/table/nothing?projection=id'
holds 'a table that is not there gets 404' 'status == 404'
get '/ws/schema/table/teachers?projection=id'
holds 'teachers is a view and gets 405' \
    'status == 405 and "not allowed on table" in d["message"]'
get '/ws/schema/table/users?projection=last_name&sort=last_name&sortdescending=true'
holds 'rows can be sorted, backwards too' \
    '[r["tables"]["users"]["last_name"] for r in rows] == sorted(
    (r["tables"]["users"]["last_name"] for r in rows), reverse=True)'
get '/ws/schema/table/cc?projection=dcid&pagesize=5'
get '/ws/schema/table/cc?projection=dcid&pagesize=5'
holds 'pages without an order move' 'raw != b.raw and len(rows) == 5'
get '/ws/schema/table/personemailaddressassoc?projection=*&sort=personid&pagesize=1'
holds 'addresses hang on persons' \
    'rows[0]["tables"]["personemailaddressassoc"]["isprimaryemailaddress"]
    == "1"'

# --- /ws/v1

get /ws/v1/district/school/count
holds 'the count of a resource is wrapped, without the graduates' \
    'd == {"resource": {"count": 4}}'
get /ws/v1/school/2/term
holds 'one element is an object' \
    'd["terms"]["term"]["start_year"] == 2026 and
    d["terms"]["term"]["school_id"] == 2'
get '/ws/v1/school/2/student?pagesize=2&expansions=school_enrollment,contact_info,phones'
holds 'several are a list, attributes have an @' \
    'len(d["students"]["student"]) == 2 and
    "school_enrollment" in d["students"]["@expansions"]'
holds 'digits become numbers, but not behind a zero; ids are DCIDs' \
    '[d["students"]["student"][0][k] for k in
    ("id", "local_id", "state_province_id")] == [7001, "0004101", 5500003001]'
holds 'an expansion with nothing in it is an empty text' \
    'd["students"]["student"][0]["phones"] == "" and
    d["students"]["student"][0]["school_enrollment"]["school_id"] == 2'
holds 'what is blank is left out' \
    '"middle_name" not in d["students"]["student"][0]["name"]'
get /ws/v1/section/8601/section_enrollment
holds 'enrollments come by section' \
    'd["section_enrollments"]["section_enrollment"][0] == {"id": 60001,
    "section_id": 8601, "student_id": 7001, "entry_date": "2026-08-26",
    "exit_date": "2027-06-11", "dropped": False}'
get '/ws/v1/section/8601/section_enrollment?page=99'
holds 'none is an absent key' 'd == {"section_enrollments": {}}'
get '/ws/v1/school/2/student/count?q=school_enrollment.enroll_status_code=gt=-99'
get /ws/v1/school/2/student/count
holds 'without q only active students are counted' \
    'd["resource"]["count"] < b.json["resource"]["count"]'
get '/ws/v1/school/2/student?q=name.last_name==Lind*'
holds 'q takes a star at the end' \
    'd["students"]["student"]["name"]["last_name"] == "Lindqvist"'
get '/ws/v1/school/4/section?q=term.start_year==2025&expansions=term'
holds 'sections of another year are asked for with q' \
    'd["sections"]["section"]["term"]["start_year"] == 2025'
get /ws/v1/school/101/term
holds 'a school number is no id' 'status == 404'
get '/ws/v1/school/2/staff?expansions=emails,school_affiliations'
holds 'staff has the DCID of the person and where it works' \
    'd["staffs"]["staff"][0]["users_dcid"] == 502 and
    d["staffs"]["staff"][0]["school_affiliations"]["school_affiliation"] ==
    {"school_id": 2, "type": 1, "status": 1}'

# --- what the plugin was not granted

sim_start $valley --way table,query --deny students.enroll_status \
    --deny students.schoolid --deny cc.termid --version ''
sign_in
get /ws/v1/district
holds 'without the level for /ws/v1 there is 401, and the reason' \
    'status == 401 and "accessLevelV1Api READ" in d["errorMessage"]["message"]'
get /ws/v1/metadata
holds 'metadata stays open; old servers do not name their version' \
    'status == 200 and "powerschool_version" not in d["metadata"]'
query students '{"yearid":"36"}'
holds 'a query names every column that it lacks' \
    'status == 400 and d["message"] == "Validation Failed" and
    sorted(e["field"] for e in d["errors"]) == ["students.enroll_status",
    "students.schoolid"] and {e["code"] for e in d["errors"]} ==
    {"No access to the field"}'
get '/ws/schema/table/students?projection=id,schoolid,enroll_status'
holds 'a table names one' \
    'status == 403 and d["errors"] == [{"code": "NoAccess",
    "field": "schoolid", "resource": "Students"}]'
get /ws/schema/table/students/count
holds 'a count without a filter needs no grant' 'status == 200'
sim_start $valley --way v1 --arrays
sign_in
query students '{"yearid":"36"}'
holds 'without the plugin no query is installed' 'status == 404'
get /ws/v1/school/2/term
holds 'a server may keep one element in a list' \
    'len(d["terms"]["term"]) == 1'

# --- limits

sim_start $valley --page-max 7 --gzip 1 --min-interval 60000
sign_in
get '/ws/schema/table/cc?projection=dcid&pagesize=500&sort=dcid' --compressed
holds 'a page is cut to the maximum; gzip is sent to who takes it' \
    '"content-encoding: gzip" in h and len(rows) == 7'
get '/ws/schema/table/cc?projection=dcid'
holds 'requests that follow too fast are refused, with the seconds to wait' \
    'status == 429 and "retry-after: " in h and "seconds" in d["message"]'
sim_start $valley --token-seconds 2
while
	sign_in
	first=$token
	get '/ws/schema/table/terms?projection=id'
	[ "$(cat "$answer.status")" != 200 ]
do :; done
until [ "$(cat "$answer.status")" = 401 ]; do
	get '/ws/schema/table/terms?projection=id'
done
sign_in
holds 'a token lives as long as it says, then there is another one' \
    "status == 200 and d['access_token'] != '$first'"

# --- what the script does

script() {	# script LINE...: starts the server with it
	printf '%s\n' "$@" >"$tmp/script"
	sim_start $valley --script "$tmp/script"
	sign_in
}
page() {	# page SIZE N
	query cc '{"yearid":"36"}' "?pagesize=$1&page=$2"
}

script 'POST /ws/schema/query/ 2 status 503 header Retry-After 7 body "wait\n"' \
    'POST /ws/schema/query/ 3 expired' \
    'GET /ws/v1/metadata 1 html' \
    'GET */table/* every status 302 header Location https://127.0.0.1:9/x' \
    'GET /ws/v1/time 1 header Date "Thu, 01 Jan 2015 00:00:00 GMT"' \
    '# a comment' ''
page 5 1
holds 'the first request is answered as ever' 'status == 200'
page 5 1
holds 'the second one as the script says' \
    'status == 503 and t == "wait\n" and "retry-after: 7\r" in h'
page 5 1
holds 'the third takes the token away' 'status == 401'
page 5 1
holds 'which stays void' 'status == 401'
sign_in
page 5 1
holds 'until there is a new one' 'status == 200'
ask /ws/v1/metadata
holds 'a web page with 200' \
    'status == 200 and t.startswith("<!DOCTYPE") and "text/html" in h'
get '/ws/schema/table/cc?projection=dcid'
holds 'a move to another host' \
    'status == 302 and "location: https://127.0.0.1:9/x\r" in h'
ask /ws/v1/time
holds 'a clock that is wrong' 'h.count("date:") == 1 and "jan 2015" in h'

script 'POST /ws/schema/query/ 1 cut length 300' \
    'POST /ws/schema/query/ 2 cut chunked 300' \
    'POST /ws/schema/query/ 3 cut close 300' \
    'POST /ws/schema/query/ 4 reset 0' 'POST /ws/schema/query/ 5 no-answer' \
    'POST /ws/schema/query/ 6 reset 400' \
    'POST /ws/schema/query/ 7 headers 400 1000' \
    'POST /ws/schema/query/ 8 delay 300' \
    'POST /ws/schema/query/ 9 drip 100 20'
page 5 1
holds 'a body shorter than its length' \
    'code == 18 and len(raw) == 300 and "content-length" in h'
page 5 1
holds 'chunks without the last one' \
    'code == 18 and len(raw) == 300 and "chunked" in h'
page 5 1
holds 'a cut that only JSON tells' \
    'code == 0 and status == 200 and len(raw) == 300 and
    "content-length" not in h and "chunked" not in h'
page 5 1
holds 'a reset' 'code in (35, 52, 55, 56) and status == 0'
page 5 1
holds 'no answer' 'code in (52, 56) and status == 0'
page 5 1
holds 'a reset in the middle of the body' \
    'code in (18, 56) and status == 200 and len(raw) <= 400'
page 5 1
holds 'a header bomb' 'code == 56'
page 5 1
holds 'a delay' \
    'status == 200 and record[-1]["end_ms"] - record[-1]["start_ms"] >= 300'
page 5 1
holds 'a body that drips' 'status == 200 and len(rows) == 5 and
    record[-1]["end_ms"] - record[-1]["start_ms"] >= 100'

script 'POST *cc.list* 1 huge 50000000' \
    'POST *cc.list* 2 gzip-bomb 50000000' 'POST *cc.list* 3 depth 100000' \
    'POST *cc.list* 4 behind trailing' \
    'POST *cc.list* 5 before "\xef\xbb\xbf"' \
    'POST *cc.list* 6 replace 60001 "6\x000001"' \
    'POST *cc.list* 7 replace "dcid\":\"6" "dcid\":\"6\\u0000"' \
    'POST *cc.list* 8 replace "\"dcid\"" "\"id\":\"1\",\"dcid\""' \
    'POST *cc.list* 9 type text/plain body "{"'
page 5 1
holds 'a huge body' 'len(raw) > 50000000 and len(rows) == 5'
page 5 1
holds 'a gzip bomb' 'len(raw) < 200000 and
    len(__import__("gzip").decompress(raw)) > 50000000'
page 5 1
holds 'a depth bomb' 't.startswith("[" * 100000 + "{")'
page 5 1
holds 'something behind the end' 't.endswith("}trailing") and d is None'
page 5 1
holds 'a byte order mark' 'raw.startswith(b"\xef\xbb\xbf{")'
page 5 1
holds 'a NUL byte' 'b"\0" in raw and len(raw) == len(b.raw) - 2'
page 5 1
holds 'an escaped NUL' '"\0" in rows[0]["dcid"]'
page 5 1
holds 'a key twice' 't.count("\"id\":\"1\"") == 1 and rows[0]["id"] == "50001"'
page 5 1
holds 'another type, and half a body' \
    '"content-type: text/plain\r" in h and t == "{"'

script 'POST *list/count 1 count -3' \
    'POST *cc.list* 2 delete cc 0' 'POST *cc.list* 4 insert cc 0' \
    'POST *cc.list* 6 duplicate cc 3' 'POST *cc.list* 7 omit 1' \
    'POST *cc.list* 8 twice 1' 'POST *cc.list* 9 short 2' \
    'POST *cc.list* 10- page-max 2'
page 2 1
holds 'before rows move the page is as it is' 'ids == [60001, 60002]'
page 2 2
holds 'a row that goes between two pages is one that is missed' \
    'ids == [60004, 60005]'
page 2 1
holds 'it is gone' 'ids == [60002, 60003]'
page 2 2
holds 'a row that comes is one that is read twice' 'ids == [60003, 60004]'
page 2 1
holds 'it has a key of its own' 'ids[0] > 99999 and ids[1] == 60002'
page 9 1
holds 'a row can be there twice' 'len(ids) == 9 and len(set(ids)) == 8'
page 3 1
holds 'an answer can lack a row' 'len(ids) == 2 and ids[1] == 60003'
page 3 1
holds 'or have one twice' 'len(ids) == 4 and ids[1] == ids[2]'
page 3 1
holds 'a page can be shorter' 'len(ids) == 1'
page 3 2
holds 'and the maximum silently smaller' 'len(ids) == 2'
query cc/count '{"yearid":"36"}'
holds 'a count can be wrong' 'd == {"count": 218 - 3}'

# --- the record

holds 'the record says what was asked, how often, and by whom' \
    '[e["seq"] for e in record] == list(range(1, len(record) + 1)) and
    record[0]["auth"] == "basic" and record[0]["auth_right"] and
    record[-1]["method"] == "POST" and
    record[-1]["path"].endswith("cc.list/count") and
    record[-1]["auth"] == "bearer" and record[-1]["auth_right"] and
    record[-1]["body"] == "{\"yearid\":\"36\"}" and
    record[-1]["body_bytes"] == 15 and record[-1]["status"] == 200 and
    record[-1]["accept"] == "application/json" and
    record[-1]["in_flight"] == 1'
holds 'and no secret' \
    "all(s not in open(a.path + '.record').read() for s in
    ('$token', '$(cat "$SIM_DIR/client_secret")'))"
script 'POST *cc.list* 1 delay 1000'
page 5 1 &
other=$!
# Until the server has the first one nothing can be said of the second.
until grep -q in_flight..2 "$sim_record"; do
	asked=$((asked + 1000))
	query schools '{}'
done
wait "$other"
holds 'a delay holds up nobody else; two at once are recorded' \
    'max(e["in_flight"] for e in record) == 2'

# --- certificates, and what is refused at the start

for kind in expired not-yet other-host self-signed; do
	CERTIFICATE=$kind sim_start $valley
	ask /ws/v1/metadata
	holds "a certificate that is $kind" 'code == 60'
done
asked=$((asked + 1))
answer=$tmp/asked/$asked
printf 'GET / 1 delay 5\nGET / every dely 5\n' >"$tmp/script"
code=0
"$BIN/sim_powerschool" --district $valley --plain --port-file "$tmp/p" \
    --client-id-file "$SIM_DIR/client_id" --script "$tmp/script" \
    --client-secret-file "$SIM_DIR/client_secret" \
    >"$answer.head" 2>"$answer.body" || code=$?
echo "$code" >"$answer.code"
echo 0 >"$answer.status"
holds 'a wrong line of a script is named' 'code == 2 and ":2: dely" in t'
sim_stop
python3 "$tmp/judge.py" "$tmp/holds" "$tmp/asked"
