#!/bin/sh
# Canvas grades into PowerTeacher files, from gradebooks and over the API: cell
# by cell against a second opinion, templates, --changed, accept, and how it
# refuses. Prints TAP.
#
# Conditions stand in single quotes, for check evaluates them.
# shellcheck disable=SC2016,SC2034,SC2154,SC2317
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. tests/e2e/tap.inc
# shellcheck source=/dev/null
. tests/e2e/sim.inc

[ -x "$BIN/canvas2pt" ] || {
	echo "Bail out! $BIN/canvas2pt is not there: type make"
	exit 1
}
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY
books=fixtures/gradebooks/maple-valley
courses=fixtures/canvas-courses
ini=fixtures/maple-valley/rollbook.ini
grades=$tmp/out/grades
hour=10

# pt ARGUMENT...: canvas2pt with Maple Valley's settings and $tmp/out; each
# call is a minute later than the one before.
pt() {
	hour=$((hour + 1))
	code=0
	# shellcheck disable=SC2086
	$RUNNER "$BIN/canvas2pt" -c $ini -o "output.dir=$tmp/out" \
	    -o "grades.url=${SIM_URL:-https://127.0.0.1:1}" \
	    -o "grades.ca_file=${SIM_CA:-}" \
	    -o "grades.token_file=$SIM_DIR/token" "$@" \
	    >"$tmp/stdout" 2>"$tmp/stderr" || code=$?
}

now() { # a moment that is later each time
	echo "2026-11-23T13:$hour:00Z"
}

# differs KIND ARGUMENT...: what the second opinion has against the export.
differs() {
	python3 tests/oracle/grades.py "$@" >"$tmp/differs" 2>&1 || true
}

# strict: what a strict reader of the layouts has against the current export.
strict() {
	(cd "$grades/current" && find . -name '*_pst.csv' -exec \
	    python3 "$OLDPWD/tests/oracle/pst_reader.py" scores {} + &&
	    python3 "$OLDPWD/tests/oracle/pst_reader.py" assignments \
	        assignments.csv &&
	    python3 "$OLDPWD/tests/oracle/pst_reader.py" status status.csv) \
	    >"$tmp/differs" 2>&1 || true
}

written() { # how many score files the current export has
	find -L "$grades/current" -name '*_pst.csv' | wc -l
}

runs() { # how many exports there are
	find "$grades" -mindepth 1 -maxdepth 1 -type d -name '2*' | wc -l
}

found() { # found CODE [TEXT]: the current findings have such a line
	grep "^$1," "$grades/current/findings.csv" | grep -qF -e "${2:-}"
}

# --- before there is a run of ps2canvas

pt export -g "$books/2026-11-23T0712_Grades-CHEM.csv"
check 'without a crosswalk nothing is guessed: exit 3, with what to do' \
    '[ $code = 3 ] && warns "no crosswalk" && warns "Run ps2canvas first" &&
    [ ! -e "$grades" ]'

"$BIN/ps2canvas" -c $ini -o "output.dir=$tmp/out" \
    --now 2026-11-23T12:00:00Z run -q
run=$tmp/out/accepted

# --- gradebooks

all="-g $books/2026-11-23T0712_Grades-CHEM.csv
-g $books/2026-11-23T0713_Grades-ART.csv
-g $books/2026-11-23T0714_Grades-WOOD.csv --assignments $books/assignments.csv"
# shellcheck disable=SC2086
pt export $all -n
check 'a dry run says what would come out and leaves no folder' \
    '[ $code = 0 ] && says "13 new" && [ ! -e "$grades" ]'
# shellcheck disable=SC2086
pt export $all --now "$(now)"
check 'gradebooks become score files' \
    '[ $code = 0 ] && says "13 new" && [ "$(written)" = 13 ]'
differs gradebooks $books/assignments.csv "$run" "$grades/current" \
    $books/2026-11-23T07*.csv
