#!/bin/sh
# Lints the packages of fixtures/lint and some zips; prints TAP.
#
# usage: validate.sh [--bless]
#   BIN     the folder of ps2canvas, default out/bin
#   RUNNER  a command in front of it: "valgrind -q --error-exitcode=99"
# The functions are called by `ok`.
# shellcheck disable=SC2317
set -eu
cd "$(dirname "$0")/../.."
BIN=${BIN:-out/bin}
RUNNER=${RUNNER:-}
fixtures=fixtures/lint

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$tmp/tmp"
TMPDIR=$tmp/tmp
export TMPDIR

# validate ARGS...: $tmp/out, $tmp/err and $code get what came of it.
validate() {
	code=0
	# $RUNNER is a command with its arguments.
	# shellcheck disable=SC2086
	$RUNNER "$BIN/ps2canvas" validate "$@" >"$tmp/out" 2>"$tmp/err" ||
	    code=$?
}

# What `want` holds: the exit code, then the output.
shown() {
	validate "$1"
	echo "exit $code"
	sed "s|$1|PACKAGE|g" "$tmp/out" "$tmp/err"
}

if [ "${1:-}" = --bless ]; then
	for case in "$fixtures"/*/; do
		shown "${case}package" >"${case}want"
	done
	exit 0
fi

n=0
failed=0
ok() { # ok NAME COMMAND...: passes when the command succeeds
	name=$1
	shift
	n=$((n + 1))
	if "$@" >"$tmp/said" 2>&1; then
		echo "ok $n - $name"
	else
		failed=1
		echo "not ok $n - $name"
		sed 's/^/# /' "$tmp/said"
	fi
}

same() { # same FILE TEXT: the file holds the text and nothing else
	printf '%s\n' "$2" | diff -u - "$1"
}

exits() {
	[ "$code" = "$1" ] || {
		echo "exit $code, not $1"
		cat "$tmp/out" "$tmp/err"
		return 1
	}
}

says() { # says FILE PATTERN
	grep -qe "$2" "$1" || {
		echo "no line has: $2"
		cat "$1"
		return 1
	}
}

# zip FILE PYTHON: writes a zip with z as the open ZipFile.
zip() {
	python3 -c '
import stat, sys, warnings, zipfile
warnings.simplefilter("ignore")
def link(name, target):
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    z.writestr(entry, target)
users = "user_id,login_id,status\nu1,ann,active\n"
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
    exec(sys.argv[2])' "$1" "$2"
}

for case in "$fixtures"/*/; do
	shown "${case}package" >"$tmp/got"
	name=$(basename "$case")
	ok "$name: $(cat "${case}why")" diff -u "${case}want" "$tmp/got"
done

# A folder and a zip of it, in any order of the entries, say the same.
zip "$tmp/bad.zip" '
import os
for case in ("refused-parent",):
    folder = "'"$fixtures"'/" + case + "/package"
    for name in sorted(os.listdir(folder), reverse=True):
        z.write(folder + "/" + name, name)'
validate "$tmp/bad.zip"
sed "s|^$tmp/bad.zip: ||" "$tmp/out" >"$tmp/of_zip"
validate "$fixtures/refused-parent/package"
sed "s|^$fixtures/refused-parent/package/||" "$tmp/out" >"$tmp/of_folder"
ok 'a zip says the same as its folder' diff -u "$tmp/of_folder" "$tmp/of_zip"

zip "$tmp/hostile.zip" '
z.writestr("users.csv", users)
z.writestr("users.csv", "user_id\n")
z.writestr("../users.csv", users)
z.writestr("a/../../users.csv", users)
link("link.csv", "/etc/passwd")
z.writestr("__MACOSX/._users.csv", "x")
z.writestr(".hidden/users.csv", users)
z.writestr("inner.zip", "x")'
validate "$tmp/hostile.zip"
ok 'a hostile zip is read as Canvas reads it' exits 1
ok 'what Canvas skips in silence is named' same "$tmp/out" \
"../users.csv: PKG-LOST-CSV warning: no name that a file can have: Canvas skips it in silence
    Give it a plain name of its own without a dot in front, as an ordinary file.
