#!/usr/bin/env python3
"""Compare what two programs made of the same exports.

usage: compare.py A B                        two folders (or run folders)
       compare.py --counts counts.json manifest.json

The CSVs are compared byte for byte, findings.csv as a set of lines over its
first five columns.  Counts are compared per source table; a reason that one
side does not name counts as 0.  Exit 0: the same; 1: different; 2: usage.
"""
import csv
import json
import os
import sys
from collections import Counter

SHEETS = ("accounts", "terms", "users", "courses", "sections", "enrollments")
FINDING = ["rule", "severity", "file", "line", "key"]
SHOWN = 10              # differing findings shown per side


def find(folder, name):
    """A sheet lies in the folder itself or, in a run folder, in csv/."""
    for path in (os.path.join(folder, name), os.path.join(folder, "csv", name)):
        if os.path.isfile(path):
            return path
    return None


def both(a, b, name):
    paths = find(a, name), find(b, name)
    missing = [folder for folder, path in zip((a, b), paths) if path is None]
    for folder in missing:
        print(f"{name}: not in {folder}")
    return None if missing else paths


def first_difference(name, left, right):
    """The first differing line of two files, or None."""
    with open(left, "rb") as f:
        lines_a = f.read().split(b"\n")
    with open(right, "rb") as f:
        lines_b = f.read().split(b"\n")
    end = b"(end of file)"
    for number in range(1, max(len(lines_a), len(lines_b)) + 1):
        a = lines_a[number - 1] if number <= len(lines_a) else end
        b = lines_b[number - 1] if number <= len(lines_b) else end
        if a is end or b is end or a != b:
            return (f"{name}:{number}: differs\n"
                    f"  A {a.decode('utf-8', 'backslashreplace')}\n"
                    f"  B {b.decode('utf-8', 'backslashreplace')}")
    return None


def compare_sheet(a, b, sheet):
    paths = both(a, b, sheet + ".csv")
    if paths is None:
        return False
    difference = first_difference(sheet + ".csv", *paths)
    if difference:
        print(difference)
    return difference is None


def read_findings(path):
    with open(path, encoding="utf-8", newline="") as f:
        reader = csv.reader(f)
        header = next(reader, [])
        if header[:5] != FINDING:
            raise SystemExit(f"{path}: want the columns {','.join(FINDING)} first")
        return Counter(tuple(row[:5]) for row in reader)


def finding_order(finding):
    rule, severity, file, line, key = finding
    return file, int(line) if line.isdigit() else 0, rule, severity, key


def compare_findings(a, b):
    paths = both(a, b, "findings.csv")
    if paths is None:
        return False
    left, right = map(read_findings, paths)
    for side, only in (("A", left - right), ("B", right - left)):
        for finding in sorted(only, key=finding_order)[:SHOWN]:
            times = f" ({only[finding]} times more)" if only[finding] > 1 else ""
            print(f"findings.csv: only in {side}: {','.join(finding)}{times}")
        if len(only) > SHOWN:
            print(f"findings.csv: only in {side}: {len(only) - SHOWN} more")
    return left == right


def compare_folders(a, b):
    same = [compare_sheet(a, b, sheet) for sheet in SHEETS]
    same.append(compare_findings(a, b))
    return all(same)


def flat(table):
    """One table's counts as name -> number, without the zeros."""
    numbers = {k: table.get(k, 0) for k in ("rows", "used", "merged", "held")}
    numbers.update(("skipped " + k, v) for k, v in table.get("skipped", {}).items())
    return {k: v for k, v in numbers.items() if v}


def compare_counts(counts_path, manifest_path):
    with open(counts_path, encoding="utf-8") as f:
        counts = json.load(f)
    with open(manifest_path, encoding="utf-8") as f:
        manifest = json.load(f)["tables"]
    same = True
    for name in sorted(set(counts) | set(manifest)):
        a, b = flat(counts.get(name, {})), flat(manifest.get(name, {}))
        for number in sorted(set(a) | set(b)):
            if a.get(number, 0) != b.get(number, 0):
                print(f"{name}: {number}: {a.get(number, 0)} in the counts,"
                      f" {b.get(number, 0)} in the manifest")
                same = False
    return same


def main(args):
    if len(args) == 3 and args[0] == "--counts":
        return 0 if compare_counts(*args[1:]) else 1
    if len(args) == 2 and not args[0].startswith("-"):
        return 0 if compare_folders(*args) else 1
    print(__doc__.strip(), file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