silent 'every cell of every gradebook is as the second opinion has it' \
    "$tmp/differs"
strict
silent 'a strict reader takes every file' "$tmp/differs"
check 'files are closed to others' \
    '[ -z "$(find "$grades/" -type f ! -perm 600)" ] &&
    [ -z "$(find "$grades/" -type d ! -perm 700)" ]'
check 'findings and manifest name nobody' \
    '! grep -qE "Wiśniewski|Okonkwo|Sato|Whitlock" "$grades/current/findings.csv" \
    "$grades/current/manifest.json" "$grades/current/report.txt" \
    "$tmp/stderr" "$tmp/stdout"'
cp -r "$grades/current/" "$tmp/first"
# shellcheck disable=SC2086
pt export $all --now "$(now)" -q
check 'the same grades give the same bytes' \
    'diff -r -x manifest.json -x "report.*" "$tmp/first" "$grades/current/"'
# shellcheck disable=SC2086
pt export $all --now "$(now)" -q -o grades.line_ends=crlf
strict
silent 'with CRLF a strict reader takes every file, too' "$tmp/differs"
check 'line ends are CRLF when it is asked for' \
    '[ "$(grep -c "$(printf "\r")\$" \
    "$grades/current/3240.1/3240.1_CellQuiz_pst.csv")" = 13 ]'

# --- a gradebook of this Canvas and one of another

sed 's/S0004141/S9999999/; s/,S0004145,/,,/' \
    "$books/2026-11-23T0712_Grades-CHEM.csv" >"$tmp/strangers.csv"
pt export -g "$tmp/strangers.csv" --now "$(now)"
check 'a student who cannot be matched is listed and in no file' \
    '[ $code = 0 ] && found STUDENT-UNKNOWN S9999999 &&
    found STUDENT-NO-ID 411258 && ! grep -rq "Diallo\|Kealoha" \
    "$grades/current/3240.1"'
sed 's/S0004141/S0004145/' "$books/2026-11-23T0712_Grades-CHEM.csv" \
    >"$tmp/twice.csv"
pt export -g "$tmp/twice.csv" --now "$(now)"
check 'two students with one number are both left out' \
    '[ $code = 0 ] && found STUDENT-TWICE 411110 &&
    found STUDENT-TWICE 411258 && ! grep -rq 0004145 \
    "$grades/current/3240.1"'
before=$(runs)
printf 'Student Num,Student Name,Score\n1,A,2\n' >"$tmp/bare.csv"
pt export -g "$tmp/bare.csv" --now "$(now)"
check 'what is no gradebook is refused with its place, nothing published' \
    '[ $code = 4 ] && warns "bare.csv" && [ "$(runs)" = "$before" ]'
# shellcheck disable=SC2086
pt export $all -g "$books/2026-11-23T0713_Grades-ART.csv"
check 'a course that comes twice is refused, nothing published' \
    '[ $code = 2 ] && warns "were read before" && [ "$(runs)" = "$before" ]'
pt export -g "$tmp/bare.csv" --json
check 'with --json the error is the one document' '[ $code = 4 ] && is_json'
pt export
check 'it must be said which grades' '[ $code = 2 ] && warns "--course ID"'

# --- over the API

sim_canvas --folder $courses
pt check --now 2026-11-23T12:00:00Z
check 'check passes' \
    '[ $code = 0 ] && [ "$(grep -c ^PASS "$tmp/stdout")" = 4 ]'
# Each line: settings that both know, as KEY=VALUE.
while read -r settings; do
	set --
	for one in $settings; do
		set -- "$@" -o "grades.$one"
	done
	pt export --all --now "$(now)" "$@"
	check "courses are exported: ${settings:-as delivered}" '[ $code = 0 ]'
	# shellcheck disable=SC2086
	differs courses $courses "$run" "$grades/current" $settings
	silent "every cell is as the second opinion has it: ${settings:-as delivered}" \
	    "$tmp/differs"
	strict
	silent "a strict reader takes every file: ${settings:-as delivered}" \
	    "$tmp/differs"
