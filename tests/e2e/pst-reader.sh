#!/bin/sh
# The reader that judges score files refuses what differs from their layout
# in one place; prints TAP.
# shellcheck disable=SC2016,SC2034,SC2154
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. tests/e2e/tap.inc

reader=tests/oracle/pst_reader.py
: >"$tmp/stdout"
: >"$tmp/stderr"

cat >"$tmp/good.csv" <<'EOT'
Teacher Name:,Kim Orchard,
Class:,Chemistry,
Assignment Name:,"Lab 3, part ""B""",
Due Date:,2026-10-09,
Points Possible:,20.0,
Extra Points:,2.25,
Score Type:,POINTS,
Student Num,Student Name,Score
200711,"Egan, Tove",18.5
200722,Nils FARO,
200733,"Gil, Ana-Rosa",EX
200744,"Hale, Rob",0
EOT
check 'a right file is taken' 'python3 "$reader" scores "$tmp/good.csv"'
sed 's/$/\r/' "$tmp/good.csv" >"$tmp/crlf.csv"
check 'one with CRLF is taken' 'python3 "$reader" scores "$tmp/crlf.csv"'
check 'both differ outside the scores' \
    '! python3 "$reader" filled "$tmp/good.csv" "$tmp/crlf.csv" >"$tmp/said"'
sed '9s/18.5/20/; 10s/$/"1,5"/' "$tmp/good.csv" >"$tmp/filled.csv"
check 'other scores alone are no difference' \
    'python3 "$reader" filled "$tmp/good.csv" "$tmp/filled.csv"'

# refused NAME SED-SCRIPT: the file with one thing changed is refused.
refused() {
	sed "$2" "$tmp/good.csv" >"$tmp/bad.csv"
	if cmp -s "$tmp/good.csv" "$tmp/bad.csv"; then
		echo "Bail out! $1: nothing was changed"
		exit 1
	fi
	code=0
	python3 "$reader" scores "$tmp/bad.csv" >"$tmp/said" 2>"$tmp/stderr" ||
	    code=$?
	check "$1 is refused" '[ "$code" = 1 ] && [ -s "$tmp/said" ]'
}

refused 'a label without its colon' '2s/Class:/Class/'
refused 'a missing comma at the end of a label line' '2s/,$//'
refused 'a missing line' '4d'
refused 'two lines in another order' '1{h;d};2G'
refused 'an empty line' '7G'
refused 'another header' '8s/Num/Number/'
refused 'a day that is none' '4s/10-09/13-09/'
refused 'a date of another form' '4s/2026-10-09/10\/09\/2026/'
refused 'points without a decimal' '5s/20.0/20/'
refused 'points with a spare zero' '5s/20.0/20.50/'
refused 'points with three decimals' '6s/2.25/2.255/'
refused 'a score type of another gradebook' '7s/POINTS/LETTERGRADE/'
refused 'quotes that are not needed' '10s/Nils FARO/"Nils FARO"/'
refused 'a comma without quotes' '9s/"//g'
refused 'a score with a decimal comma' '9s/18.5/"18,5"/'
refused 'a score with a spare zero' '9s/18.5/18.50/'
refused 'a score with three decimals' '9s/18.5/18.512/'
refused 'a score with an exponent' '9s/18.5/1e1/'
refused 'a repeated student' '10s/200722/200711/'
refused 'a student without a number' '10s/200722//'
refused 'a row of four cells' '10s/$/,/'
refused 'one line with CRLF' '9s/$/\r/'
refused 'a byte order mark' '1s/^/\xef\xbb\xbf/'
refused 'a byte that is not UTF-8' '10s/Nils/Ni\xefs/'
printf %s "$(cat "$tmp/good.csv")" >"$tmp/cut.csv"
check 'a file without its last line end is refused' \
    '! python3 "$reader" scores "$tmp/cut.csv" >"$tmp/said"'

finish
