#!/bin/sh
# Runs whose tables come from a PowerSchool server: the same as from files,
# saved and read again, with few requests; prints TAP.
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

# from_files DIR: a run over exports; $sum is its zip, $tmp/findings.
from_files() {
	sed -e "s,^url = .*,url = files:$1," \
	    fixtures/maple-valley/rollbook.ini >"$tmp/rollbook.ini"
	printf '[output]\ndir = %s\n' "$tmp/files" >>"$tmp/rollbook.ini"
	rm -rf "$tmp/files"
	ps --now "$now" run
	sum=$(sha256sum <"$(ls "$tmp"/files/current/canvas-sis-full-*.zip)")
	cp "$tmp/files/current/findings.csv" "$tmp/findings"
}

# Findings without file and line, for rows come in another order; the school
# that has no e-mails counts its people by its number.
bare() {
	cut -d, -f1,2,5- "$1" | sort
}

same_findings() {
	[ "$(bare "$tmp/findings")" = "$(bare "$tmp/out/current/findings.csv")" ]
}

from_files fixtures/maple-valley
check 'the exports of Maple Valley are read' '[ $code = 0 ]'

sim_start fixtures/maple-valley
settings
api -vv run
check 'by PowerQuery: exit code 0' '[ $code = 0 ]'
check 'by PowerQuery: the zip is the one of the exports' 'zip_is "$sum"'
check 'by PowerQuery: the findings are the ones of the exports' same_findings
check 'the token is asked for once, and metadata too' \
    'record "tokens() == 1 and len(paths(\"/ws/v1/metadata\")) == 1"'
check 'each query is asked for once, with a count before and after' \
    'record "len(paths(\"list?pagesize=0\")) == 11 and len(paths(\"list/count\")) <= 11 * 3"'
check 'every request but the first carries the right token' \
    'record "all(x[\"auth\"] == \"bearer\" for x in r[1:])"'
check 'the manifest says by which way each table came' \
    'grep -q "\"way\": \"query\"" "$tmp/out/current/manifest.json" &&
     grep -q "\"powerschool_version\": \"25.7.0.0\"" "$tmp/out/current/manifest.json"'
check '-v says by which way each table came' 'warns "cc.csv: 217 rows by query"'
check 'no secret, no token and no password stands anywhere in the run' \
    '! grep -rqE "CANARY|aaaa-4000-8000" "$tmp/out" "$tmp/stdout" "$tmp/stderr"'
check 'no name of a person stands in the log or the manifest' \
    '! grep -qiE "Lindqvist|Solberg|alindqvist" "$tmp/stderr" "$tmp/out/current/manifest.json"'

for lines in 'page_size = 7' 'page_size = 50' 'at_once = 1' 'at_once = 4'; do
	echo "$lines" >"$tmp/lines"
	echo 'page_size = 20' >>"$tmp/lines"
	[ "${lines%% *}" = at_once ] || echo "$lines" >"$tmp/lines"
	settings "$tmp/lines"
	api run
	check "query, $lines: the same zip" '[ $code = 0 ] && zip_is "$sum"'
done