done <<EOT

which=all
unposted=skip
code_excused=EX code_missing=MIS
extra_points=over_maximum which=all
EOT
check 'what is left out and what was changed is found' \
    'found NOT-PUBLISHED && found NOT-GRADED && found NOT-GIVEN &&
    found NAME-CUT && found NAME-TWICE && found DUE-OUTSIDE &&
    found DUE-MISSING && found DUE-SINGLE && found MASTERY-PATHS &&
    found POINTS-ZERO && found POINTS-NONE && found UNPOSTED'
pt export --all --now "$(now)"
check 'without SIS marks wanted, an assignment is left out by its mark' \
    'found NOT-FOR-SIS 8115'

# --- what was imported

pt accept --now "$(now)" --reason 'imported by the office'
check 'accept records that the current export was imported' \
    '[ $code = 0 ] && says accepted && [ "$(readlink "$grades/accepted")" = \
    "$(readlink "$grades/current")" ] &&
    grep -q "imported by the office" "$grades/accepted/decisions.json"'
pt accept
check 'to accept it again changes nothing' \
    '[ $code = 0 ] && says "accepted already"'
pt export --all --changed --now "$(now)"
check '--changed leaves out all that is as it was imported, and lists it' \
    '[ $code = 0 ] && [ "$(written)" = 0 ] &&
    says "40 unchanged (not written)" &&
    [ "$(grep -c ",unchanged,0" "$grades/current/files.csv")" = 40 ]'
pt export --course 4101 --changed --now "$(now)"
check 'files of courses that were not read are carried along' \
    '[ $code = 0 ] && [ "$(written)" = 0 ] &&
    [ "$(grep -c ",carried,0" "$grades/current/files.csv")" = 18 ]'
pt accept --now "$(now)" -q
cp -r $courses "$tmp/courses"
python3 - "$tmp/courses/mathematics-7/submissions/5101.json" <<'EOT'
import json, sys
groups = json.load(open(sys.argv[1]))
groups[0]["submissions"][0].update(score=19.125, grade="19.125")
json.dump(groups, open(sys.argv[1], "w"))
EOT
sim_canvas --folder "$tmp/courses"
pt export --all --changed --now "$(now)"
check 'one score that is different makes one file, rounded half-up' \
    '[ $code = 0 ] && [ "$(written)" = 1 ] && says "1 changed" &&
    grep -q ",19.13$" "$grades/current/M7MATH.1/M7MATH.1_FractionsQuiz1_pst.csv"'
differs courses "$tmp/courses" "$run" "$grades/current"
check 'all others are as they were imported' \
    '[ "$(grep -vc ": no file" "$tmp/differs")" = 0 ] &&
    [ "$(grep -c ": no file" "$tmp/differs")" = 39 ]'
echo ' ' >>"$grades/current/M7MATH.1/M7MATH.1_FractionsQuiz1_pst.csv"
pt accept --now "$(now)"
check 'an export whose file was changed is not accepted' \
    '[ $code = 6 ] && warns "is not as it was exported"'
first=$(cd "$grades" && for d in 2*; do echo "$d"; done | head -1)
pt accept "$first" --now "$(now)"
check 'an older export is accepted only with a reason' \
    '[ $code = 2 ] && warns "--reason TEXT"'

# --- the teacher's own templates

sim_canvas --folder $courses
pt export --all --now "$(now)" -q
mkdir -p "$tmp/templates/M7MATH.1" "$tmp/templates/3120.1"
python3 - "$grades/current" "$tmp/templates" <<'EOT'
import glob, os, re, sys
for path in sorted(glob.glob(sys.argv[1] + "/M7MATH.1/*_pst.csv")):
    lines = open(path, encoding="utf-8", newline="").read().split("\n")
    lines[8:-1] = [re.sub(",[^,]*$", ",", line) for line in lines[8:-1]]
    if "Ratiotables" in path:
        lines[6] = "Score Type:,PERCENT,"
    lines.insert(9, "9990001,Somebody ELSE,")
    with open(sys.argv[2] + "/M7MATH.1/" + os.path.basename(path), "w",
              encoding="utf-8", newline="") as out:
        out.write("\r\n".join(lines))
