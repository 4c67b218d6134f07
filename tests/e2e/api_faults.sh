#!/bin/sh
# What goes wrong between here and a PowerSchool server: nothing is published,
# or all of it, and the message says what to do; prints TAP.
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

query=/ws/schema/query/org.rollbook.roster

# served LINE...: the server with these lines as its script, and settings.
served() {
	printf '%s\n' "$@" >"$tmp/script"
	# $options are words.
	# shellcheck disable=SC2086
	sim_start fixtures/maple-valley --script "$tmp/script" ${options:-}
	settings "$tmp/lines"
}

# refused NAME CODE TEXT LINE...: the run ends with the code and the text on
# standard error, and publishes nothing.
refused() {
	name=$1 want=$2 text=$3
	shift 3
	served "$@"
	api -vv run
	check "$name: exit code $want" \
	    '[ $code = "$want" ] && warns "$text" && ! published'
	check "$name: says what was not done" \
	    'warns "nothing was published" || warns "nothing was read"'
	check "$name: no secret is shown" \
	    '! grep -qE "CANARY|aaaa-4000" "$tmp/stderr" "$tmp/stdout"'
}

# mended NAME REPEATED LINE...: the run publishes what it would without the
# fault, and the record is so.
mended() {
	name=$1 condition=$2
	shift 2
	served "$@"
	api -v run
	check "$name: the same zip" '[ $code = 0 ] && zip_is "$sum"'
	check "$name: the requests" 'record "$condition"'
}

read_rows() {	# read_rows TABLE N: the summary says so
	grep -qE "^$1 +$2 " "$tmp/stdout"
}

: >"$tmp/lines"
options=
served
api run
sum=$(sha256sum <"$(ls "$tmp"/out/current/canvas-sis-full-*.zip)")

# N1, N2: who the server is.
for kind in expired not-yet other-host self-signed; do
	CERTIFICATE=$kind
	served
	[ "$kind" != self-signed ] || sed -i '/^ca_file/d' "$tmp/rollbook.ini"
	api run
	check "N1, $kind: refused, and nothing was sent" \
	    '[ $code = 4 ] && ! published && [ ! -s "$sim_record" ]'
	check "N1, $kind: the message names the certificate" \
	    'warns "localhost" && warns "nothing was published"'
done
CERTIFICATE=good
served
sed -i '/^ca_file/d' "$tmp/rollbook.ini"
api run
check 'N1: a CA that nobody named is not trusted' \
    '[ $code = 4 ] && ! published && warns ca_file'
export SSL_CERT_FILE="$SIM_CA"
api run
unset SSL_CERT_FILE
check 'N2: SSL_CERT_FILE does not make it trusted' '[ $code = 4 ]'
served
api -o source.ca_file="$tmp/none.pem" run
check 'N1: a ca_file that is not there is a setting to mend' '[ $code = 3 ]'

# N3: the proxy.
export https_proxy=http://127.0.0.1:9
api -o source.proxy=none run
check 'N3: proxy = none goes straight' '[ $code = 0 ]'
unset https_proxy

# N4: tokens.
mended 'N4: a token that ran out' 'tokens() == 2' \
    "POST $query.students.list? 1 expired"
refused 'N4: a token that is refused again' 4 'also with a new token' \
    "POST $query.students.list? every expired"
check 'N4: one new token, one repeat, then no request at all' \
    'record "tokens() == 2 and len(paths(\"students.list?\")) == 2 and r[-1][\"status\"] == 401"'
options='--token-seconds 2'
mended 'N4: a token that is about to run out is renewed before' \
    'all(x["status"] != 401 for x in r) and tokens() > 1' \
    "POST $query.cc.list? 1 delay 1500"
options=
served 'POST /oauth/access_token every status 401 body "{\"error\":\"invalid_client\"}"'
api run
check 'N4: a wrong id or secret: exit code 4, asked once, and what to do' \
    '[ $code = 4 ] && warns "client ID or secret is wrong" && warns "Enable the plugin" && record "len(r) == 1"'
served 'POST /oauth/access_token every status 404'
api run
check 'N4: no PowerSchool there: exit code 4' \
    '[ $code = 4 ] && warns "there is no PowerSchool" && record "len(r) == 1"'
