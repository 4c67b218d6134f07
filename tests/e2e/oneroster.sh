#!/bin/sh
# A district whose vendor gives OneRoster 1.1 CSV; prints TAP.
#
# shellcheck disable=SC2016,SC2154
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. tests/e2e/tap.inc

golden=fixtures/golden/oneroster-district
set_of=fixtures/maple-valley-oneroster
printf '[district]\ntimezone = America/Los_Angeles\n' >"$tmp/rollbook.ini"

# go OUT URL OPTION... COMMAND: a run of Maple Valley's settings into $tmp/OUT.
go() {
	out=$tmp/$1
	url=$2
	shift 2
	ps --now 2026-11-23T12:00:00Z -o source.url="$url" \
	    -o output.dir="$out" -o guard.first_run=accept \
	    -o 'ids.student=S{student.student_number}' \
	    -o 'roles.Student Teacher=ta' -o 'exclude.courses=HR*' \
	    -o 'exclude.students=9999*' "$@"
}

# zipped FILE DIR [PREFIX]: makes a zip of a folder's CSVs.
zipped() {
	python3 - "$@" <<'END'
import glob, os, sys, zipfile
file, folder = sys.argv[1:3]
prefix = sys.argv[3] if len(sys.argv) > 3 else ""
with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
    if prefix:
        out.writestr(prefix, "")
        out.writestr("__MACOSX/" + prefix + "._manifest.csv", "mac")
        out.writestr("__MACOSX/" + prefix + "manifest.csv", "mac")
    for path in sorted(glob.glob(folder + "/*.csv")):
        out.write(path, prefix + os.path.basename(path))
END
}

# ---- the same district ----

python3 -B "$set_of/make.py" fixtures/maple-valley "$tmp" &&
    for file in "$set_of"/*.csv; do
	cmp "$file" "$tmp/${file##*/}" || true
    done >"$tmp/made.wrong" 2>&1
silent 'the set is what make.py makes of the table exports' "$tmp/made.wrong"

go exports files:fixtures/maple-valley run
check 'Maple Valley as table exports is published' '[ $code = 0 ]'
go folder "oneroster:$set_of" run
check 'Maple Valley as OneRoster is published' '[ $code = 0 ]'
for sheet in accounts users sections enrollments; do
	cmp "$tmp/exports/current/csv/$sheet.csv" \
	    "$tmp/folder/current/csv/$sheet.csv" || true
done >"$tmp/same.wrong" 2>&1
silent 'it gives the same accounts, users, sections and enrollments' \
    "$tmp/same.wrong"
for sheet in terms courses; do
	sed -E 's/(^|,)([0-9]+)-\2-/\1\2-/' \
	    "$tmp/folder/current/csv/$sheet.csv" |
	    diff "$tmp/exports/current/csv/$sheet.csv" - || true
done >"$tmp/terms.wrong" 2>&1
silent 'courses and terms are the same but for the ids of terms' \
    "$tmp/terms.wrong"
check 'what was left out is counted' \
    'says "users.csv        family 4" &&
	says "orgs.csv         not-a-school 1" &&
	says "enrollments.csv  tobedeleted 1"'
check 'no password and no cell of demographics.csv gets anywhere' \
    '! grep -raq CANARY "$tmp/folder" "$tmp/stdout" "$tmp/stderr"'
check 'no parent is in users.csv' \
    '! grep -qi family "$tmp/folder/current/csv/users.csv"'

# ---- folder or zip, in any order ----

zipped "$tmp/root.zip" "$set_of"
go zip "oneroster:$tmp/root.zip" run
check 'a zip of the same files gives the same zip' \
    '[ $code = 0 ] && [ "$(sums "$tmp/zip/current")" = \
	"$(sums "$tmp/folder/current")" ]'
zipped "$tmp/deep.zip" "$set_of" 'export 2026/'
go deep "oneroster:$tmp/deep.zip" run
check 'so does a zip with them in a folder, packed on a Mac' \
    '[ $code = 0 ] && [ "$(sums "$tmp/deep/current")" = \
	"$(sums "$tmp/folder/current")" ]'
mkdir "$tmp/shuffled"
python3 - "$set_of" "$tmp/shuffled" <<'END'
import csv, glob, os, random, sys
random.seed(7)
for path in glob.glob(sys.argv[1] + "/*.csv"):
    with open(path, encoding="utf-8-sig", newline="") as f:
        head, *rows = csv.reader(f)
    random.shuffle(rows)
    order = random.sample(range(len(head)), len(head))
    name = os.path.basename(path).lower()
    with open(os.path.join(sys.argv[2], name), "w", newline="") as f:
        out = csv.writer(f)
        out.writerows([row[i] for i in order] for row in (head, *rows))