EOT
printf 'Student Num,Student Name,Score\n1,A,\n' \
    >"$tmp/templates/3120.1/bare_pst.csv"
pt export --course 4101 --templates "$tmp/templates" --now "$(now)"
check 'templates are filled' \
    '[ $code = 0 ] && says "in templates      11"'
n_filled=0
for template in "$tmp"/templates/M7MATH.1/*_pst.csv; do
	python3 tests/oracle/pst_reader.py filled "$template" \
	    "$grades/current/M7MATH.1/${template##*/}" \
	    >"$tmp/differs" 2>&1 && n_filled=$((n_filled + 1))
done
check 'every byte of a template but its Score cells is kept' \
    '[ $n_filled = 11 ]'
check 'a PERCENT template gets percentages' \
    'grep -q "^Score Type:,PERCENT" \
    "$grades/current/M7MATH.1/M7MATH.1_Ratiotables_pst.csv" &&
    python3 - "$grades" <<EOT
import csv, glob, sys
whole = sorted(glob.glob(sys.argv[1] + "/2*/M7MATH.1/*_Ratiotables_pst.csv"))
rows = [list(csv.reader(open(p, encoding="utf-8", newline="")))
        for p in whole[-2:]]
points = {r[0]: r[2] for r in rows[0][8:]}
percent = {r[0]: r[2] for r in rows[1][8:]}
sys.exit(any(float(percent[k]) != float(v) * 10
             for k, v in points.items() if v) or not points)
EOT'
check 'strangers, bare files and sheets without a template are found' \
    'found TEMPLATE-STRANGER 9990001 && found TEMPLATE-REFUSED bare_pst.csv &&
    found TEMPLATE-NONE'

# --- how it fails

before=$(runs)
printf 'CANARY-wrong-token\n' >"$tmp/wrong"
chmod 600 "$tmp/wrong"
pt export --all -o "grades.token_file=$tmp/wrong"
check 'a token that Canvas does not take: exit 3, nothing published' \
    '[ $code = 3 ] && [ "$(runs)" = "$before" ] &&
    ! grep -q CANARY "$tmp/stderr" "$tmp/stdout"'
sim_canvas --folder $courses --no-sis
pt export --all
check 'without SIS ids nothing is exported' \
    '[ $code = 3 ] && [ "$(runs)" = "$before" ]'
pt check --now 2026-11-23T12:00:00Z
check 'check says that SIS ids are not seen' \
    '[ $code = 3 ] && says "FAIL  canvas" && says "SIS ids are not seen"'
(
	flock 9
	pt export -g "$books/2026-11-23T0712_Grades-CHEM.csv"
	echo $code >"$tmp/locked"
) 9<"$grades/.lock"
check 'two exports do not run at the same time' \
    '[ "$(cat "$tmp/locked")" = 11 ]'
check 'no stage is left behind' \
    '[ -z "$(find "$grades" -maxdepth 1 -name ".stage*")" ]'
pt explain student-unknown
check 'explain says what a finding means' \
    '[ $code = 0 ] && says "STUDENT-UNKNOWN (error)" && says "fix "'
pt explain STUDENT-UNKNWN
check 'explain offers the nearest code' \
    '[ $code = 2 ] && warns "did you mean STUDENT-UNKNOWN"'
pt export -g x.csv -o grades.code_excused=0
check 'a code that would be taken for a score is refused' \
    '[ $code = 3 ] && warns "code_excused"'

echo "1..$n"
exit "$bad"
