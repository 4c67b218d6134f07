#!/bin/sh
# Runs every case of fixtures/golden and compares byte for byte; prints TAP.
# fixtures/README.md says what a case is made of.
#
# usage: golden.sh [--bless] [CASE ...]
#   BIN     the folder of ps2canvas, default out/bin
#   RUNNER  a command in front of it: "valgrind -q --error-exitcode=99"
set -eu
cd "$(dirname "$0")/.."
BIN=${BIN:-out/bin}
RUNNER=${RUNNER:-}
bless=no
if [ "${1:-}" = --bless ]; then
	bless=yes
	shift
fi

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$tmp/got" "$tmp/out" "$tmp/oracle" "$tmp/wrong"

# Runs ps2canvas on a case. $tmp/got/NAME gets stdout, stderr and exit,
# $tmp/out/NAME what was published.
run_case() {
	mkdir "$tmp/got/$1"
	now=2026-11-23T12:00:00Z
	[ ! -f "$golden/$1/now" ] || read -r now <"$golden/$1/now"
	case $1 in
	*oneroster*) scheme=oneroster ;;
	*)	scheme=files ;;
	esac
	code=0
	# $RUNNER is a command with its arguments.
	# shellcheck disable=SC2086
	$RUNNER "$BIN/ps2canvas" -c "$golden/$1/rollbook.ini" \
	    -o "output.dir=$tmp/out/$1" -o guard.first_run=accept \
	    -o "source.url=$scheme:$golden/$1/in" \
	    --now "$now" run >"$tmp/got/$1/stdout" 2>"$tmp/got/$1/stderr" ||
	    code=$?
	echo "$code" >"$tmp/got/$1/exit"
	# The hash in a zip's name is zlib's business.
	sed -i -E -e "s|$tmp/out/$1|OUT|g" -e 's/-[0-9a-f]{8}\.zip/-HASH.zip/' \
	    "$tmp/got/$1/stdout" "$tmp/got/$1/stderr"
}