# What a table cannot carry is the e-mail, so the exports go without it too.
mkdir "$tmp/bare"
cp fixtures/maple-valley/*.csv fixtures/maple-valley/*.txt "$tmp/bare"
rm "$tmp/bare/student_email.csv"
from_files "$tmp/bare"
echo 'ways = table' >"$tmp/lines"
settings "$tmp/lines"
api -v run
check 'by table: the zip is the one of the exports' \
    '[ $code = 0 ] && zip_is "$sum"'
check 'by table: what it does not carry is a finding of the district' \
    'grep -q "^SRC-GAP,warning,,,studentemail," "$tmp/out/current/findings.csv" &&
     [ "$(bare "$tmp/findings")" = "$(grep -v ^SRC-GAP "$tmp/out/current/findings.csv" >"$tmp/rest"; bare "$tmp/rest")" ]'
check 'by table: the year is asked for in both ranges of termid' \
    'record "any(\"termid%3Dge%3D3600%3Btermid%3Dlt%3D3700\" in x[\"path\"] for x in r) and any(\"termid%3Dgt%3D-3700%3Btermid%3Dle%3D-3600\" in x[\"path\"] for x in r)"'
sim_start fixtures/maple-valley --page-max 10
settings "$tmp/lines"
api run
check 'by table, 10 rows at a time: the same zip' \
    '[ $code = 0 ] && zip_is "$sum"'
check 'pages begin behind the last key of the one before' \
    'record "len(paths(\"dcid%3Dgt%3D\")) > 20"'

# Without the plugin's queries, tables stand in for them.
sim_start fixtures/maple-valley --way table,v1
settings
api -v run
check 'without queries the tables are read' '[ $code = 0 ] && zip_is "$sum"'
check 'and the log says so' 'warns "cc: not by query (404"'
check 'and the manifest says so' \
    'grep -q "\"way\": \"table\"" "$tmp/out/current/manifest.json"'

# A server that is older than streaming.
from_files fixtures/maple-valley
sim_start fixtures/maple-valley --version 8.3.1
settings
api run
check 'version 8.3: queries come page by page' \
    '[ $code = 0 ] && zip_is "$sum" && record "not paths(\"pagesize=0\")"'

# --save.
sim_start fixtures/maple-valley
settings
api run --save "$tmp/saved"
check '--save: exit code 0, and the same zip' '[ $code = 0 ] && zip_is "$sum"'
check '--save: the folder is 0700, its files 0600' \
    '[ "$(find "$tmp/saved" -printf "%y%m\n" | sort -u | tr "\n" " ")" = "d700 f600 " ]'
check '--save: no password is saved' '! grep -rq CANARY "$tmp/saved"'
cp "$tmp/out/current/findings.csv" "$tmp/from-server"
from_files "$tmp/saved"
check '--save: a run from the folder gives the same zip' 'zip_is "$sum"'
check '--save: and the same findings, file and line included' \
    'cmp -s "$tmp/findings" "$tmp/from-server"'
settings
api run --save "$tmp/saved"
check '--save: a folder that holds something is refused' \
    '[ $code = 2 ] && warns "--save" && ! published'
check '--save: nothing is left beside the folder' \
    '[ -z "$(find "$tmp" -maxdepth 1 -name "saved.part*")" ]'
dead=$(sh -c 'echo $$')
mkdir "$tmp/empty" "$tmp/empty.part-$dead" "$tmp/empty.part-1" \
    "$tmp/empty.part-x"
: >"$tmp/empty.part-$dead/students.csv"
api run --save "$tmp/empty"
check '--save: an empty folder is taken' \
    '[ $code = 0 ] && [ -s "$tmp/empty/cc.csv" ]'
check '--save: what a killed run left is removed, and nothing else' \
    '[ ! -e "$tmp/empty.part-$dead" ] && [ -d "$tmp/empty.part-1" ] && [ -d "$tmp/empty.part-x" ]'
sed -i "s,^url = .*,url = files:fixtures/maple-valley," "$tmp/rollbook.ini"
api run --save "$tmp/other"
check '--save: files are not saved again' '[ $code = 2 ] && [ ! -e "$tmp/other" ]'

settings
api run -n --save "$tmp/other"
check '--save: not in a dry run' '[ $code = 2 ] && [ ! -e "$tmp/other" ]'
api run -n
check '-n: the server is read, nothing is written' \
    '[ $code = 0 ] && says "dry run" && [ ! -e "$tmp/out" ]'

# A larger district; the rows of the exports are in dcid order but for a few.
district --students 500 "$tmp/district"
printf '[district]\ntimezone = America/Los_Angeles\n' >"$tmp/rollbook.ini"
printf '[source]\nurl = files:%s\n' "$tmp/district" >>"$tmp/rollbook.ini"
printf '[guard]\nfirst_run = accept\n[output]\ndir = %s\n' "$tmp/files" \
    >>"$tmp/rollbook.ini"
rm -rf "$tmp/files"
ps --now "$now" run
sum=$(sha256sum <"$(ls "$tmp"/files/current/canvas-sis-full-*.zip)")
sim_start "$tmp/district" --gzip 1
sim_source >"$tmp/source"
sed -e "/^url/d" -e "/^\[source\]/r $tmp/source" "$tmp/rollbook.ini" |
    awk '!(/^\[source\]/ && seen++)' |
    sed -e "s,^dir = .*,dir = $tmp/out," >"$tmp/ini"
mv "$tmp/ini" "$tmp/rollbook.ini"
api run
check '500 students, compressed: the same zip' '[ $code = 0 ] && zip_is "$sum"'
sim_start "$tmp/district"
sed -i "s,^url = .*,url = $SIM_URL," "$tmp/rollbook.ini"
api -o source.min_interval_ms=40 run
check 'min_interval_ms keeps requests apart' \
    '[ $code = 0 ] && record "starts_apart() >= 38"'

# How many at once: every answer takes a while, so that they overlap.
printf '%s\n' 'POST /ws/schema/query/org.rollbook.roster.cc.list? every delay 60' \
    >"$tmp/script"
for at_once in 1 2 4; do
	sim_start "$tmp/district" --script "$tmp/script"
	sed -i "s,^url = .*,url = $SIM_URL," "$tmp/rollbook.ini"
	api -o source.page_size=500 -o "source.at_once=$at_once" run
	check "at_once = $at_once: never more, and the same zip" \
	    '[ $code = 0 ] && zip_is "$sum" && record "max(x[\"in_flight\"] for x in r) == $at_once"'
done

# check.
sim_start fixtures/maple-valley
settings
api check
check 'check: certificate, clock, token, tables, pages and grants pass' \
    '[ $code -le 1 ] && says "PASS  certificate" && says "PASS  clock" && says "PASS  token" && says "PASS  grants" && ! grep -q ^FAIL "$tmp/stdout"'
check 'check: writes nothing' '[ ! -e "$tmp/out" ]'
api check --json
check 'check: one JSON document' '[ $code -le 1 ] && is_json'
api -o district.timezone=America/New_York check
check 'check: another time zone than the server'\''s is a warning' \
    '[ $code = 1 ] && says "WARN  timezone"'
sim_start fixtures/maple-valley --deny CC.DATELEFT --deny STUDENTS.FIRST_NAME \
    --deny STUDENTS.DCID --deny TERMS.LASTDAY
settings
api check
check 'check: every missing grant is a line to paste, in one go' \
    '[ $code = 4 ] && says "<field table=\"CC\" field=\"DATELEFT\" access=\"ViewOnly\"/>" &&
     says "<field table=\"STUDENTS\" field=\"FIRST_NAME\"" &&
     says "<field table=\"STUDENTS\" field=\"DCID\"" && says "<field table=\"TERMS\" field=\"LASTDAY\""'
api -o source.ways=table check
check 'check: the same by table, where a refusal names one field at a time' \
    '[ $code = 4 ] && [ "$(grep -c "access=\"ViewOnly\"" "$tmp/stdout")" = 4 ]'
sim_start fixtures/maple-valley --deny CC.TERMID
settings
api check
check 'check: a line that several queries lack is printed once' \
    '[ $code = 4 ] && [ "$(grep -c "access=\"ViewOnly\"" "$tmp/stdout")" = 1 ]'
sim_start fixtures/maple-valley --way table --page-max 100
settings
api check
check 'check: tables instead of queries, and small pages, are warnings' \
    '[ $code = 1 ] && says "WARN  cc        comes by table" && says "WARN  pages"'

finish
