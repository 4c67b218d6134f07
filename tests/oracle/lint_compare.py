#!/usr/bin/env python3
"""Holds `ps2canvas validate` against lint_model.py.

Compares what both say of packages, by file, line and code, first as they are
and then with one fault each planted at random in one of them.

usage: lint_compare.py [--faults N] [--seed N] BIN PACKAGE...
  BIN  the folder of ps2canvas
One line per difference, then the figures.  Exit 0: none; 1: some; 2: usage.
"""
import argparse
import csv
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

import lint_model

# After one of these nothing more of the file counts.
FATAL = {"FILE-ENCODING", "FILE-UTF16", "CSV-QUOTE", "CSV-OPEN-QUOTE",
         "CSV-LINE-END", "CSV-LONG-CELL", "CSV-NUL", "HEADER-UNKNOWN",
         "HEADER-TRAP"}

# Cells that Canvas may stumble over, wherever they stand.
CELLS = ["", " ", "\u00a0", "active", "deleted", "Deleted", "activeX",
         "completed", "suspended", "concluded", "invited", "available",
         "accepted", "published", "deleted_last_completed", "enabled",
         "2026-08-20", "2026-08-20T05:00:00Z", "2026-02-30", "2026-13-01",
         "05/06/2026", "06/13/2026", "soon", "0", "2026", "20260230",
         "2030-01-01T24:00:00Z", "1.23E+11", "<delete>", "dissociate",
         "student", "Student Teacher", "observer", "TaEnrollment", "ta",
         "AccountAdmin", "not_set", "online", "yes", "maybe", "12", "12a",
         "a@b.org", "Ann <a@b.org>", "a@b.org.", "short", "x" * 255,
         "x" * 256, "\u00e9" * 101, "a\u2028b", "a\nb", 'say "hi"', "a,b"]


def load(folder):
    """The rows of each file of a package that has no fault in its syntax."""
    tables = {}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        with open(path, newline="", encoding="utf-8") as f:
            tables[name] = list(csv.reader(f))
    return tables


def text_of(rows):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def any_cell(tables, rng):
    rows = rng.choice([r for r in tables.values() if len(r) > 1])
    return rng.choice(rng.choice(rows[1:]))


def plant(tables, rng):
    """Changes one thing; returns bytes by name and what was done."""
    name = rng.choice(sorted(n for n, r in tables.items() if len(r) > 1))
    rows = tables[name]
    at = rng.randrange(1, len(rows))
    column = rng.randrange(len(rows[0]))
    what = rng.choice(["cell"] * 12 + ["other"] * 6 + [
        "twice", "last", "gone", "header", "column", "extra", "short",
        "byte", "quote", "return"])
    raw = {}
    if what == "cell":
        rows[at][column] = rng.choice(CELLS)
    elif what == "other":
        rows[at][column] = any_cell(tables, rng)
    elif what == "twice":
        rows.append(list(rows[at]))
        rows[-1][column] = rng.choice([rows[at][column], "active", "x"])
    elif what == "last":
        rows.append(rows.pop(at))
    elif what == "gone":
        rows.pop(at)
    elif what == "header":
        rows[0][column] = rng.choice([" {}", "{} ", "my_{}", "{}x", ""]) \
            .format(rows[0][column])
    elif what == "column":
        for row in rows:
            row.pop(column)
    elif what == "extra":
        for i, row in enumerate(rows):
            row.append("x" if i else rng.choice(
                ["name", "term_id", "old_id", "root_account", "notes",
                 rows[0][0]]))
    elif what == "short":
        rows[at] = rows[at][:column + 1]
    else:
        whole = text_of(rows)
        place = whole.index(b"\n") + 1
        place = rng.randrange(place, len(whole))
        raw[name] = whole[:place] + {"byte": b"\xe9", "quote": b'"',
                                     "return": b"\r"}[what] + whole[place:]
    return {n: raw.get(n, text_of(r)) for n, r in tables.items()}, \
        f"{what} {name}:{at + 1} column {column + 1}"


def said(program, path):
    done = subprocess.run([program, "validate", "--json", "--all", path],
                          capture_output=True, check=False)
    if done.returncode not in (0, 1, 6):
        raise SystemExit(f"{path}: exit {done.returncode}: "
                         + done.stderr.decode())
    result = json.loads(done.stdout)
    worst = 6 if result["error"] else 1 if result["warning"] else 0
    if done.returncode != worst:
        raise SystemExit(f"{path}: exit {done.returncode}, not {worst}")
    return {(f["file"] or "", f["line"] or 0, f["code"])
            for f in result["findings"]}


def comparable(findings, fatal):
    """Of a file that Canvas rejects only that; nothing of what hangs on it."""
    return {(file, line, code) for file, line, code in findings
            if (file not in fatal or code in FATAL)
            and not (fatal and code.startswith(("REF-", "XLIST-",
                                                "ROW-OVERRIDE")))}


def differences(program, path):
    model, _ = lint_model.check(path)
    program_says = said(program, path)
    bad = {f for f, _, code in model & program_says
           if code in ("FILE-ENCODING", "FILE-UTF16", "CSV-NUL")}
    both = []
    for findings in (model, program_says):
        findings = {x for x in findings if x[0] not in bad}
        both.append(findings)
    fatal = {f for f, _, code in both[0] | both[1] if code in FATAL} | bad
    a, b = (comparable(x, fatal) for x in both)
    return [f"{f}:{n}: {c}: only the model" for f, n, c in sorted(a - b)] + \
        [f"{f}:{n}: {c}: only the program" for f, n, c in sorted(b - a)]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--faults", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("bin")
    parser.add_argument("packages", nargs="+")
    args = parser.parse_args()
    program = os.path.join(args.bin, "ps2canvas")
    bad = 0
    for path in args.packages:
        for line in differences(program, path):
            print(f"{path}: {line}")
            bad += 1
    rng = random.Random(args.seed)
    for number in range(args.faults):
        package = rng.choice(args.packages)
        folder = tempfile.mkdtemp()
        try:
            files, what = plant(load(package), rng)
            for name, data in files.items():
                with open(os.path.join(folder, name), "wb") as f:
                    f.write(data)
            for line in differences(program, folder):
                print(f"{package}: fault {number}, {what}: {line}")
                bad += 1
        finally:
            shutil.rmtree(folder)
    print(f"{len(args.packages)} packages, {args.faults} faults, "
          f"{bad} differences")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