a/../../users.csv: PKG-LOST-CSV warning: no name that a file can have: Canvas skips it in silence
link.csv: PKG-LOST-CSV warning: a symbolic link or a device: Canvas skips it in silence
.hidden/users.csv: PKG-LOST-CSV warning: a hidden file: Canvas skips it in silence
users.csv: PKG-LOST-CSV warning: a second entry of this name: Canvas skips it in silence
inner.zip: PKG-NOT-CSV warning: not a CSV: Canvas says \"Skipping unknown file type\"
    Take it out of the package.
__MACOSX/._users.csv: PKG-SKIPPED info: macOS's own: Canvas skips it in silence
    Nothing needs to be done.

PKG-LOST-CSV                  5  Canvas passes over this CSV in silence
PKG-NOT-CSV                   1  not a CSV
PKG-SKIPPED                   1  Canvas passes over this entry in silence
1 file, 1 row: 0 errors, 6 warnings, 1 note.
Canvas would take it all; the warnings say what may not be meant.
ps2canvas explain CODE says more about a code."
ok 'nothing was unpacked beside the zip' test ! -e "$tmp/users.csv"

zip "$tmp/bomb.zip" 'z.writestr("users.csv", "a" * (20 << 20))'
validate "$tmp/bomb.zip"
ok 'a zip bomb is an error and is not unpacked' exits 6
ok 'the zip bomb is named' says "$tmp/out" 'PKG-REFUSED error: unpacks to'

zip "$tmp/none.zip" 'z.writestr("notes.txt", "x")'
validate "$tmp/none.zip"
ok 'a zip without CSVs is an error' says "$tmp/out" 'PKG-EMPTY error'

head -c 60 "$tmp/bad.zip" >"$tmp/cut.zip"
validate "$tmp/cut.zip"
ok 'a zip that was cut short cannot be judged' exits 4
ok 'and nothing is printed about it' test ! -s "$tmp/out"
ok 'but the error' says "$tmp/err" 'damaged or cut short'

validate "$tmp/nowhere"
ok 'what is not there cannot be judged' exits 4

cp "$fixtures/clean/package/users.csv" "$tmp/users.dat"
validate "$tmp/users.dat"
ok 'an import that is called neither zip nor csv is an error' \
    says "$tmp/out" 'users.dat: PKG-NAME error'
validate "$fixtures/login-twice/package/users.csv"
ok 'a lone CSV is a package' says "$tmp/out" \
    "^$fixtures/login-twice/package/users.csv:3:7: LOGIN-TAKEN error"

mkdir -p "$tmp/run/csv"
cp "$fixtures/clean/package/users.csv" "$tmp/run/csv"
echo 'course_id,short_name,long_name,status' >"$tmp/run/csv/courses.csv"
echo 'sheet,canvas_id' >"$tmp/run/crosswalk.csv"
echo '{}' >"$tmp/run/manifest.json"
validate "$tmp/run"
ok 'of a run folder only csv/ is the package' exits 0
ok 'where a header alone is meant' same "$tmp/out" \
"2 files, 2 rows: 0 errors, 0 warnings, 0 notes.
Canvas would take it all."

validate --json "$fixtures/unknown-user/package"
ok 'one JSON document says it all' python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert d["schema"] == "rollbook-validate" and d["version"] == 1
assert d["exit"] == int(sys.argv[2]) == 0
assert d["rows"]["enrollments"] == 3 and d["info"] == 1
f, = d["findings"]
assert (f["code"], f["file"], f["line"], f["column"], f["row"]) == \
    ("REF-NOT-HERE", "enrollments.csv", 4, 10, 4), f
assert d["rules"][0]["code"] == "REF-NOT-HERE" and d["rules"][0]["fix"]
' "$tmp/out" "$code"

validate -q "$fixtures/login-twice/package"
ok 'with -q errors alone are printed' same "$tmp/out" \
"$fixtures/login-twice/package/users.csv:3:7: LOGIN-TAKEN error: login_id is that of the row users.csv:2 already (user \"T5001\")
    Give each person a login of their own; put a second login of one person into logins.csv under an id of its own."

# Expanded by the inner shell.
# shellcheck disable=SC2016
ok 'no output shows a name, a login or an e-mail' sh -c '! grep -rwiE \
    "ines|inez|maria|alder|owen|birch|[^ ]*@[^ ]*" "$1"/*/want' sh "$fixtures"
ok 'nothing is left in TMPDIR' rmdir "$TMPDIR"

echo "1..$n"
exit "$failed"