# Adds what was published to $tmp/got/NAME, and leaves there only what the
# case asks for.
gather() {
	for run in "$tmp/out/$1"/runs/*; do
		[ ! -d "$run" ] || cp -R "$run/csv" "$run/findings.csv" \
		    "$run/crosswalk.csv" "$tmp/got/$1/"
	done
	case $1 in
	bad-*)	rm "$tmp/got/$1/stdout" ;;
	*)	[ "$(cat "$tmp/got/$1/exit")" != 0 ] || rm "$tmp/got/$1/exit"
		[ -s "$tmp/got/$1/stderr" ] || rm "$tmp/got/$1/stderr"
		[ -f "$golden/$1/want/stdout" ] || rm "$tmp/got/$1/stdout" ;;
	esac
}

# What the oracle and Canvas say otherwise, in $tmp/wrong/NAME.oracle and
# .canvas; the manifest's tables go to $tmp/got/NAME/counts.json. One process
# for all cases: most of the time of a case is the start of Python.
ask_others() {
	python3 -B - "$tmp" "$golden" "$@" <<'END'
import configparser, contextlib, glob, io, json, os, shutil, sys, traceback
sys.path.insert(0, "tests/oracle")
import canvas_model, compare, mapping

tmp, golden = sys.argv[1:3]

def call(main, name, args):
    """Runs a program's main(): its exit code and all that it printed."""
    sys.argv = [name, *args]
    with contextlib.redirect_stdout(io.StringIO()) as said, \
            contextlib.redirect_stderr(said):
        try:
            code = main()
        except SystemExit as e:
            code = e.code
        except Exception:
            code = traceback.format_exc()
    return code, said.getvalue()

class Case:
    def __init__(self, name):
        self.name, self.folder = name, os.path.join(golden, name)
        self.refused = name.startswith("bad-")
        self.runs = glob.glob(os.path.join(tmp, "out", name, "runs", "*"))
        self.result = os.path.join(tmp, "oracle", name)
        notes = [line.split(None, 1) for line in self.lines("oracle")]
        self.notes = lambda word: [rest for w, rest in notes if w == word]

    def lines(self, name):
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as f:
            return [line.strip() for line in f if line.strip()]

    def settings(self):
        """rollbook.ini as arguments of mapping.py."""
        ini = configparser.RawConfigParser(delimiters="=", strict=False,
                                           comment_prefixes=(";", "#"))
        ini.optionxform = str
        ini.read(os.path.join(self.folder, "rollbook.ini"), encoding="utf-8")
        dropped = {"source.url", *self.notes("drop")}
        if self.notes("recode"):
            dropped.add("source.encoding")
        for section in ini.sections():
            for key, value in ini[section].items():
                name = section + "." + key
                if name == "district.timezone":
                    yield from ("--tz", value)
                elif name == "district.year":
                    yield from ("--year", value)
                elif not dropped & {section, name}:
                    yield from ("-s", name + "=" + value)
        for setting in self.notes("add"):
            yield from ("-s", setting)

    def exports(self):
        """The folder with the exports, in an encoding that mapping.py has."""
        (name,) = self.notes("instead") or ["in"]
        folder = os.path.join(self.folder, name)
        for encoding in self.notes("recode"):
            recoded = self.result + ".in"
            os.mkdir(recoded)
            for name in os.listdir(folder):
                with open(os.path.join(folder, name), "rb") as f:
                    text = f.read().decode(encoding)
                with open(os.path.join(recoded, name), "wb") as f:
                    f.write(text.encode())
            folder = recoded
        return folder

    def map(self):
        now = self.lines("now") or ["2026-11-23T12:00:00Z"]
        return call(mapping.main, "mapping.py", [
            "--now", now[0], *self.settings(), self.exports(), self.result])

    def oracle_refuses(self):
        (wanted,) = self.lines("want/exit")
        code, said = self.map()
        return "" if str(code) == wanted else f"it ended with {code}\n{said}"

    def oracle_agrees(self):
        code, said = self.map()
        if code != 0:
            return f"it ended with {code}\n{said}"
        (run,) = self.runs
        for file in self.notes("differs"):
            if file == "findings.csv":
                shutil.copy(os.path.join(run, file), self.result)
            elif file != "counts":
                shutil.copy(os.path.join(run, "csv", file), self.result)
        said = call(lambda: compare.main([self.result, run]), "", [])[1]
        if "counts" not in self.notes("differs"):
            said += call(lambda: compare.main(
                ["--counts", os.path.join(self.result, "counts.json"),
                 os.path.join(run, "manifest.json")]), "", [])[1]
        return said

    def canvas_takes(self):
        zips = glob.glob(os.path.join(self.runs[0], "*.zip"))
        roles = [arg for role in self.lines("roles")
                 for arg in ("--role", role)]
        code, said = call(canvas_model.main, "canvas_model.py", roles + zips)
        return "" if code == 0 else f"it ended with {code}\n{said}"

    def counts(self):
        with open(os.path.join(self.runs[0], "manifest.json")) as f:
            tables = json.load(f)["tables"]
        with open(os.path.join(tmp, "got", self.name, "counts.json"),
                  "w") as f:
            f.write("{\n" + ",\n".join(
                f"{json.dumps(table)}: {json.dumps(count, sort_keys=True)}"
                for table, count in sorted(tables.items())) + "\n}\n")

    def write(self, kind, text):
        with open(os.path.join(tmp, "wrong", f"{self.name}.{kind}"),
                  "w") as f:
            f.write(text)

    def judge(self):
        if self.refused:
            if not self.notes("silent"):
                self.write("oracle", self.oracle_refuses())
        elif not self.runs:
            self.write("oracle", "there is no run\n")
            self.write("canvas", "there is no run\n")
        else:
            self.counts()
            self.write("oracle", self.oracle_agrees())
            self.write("canvas", self.canvas_takes())

for name in sys.argv[3:]:
    Case(name).judge()
END
}

# What is wrong with the run itself, in $tmp/wrong/NAME.run.
judge_run() {
	{
		diff -ruN "$golden/$1/want" "$tmp/got/$1" || true
		case $1 in
		bad-*)	find "$tmp/out/$1" ! -type d ! -name .lock 2>/dev/null |
			    sed 's/^/was written all the same: /' ;;
		esac
	} >"$tmp/wrong/$1.run"
}

# result KIND NAME: says whether $tmp/wrong/NAME.KIND is empty.
result() {
	[ -f "$tmp/wrong/$2.$1" ] || return 0
	tests=$((tests + 1))
	case $1 in
	run)	rule=$(tr '\n' ' ' <"$golden/$2/why" |
		    sed 's/[.:;] .*//; s/[. ]*$//') ;;
	oracle)	rule="the independent mapping says the same" ;;
	canvas)	rule="Canvas takes the zip without a word" ;;
	esac
	if [ -s "$tmp/wrong/$2.$1" ]; then
		failures=$((failures + 1))
		echo "not ok $tests - $2: $rule"
		sed 's/^/# /' "$tmp/wrong/$2.$1"
	else
		echo "ok $tests - $2: $rule"
	fi
}

# Makes what came out the case's want/, if the run ended as it should.
bless_case() {
	for file in "$tmp/wrong/$1".*; do
		[ ! -f "$file" ] || sed "s/^/$1: /" "$file" >&2
	done
	case $1 in
	bad-*)	;;
	*)	if [ -f "$tmp/got/$1/exit" ] || [ ! -d "$tmp/got/$1/csv" ]; then
			echo "$1: the run failed, want/ stays as it is" >&2
			failures=$((failures + 1))
			return
		fi ;;
	esac
	rm -rf "$golden/$1/want"
	cp -R "$tmp/got/$1" "$golden/$1/want"
}

if [ ! -x "$BIN/ps2canvas" ]; then
	echo "Bail out! $BIN/ps2canvas is not there: type make"
	exit 1
fi
golden=fixtures/golden
tests=0
failures=0
if [ $# = 0 ]; then
	for folder in "$golden"/*/; do
		folder=${folder%/}
		set -- "$@" "${folder##*/}"
	done
fi
for name in "$@"; do
	run_case "$name"
done
if ! ask_others "$@"; then
	echo "Bail out! the independent mapping could not be asked"
	exit 1
fi
for name in "$@"; do
	gather "$name"
	if [ $bless = yes ]; then
		bless_case "$name"
	else
		judge_run "$name"
		result run "$name"
		result oracle "$name"
		result canvas "$name"
	fi
done
[ $bless = yes ] || echo "1..$tests"
[ $failures = 0 ]