END
go shuffled "oneroster:$tmp/shuffled" -j 8 run
check 'the order of rows and columns, the case of names and threads do not count' \
    '[ $code = 0 ] && [ "$(sums "$tmp/shuffled/current")" = \
	"$(sums "$tmp/folder/current")" ]'
go folder "oneroster:$set_of" --json run
check 'a second run changes nothing' \
    '[ $code = 0 ] && python3 - "$tmp/stdout" <<END
import json, sys
changes = json.load(open(sys.argv[1]))["changes"].values()
sys.exit(any(c["added"] or c["changed"] or c["removed"] for c in changes))
END'
check 'the manifest counts what was left out, file by file' \
    'python3 - "$tmp/stdout" <<END
import json, sys
skipped = {f["name"]: f["skipped"] for f in
           json.load(open(sys.argv[1]))["source"] if "skipped" in f}
sys.exit(skipped != {"orgs.csv": {"not-a-school": 1},
                     "users.csv": {"family": 4},
                     "enrollments.csv": {"tobedeleted": 1}})
END'

# ---- findings ----

for url in "oneroster:$golden/in" "files:$golden/tables"; do
	ps --now 2026-11-23T12:00:00Z -o source.url="$url" \
	    -o output.dir="$tmp/found.${url%%:*}" -o guard.first_run=accept run
	python3 - "$tmp/found.${url%%:*}/current/findings.csv" <<'END'
import csv, sys
for row in sorted((r["rule"], r["severity"], r["key"], r["message"])
                  for r in csv.DictReader(open(sys.argv[1]))):
    print(*row)
END
done >"$tmp/findings"
check 'the same faults give the same findings, an unknown teacher too' \
    '[ "$(grep -c "REF-STAFF warning 54 " "$tmp/findings")" = 2 ] &&
	[ -s "$tmp/findings" ] &&
	[ "$(sort "$tmp/findings" | uniq -c | grep -vc "^ *2 ")" = 0 ]'

# ---- check ----

ps -o source.url="oneroster:$set_of" -o output.dir="$tmp/none" check
check 'check looks at the manifest and every header' \
    '[ $code = 1 ] && grep -q "^PASS  source .*7 files" "$tmp/stdout" &&
	[ ! -e "$tmp/none" ]'
ps -o source.url=oneroster:fixtures/golden/bad-oneroster-delta/in check
check 'check refuses a delta export' \
    '[ $code = 4 ] && grep -q "^FAIL  source .*delta" "$tmp/stdout"'

# ---- zips that are not taken ----

python3 - "$set_of" "$tmp" <<'END'
import glob, os, sys, zipfile
source, tmp = sys.argv[1:]
def make(name, extra):
    with zipfile.ZipFile(f"{tmp}/{name}.zip", "w", zipfile.ZIP_DEFLATED) as z:
        for path in sorted(glob.glob(source + "/*.csv")):
            z.write(path, os.path.basename(path))
        for entry, text in extra:
            z.writestr(entry, text)
make("escape", [("../users.csv", "x\n")])
make("twice", [("other/manifest.csv", "propertyName,value\n")])
make("double", [("USERS.csv", "sourcedId\n")])
make("bomb", [("padding.csv", "0" * 10000000)])
END
for zip in escape twice double bomb; do
	ps -o source.url="oneroster:$tmp/$zip.zip" -o output.dir="$tmp/none" run
	printf '%s %s %s\n' "$zip" "$code" "$(head -1 "$tmp/stderr")"
done >"$tmp/refused"
check 'a zip that leads out of itself, is two sets or bursts is refused' \
    '[ "$(cut -d " " -f 2 "$tmp/refused" | sort -u)" = 4 ] &&
	grep -q "^escape.*leads out of it" "$tmp/refused" &&
	grep -q "^twice.*more than one manifest" "$tmp/refused" &&
	grep -q "^double.*users.csv twice" "$tmp/refused" &&
	grep -q "^bomb.*100 times its size" "$tmp/refused"'
ps -o source.url=oneroster:/nowhere -o output.dir="$tmp/none" run
check 'what is not there is refused, with the setting to correct' \
    '[ $code = 4 ] && warns "[source] url = oneroster:DIR"'

finish