served 'POST /oauth/access_token every html'
api run
check 'N9: a web page instead of a token: exit code 5' \
    '[ $code = 5 ] && warns "web page" && record "len(r) == 1"'
served 'GET /ws/v1/metadata every status 401 body "{\"errorMessage\":{\"message\":\"Plugin is missing required accessLevelV1Api READ permission\"}}"'
api run
check 'N4: no accessLevelV1Api: no new token, and the attribute to add' \
    '[ $code = 4 ] && warns "accessLevelV1Api" && record "tokens() == 1 and len(r) == 2"'
chmod 644 "$SIM_DIR/client_secret"
api run
check 'a secret that others may read is refused before anything is sent' \
    '[ $code = 3 ] && warns "chmod 600" && record "len(r) == 2"'
chmod 600 "$SIM_DIR/client_secret"
refused 'N4: a token that would be more than a header is no token' 4 \
    'there is no PowerSchool' \
    'POST /oauth/access_token every body "{\"access_token\":\"a\\\\r\\\\nX-Other: y\"}"'
check 'N4: and it is not used' 'record "len(r) == 1"'
served
sed -i '/^client_/d' "$tmp/rollbook.ini"
export CREDENTIALS_DIRECTORY="$SIM_DIR"
api run
unset CREDENTIALS_DIRECTORY
check 'credentials may come from $CREDENTIALS_DIRECTORY' \
    '[ $code = 0 ] && zip_is "$sum"'
api run
check 'without credential files nothing is sent' \
    '[ $code = 3 ] && warns client_id_file'

# N5: grants.
options='--deny CC.DATELEFT --deny CC.TERMID'
refused 'N5: missing grants' 4 'CC.TERMID, CC.DATELEFT'
check 'N5: no other way is tried, and check is what to type' \
    'warns "ps2canvas check" && record "not paths(\"/ws/schema/table\") and r[-1][\"status\"] == 400"'
echo 'ways = table' >"$tmp/lines"
refused 'N5: missing grants, by table' 4 'CC.'
options='--deny USERS.LAST_NAME'
: >"$tmp/lines"
refused 'N5: missing grants of the table that is read last' 4 'USERS.LAST_NAME'
options=

# A table that a district can do without is missing, not refused: blank e-mail
# and aides as teachers would be a shorter roster that nobody was told of.
echo 'ways = query' >"$tmp/lines"
for table in roledef studentemail; do
	refused "N5: $table that is not granted" 4 "the table $table (403" \
	    "POST $query.$table.list* every status 403"
	refused "N5: $table with a token that is refused" 4 \
	    "the table $table (401" "POST $query.$table.list* every expired"
	refused "N5: $table with another error" 4 'ORA-00060' \
	    "POST $query.$table.list* every status 400 body \"{\\\"message\\\":\\\"ORA-00060\\\"}\""
	served "POST $query.$table.list* every status 404"
	api run
	check "$table that is not there is a finding" \
	    '[ $code = 0 ] && grep -q "^SRC-GAP,warning,,,$table," "$tmp/out/current/findings.csv"'
done
: >"$tmp/lines"
options='--deny ROLEDEF.NAME'
served
api check
check 'N5: check fails where a run would' \
    '[ $code = 4 ] && says "FAIL  roledef" && says "table=\"ROLEDEF\" field=\"NAME\""'
options=

# N6, N7: later, perhaps.
mended 'N6: 429 with Retry-After' \
    'paths("cc.list?")[1]["start_ms"] - paths("cc.list?")[0]["start_ms"] >= 990' \
    "POST $query.cc.list? 1 status 429 header Retry-After 1"
mended 'N7: 503 once' 'len(paths("cc.list?")) == 2' \
    "POST $query.cc.list? 1 status 503"
mended 'N7: the connection is reset once' 'len(paths("cc.list?")) == 2' \
    "POST $query.cc.list? 1 reset 2000"
mended 'N7: no answer once' 'len(paths("cc.list?")) == 2' \
    "POST $query.cc.list? 1 no-answer"
refused 'N7: 503 again and again' 5 '503' \
    "POST $query.cc.list? every status 503 header Retry-After 1"
