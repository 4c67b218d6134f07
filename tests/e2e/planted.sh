#!/bin/sh
# Faults that were planted are found, all of them and nothing else; prints
# TAP. The independent mapping and the Canvas model take part.
#
# shellcheck disable=SC2154
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. tests/e2e/tap.inc

now=2026-11-23T12:00:00Z
zone=America/Los_Angeles
cat >"$tmp/rollbook.ini" <<EOF
[district]
timezone = $zone
[guard]
first_run = accept
EOF

# planted NAME SET SEED MODE: makes a district and runs it.
planted() {
	district "$tmp/$1.in" --students 60 --seed "$3" --set "$2" \
	    --faults 2 >"$tmp/$1.planted"
	ids='T{user.dcid}'
	[ "$2" = tables ] || ids='T{user.teachernumber}'
	ps --now $now -o "ids.staff=$ids" -o "courses.mode=$4" \
	    -o "source.url=files:$tmp/$1.in" -o "output.dir=$tmp/$1" -q run
	[ "$code" = 0 ] || mv "$tmp/stderr" "$tmp/$1.failed"
	echo "$1 $2 $4 $ids" >>"$tmp/list"
}

for seed in 11 12 13; do
	planted "tables-$seed" tables $seed section
	planted "autosend-$seed" autosend $seed section
done
planted tables-course tables 14 course

# One process for all: most of the time is the start of Python.
python3 -B - "$tmp" $now $zone <<'EOF'
import contextlib, csv, glob, io, json, os, sys, traceback
sys.path.insert(0, "tests/oracle")
import canvas_model, compare, mapping

tmp, now, zone = sys.argv[1:]

def call(main, *args):
    """Runs a program's main(): its exit code and all that it printed."""
    sys.argv = ["", *args]
    with contextlib.redirect_stdout(io.StringIO()) as said, \
            contextlib.redirect_stderr(said):
        try:
            code = main()
        except SystemExit as e:
            code = e.code
        except Exception:
            code = traceback.format_exc()
    return code, said.getvalue()

def read(path):
    """The rows of a file; tab files have no quotes."""
    with open(path, encoding="utf-8-sig", newline="") as f:
        tabs = "\t" in f.readline()
        f.seek(0)
        return [row for row in csv.reader(f, **(
            {"delimiter": "\t", "quoting": csv.QUOTE_NONE} if tabs
            else {})) if row]

def rows_by_name(path):
    header, *rows = read(path)
    return [dict(zip(header, row)) for row in rows]

class District:
    def __init__(self, name, kind, mode, ids):
        self.name, self.mode, self.ids = name, mode, ids
        self.exports = f"{tmp}/{name}.in"
        self.run = f"{tmp}/{name}/runs/20261123T120000Z-0001"
        self.oracle = f"{tmp}/{name}.oracle"

    def published(self):
        """the run publishes"""
        if os.path.exists(f"{tmp}/{self.name}.failed"):
            with open(f"{tmp}/{self.name}.failed") as f:
                yield f.read()

    def found(self):
        """each planted fault is found, and nothing else"""
        with open(f"{tmp}/{self.name}.planted", encoding="utf-8",
                  newline="") as f:
            want = sorted(map(tuple, csv.reader(f)))
        got = sorted((row["rule"], row["file"], row["line"], row["key"])
                     for row in rows_by_name(self.run + "/findings.csv"))
        if len(want) < 150:
            yield f"only {len(want)} findings were planted"
        # The course mode has children of its own; the oracle has them too.
        if self.mode == "section":
            for row in sorted(set(want) - set(got)):
                yield f"not found: {row}"
            for row in sorted(set(got) - set(want)):
                yield f"not planted: {row}"
            if len(got) != len(want):
                yield f"{len(want)} planted, {len(got)} found"

    def counted(self):
        """rows = used + merged + held + skipped, and no row is lost"""
        with open(self.run + "/manifest.json", encoding="utf-8") as f:
            document = json.load(f)
        for name, table in document["tables"].items():
            if table["rows"] != table["used"] + table["merged"] + \
                    table["held"] + sum(table["skipped"].values()):
                yield f"{name}: {table}"
        if len(document["tables"]) < 9:
            yield "too few tables"
        for source in document["source"]:
            rows = read(f"{self.exports}/{source['name']}")
            if len(rows) - 1 != source["rows"]:
                yield f"{source['name']}: {len(rows) - 1} rows"
        for sheet, rows in document["sheets"].items():
            if len(read(f"{self.run}/csv/{sheet}")) - 1 != rows:
                yield f"{sheet} has not {rows} rows"
        findings = document["findings"]
        total = len(read(self.run + "/findings.csv")) - 1
        if total != sum(findings[s] for s in ("error", "warning", "info")) \
                or total != sum(findings["by_rule"].values()):
            yield f"{total} findings are counted otherwise"

    def mapped(self):
        """the independent mapping gives the same sheets and findings"""
        code, said = call(mapping.main, "--now", now, "--tz", zone, "-s",
                          f"ids.staff={self.ids}", "-s",
                          f"courses.mode={self.mode}", self.exports,
                          self.oracle)
        if code != 0:
            yield f"it ended with {code}\n{said}"
            return
        self.put_right()
        yield call(lambda: compare.main([self.oracle, self.run]))[1]

    def put_right(self):
        """A section of a term that is held for its missing school is
        HELD-PARENT here and REF-SCHOOL there: these lines, and no others,
        are exchanged."""
        def table(name):
            (path,) = glob.glob(f"{self.exports}/{name}.*")
            return [{"".join(filter(str.isalnum, k.lower())): v
                     for k, v in row.items()} for row in rows_by_name(path)]
        ours = {tuple(row.values())[:5] for row in
                rows_by_name(self.run + "/findings.csv")}
        schools = {row["schoolnumber"] for row in table("schools")}
        held = {(row["schoolid"], row["id"]) for row in table("terms")
                if row["schoolid"] not in schools}
        children = {row["dcid"] for row in table("sections")
                    if (row["schoolid"], row["termid"].lstrip("-")) in held}
        path = self.oracle + "/findings.csv"
        header, *rows = read(path)
        for row in rows:
            if row[0] == "REF-SCHOOL" and row[2].startswith("sections.") \
                    and row[4] in children and \
                    ("HELD-PARENT", *row[1:5]) in ours:
                row[0] = "HELD-PARENT"
        with open(path, "w", encoding="utf-8", newline="") as f:
            csv.writer(f, lineterminator="\n").writerows([header, *rows])

    def counted_by_oracle(self):
        """the independent mapping counts the same"""
        yield call(lambda: compare.main(
            ["--counts", self.oracle + "/counts.json",
             self.run + "/manifest.json"]))[1]

    def imported(self):
        """Canvas takes the zip without a word"""
        code, said = call(canvas_model.main,
                          *glob.glob(self.run + "/canvas-sis-full-*.zip"))
        if code != 0:
            yield f"it ended with {code}\n{said}"

n = bad = 0
with open(tmp + "/list") as f:
    districts = [District(*line.split()) for line in f]
for district in districts:
    for test in (district.published, district.found, district.counted,
                 district.mapped, district.counted_by_oracle,
                 district.imported):
        n += 1
        try:
            wrong = "\n".join(text for text in test() if text)
        except Exception:
            wrong = traceback.format_exc()
        bad += wrong != ""
        rule = " ".join(test.__doc__.split())
        print(f"{'not ' if wrong else ''}ok {n} - {district.name}: {rule}")
        for line in wrong.splitlines():
            print("#", line)
print(f"1..{n}")
sys.exit(1 if bad else 0)
EOF