check 'N7: five tries, and no request after them' \
    'record "len(paths(\"cc.list?\")) == 5 and r[-1][\"status\"] == 503"'

# N8: bodies that stop in the middle.
for how in length chunked close; do
	mended "N8: cut, $how" 'len(paths("cc.list?")) == 2' \
	    "POST $query.cc.list? 1 cut $how 3000"
done
refused 'N8: cut each time where nothing says how long it is' 5 \
    'stops in the middle' "POST $query.cc.list? every cut close 3000"
mended 'N8: a count that is cut' 'len(paths("cc.list/count")) > 2' \
    "POST $query.cc.list/count 1 cut close 5"
echo 'page_size = 20' >"$tmp/lines"
mended 'N8: a page that is cut, among others' 'len(paths("cc.list?")) > 11' \
    "POST $query.cc.list? 3 cut close 300" \
    "POST $query.cc.list? 5 cut length 300"
: >"$tmp/lines"

# N9, N10: not what was asked for.
refused 'N9: a web page' 5 'web page' "POST $query.cc.list? every html"
refused 'N9: a web page that is called JSON' 5 'web page' \
    "POST $query.cc.list? every body \" <html>Sign in</html>\""
refused 'N9: another content type' 5 'web page' \
    "POST $query.cc.list? every type text/plain"
refused 'N9: a web page instead of a count' 5 'web page' \
    "POST $query.cc.list/count 2 html"
refused 'N10: something behind the document' 4 'behind its end' \
    "POST $query.cc.list? every behind garbage"
refused 'N10: a byte order mark' 4 'byte order mark' \
    "POST $query.cc.list? every before \"\\xef\\xbb\\xbf\""
refused 'N10: a NUL' 4 'cc.csv:' \
    "POST $query.cc.list? every replace 3601 \"36\\x001\""
refused 'N10: an escaped NUL' 4 'cc.csv:' \
    "POST $query.cc.list? every replace 3601 \"36\\\\u00001\""
refused 'N10: not UTF-8' 4 'cc.csv:' \
    "POST $query.cc.list? every replace 3601 \"36\\xff1\""
refused 'N10: depth' 4 'cc.csv:' "POST $query.cc.list? every depth 100000"
refused 'N10: a list where an object should stand' 4 'cc.csv:' \
    "POST $query.cc.list? every body \"[1,2]\""

# N12 to N14: too much, and elsewhere.
refused 'N12: more than was asked for' 4 'larger than' \
    "POST $query.cc.list? every huge 100000000"
refused 'N12: a gzip bomb' 4 'larger than' \
    "POST $query.cc.list? every gzip-bomb 200000000"
refused 'N13: a header without end' 4 'header' \
    "POST $query.cc.list? every headers 100 10000"
refused 'N14: a redirect is not followed' 4 'moved to https://other.example.org' \
    "POST $query.cc.list? every status 302 header Location https://other.example.org/x"
refused 'N14: nor is one to a file' 4 'moved' \
    "GET /ws/v1/metadata every status 301 header Location file:///etc/passwd"

# N15, N16: the roster moves.
mended 'N15: a row that one answer lacks' 'len(paths("cc.list?")) == 2' \
    "POST $query.cc.list? 1 omit 5"
mended 'N15: a row that one answer has twice' 'len(paths("cc.list?")) == 2' \
    "POST $query.cc.list? 1 twice 5"
refused 'N15: a row is missing each time' 5 'the roster moved while it was read' \
    "POST $query.cc.list? every omit 5"
check 'N15: it was read again twice' 'record "len(paths(\"cc.list?\")) == 3"'
check 'N15: where the count stays the same, no hour is to blame' \
    'warns "page_size = 500" && ! warns "at an hour"'
refused 'N16: one more was counted than came' 5 'the roster moved' \
    "POST $query.cc.list/count every count 1"
served "POST $query.students.list? 1 insert students 5"
api run
check 'N15: a row that comes into being is read by the second reading' \
    '[ $code = 0 ] && warns "read again" && read_rows students 57'
served "POST $query.students.list? 1 delete students 5"
api run
check 'N15: a row that goes away is gone in the second reading' \
    '[ $code = 0 ] && warns "read again" && read_rows students 55'
echo 'page_size = 20' >"$tmp/lines"
served "POST $query.cc.list? 3 delete cc 5"
api run
check 'N15: a row goes away between two pages: read again' \
    '[ $code = 0 ] && warns "cc.csv" && warns "read again" && read_rows cc 216'
refused 'N15: rows go away between pages again and again' 5 'moved' \
    "POST $query.cc.list? 3 delete cc 5" "POST $query.cc.list? 10 delete cc 6" \
    "POST $query.cc.list? 16 delete cc 7" "POST $query.cc.list? 22 delete cc 8" \
    "POST $query.cc.list? 30 delete cc 9" "POST $query.cc.list? 36 delete cc 9"
printf 'ways = table\npage_size = 20\n' >"$tmp/lines"
served
api run
cc_rows=$(awk '$1 == "cc" { print $2; exit }' "$tmp/stdout")
bare_sum=$(sha256sum <"$(ls "$tmp"/out/current/canvas-sis-full-*.zip)")
served 'GET /ws/schema/table/cc?projection 3 delete cc 5'
api run
check 'N15: by table, a row goes away between two pages: read again' \
    '[ $code = 0 ] && warns "read again" && read_rows cc $((cc_rows - 1))'

# N17: pages that are smaller than asked.
sum_of_files=$sum
sum=$bare_sum
options='--page-max 7'
mended 'N17: by table, a page limit of 7' 'len(paths("/table/cc?")) > 30'
options=
mended 'N17: by table, a limit that metadata does not tell' \
    'len(paths("/table/cc?")) > 30' \
    'GET /ws/schema/table/cc? every page-max 7'
sum=$sum_of_files
echo 'page_size = 100' >"$tmp/lines"
mended 'N17: a short page is not the end' 'len(paths("cc.list?")) >= 3' \
    "POST $query.cc.list? every page-max 90"
: >"$tmp/lines"

mended 'N17: a whole table that comes cut: in pages' \
    'len(paths("cc.list?")) > 2 and len(paths("pagesize=1000")) >= 3' \
    "POST $query.cc.list? every page-max 100"

# N18: what refers to a row that was not there yet.
served "POST $query.sections.list? 1 omit 3" \
    "POST $query.sections.list/count 1-2 count -1"
api run
check 'N18: the table that lacks the row is read once more' \
    '[ $code = 0 ] && zip_is "$sum" && warns "came into being" && record "len(paths(\"sections.list?\")) == 2"'

# N19, N20: this computer.
served
api -o source.url=https://powerschool.invalid run
check 'N19: a name that nobody knows: exit code 5' \
    '[ $code = 5 ] && ! published && warns powerschool.invalid'
if command -v faketime >/dev/null; then
	RUNNER='faketime -f -10d'
	served
	api run
	RUNNER=
	check 'N20: a clock that is ten days slow: the message says so' \
	    '[ $code = 4 ] && ! published && warns clock'
else
	check 'N20: faketime is there' false
fi

# Versions.
options='--version 8.2.1'
refused 'a PowerSchool that is too old' 4 'older than 8.3'
options=
served 'GET /ws/v1/metadata every body "{\"metadata\":{}}"'
api run
check 'a server that does not tell its version: queries come page by page' \
    '[ $code = 0 ] && zip_is "$sum" && record "paths(\"/ws/schema/query/api\") and not paths(\"pagesize=0\")"'
refused 'one that does not tell it and has no list of queries' 4 'older than 8.3' \
    'GET /ws/v1/metadata every body "{\"metadata\":{}}"' \
    'GET /ws/schema/query/api every status 404'

# The database of the plugin: what is missing altogether.
options='--way v1'
refused 'neither queries nor tables' 4 'the table cc'
options=
served "POST $query.cc.list? every body \"{\\\"name\\\":\\\"CC\\\"}\"" \
    "POST $query.cc.list/count every body \"{\\\"count\\\":0}\""
api run
check 'a table without rows is no ordinary success' \
    '[ $code = 4 ] && ! published && warns "gives no row"'
served
sed -i 's/^\[source\]/&\nways = query, fax/' "$tmp/rollbook.ini"
api run
check 'a way that is none is a setting to mend, before anything is sent' \
    '[ $code = 3 ] && warns fax && [ ! -s "$sim_record" ]'

finish
