#!/usr/bin/env python3
"""Read PowerTeacher score files as strictly as their layout is known.

usage: pst_reader.py scores FILE...           layout A, of any score type
       pst_reader.py assignments FILE...      layout B
       pst_reader.py status FILE...           layout C
       pst_reader.py filled TEMPLATE FILE     only Score cells differ

Says nothing about a file that is right.  Exit 0: all are; 1: one line for
each that is not, with the reason; 2: usage.  Written without a look at the
program: it knows the layout alone.
"""
import datetime
import re
import sys

LABELS = ["Teacher Name:", "Class:", "Assignment Name:", "Due Date:",
          "Points Possible:", "Extra Points:", "Score Type:"]
HEADER = ["Student Num", "Student Name", "Score"]
TYPES = {"POINTS", "PERCENT", "GRADESCALE", "COLLECTED"}
ASSIGNMENTS = ("Section,Canvas Assignment ID,Name,Abbreviation,Description,"
               "Due Date,Points Possible,Extra Points,Category,Score Type,"
               "Weight,Count In Final Grade,Scores File").split(",")
STATUS = ("Section,Canvas Assignment ID,Assignment Name,Student Num,"
          "Student Name,Score,Late,Missing,Exempt,Collected,Note").split(",")
POINTS = re.compile(r"(0|[1-9][0-9]*)\.([0-9]|[0-9][1-9])\Z")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]{0,1}[1-9])?\Z")
CODE = re.compile(r"[A-Z][A-Z0-9]*\Z")
GRADE = re.compile(r"[^\x00-\x1f]+\Z")


class Wrong(Exception):
    """Why a file is not what it should be."""


def need(condition, why):
    if not condition:
        raise Wrong(why)


def quoted(cell):
    """A cell in the one form that is right."""
    if re.search('[",\r\n]', cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def cut(text, eol):
    """Records of cells; every one ends in eol, the last one too."""
    records, cells, at = [], [], 0
    while at < len(text):
        if text[at] == '"':
            match = re.compile(r'"((?:[^"]|"")*)"').match(text, at)
            need(match, f"record {len(records) + 1}: a quote stays open")
            cells.append(match.group(1).replace('""', '"'))
            need(match.group(0) == quoted(cells[-1]),
                 f"record {len(records) + 1}: quoted without need")
        else:
            match = re.compile(r'[^",\r\n]*').match(text, at)
            cells.append(match.group(0))
        at = match.end()
        if text.startswith(",", at):
            at += 1
            if at == len(text):
                raise Wrong("the last line does not end")
            # A comma before a line end leaves an empty cell behind it.
            if text.startswith(eol, at):
                cells.append("")
            else:
                continue
        need(text.startswith(eol, at),
             f"record {len(records) + 1}: the line ends differently")
        at += len(eol)
        records.append(cells)
        cells = []
    need(not cells, "the last line does not end")
    return records


def decode(data):
    need(not data.startswith(b"\xef\xbb\xbf"), "it begins with a BOM")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Wrong(f"not UTF-8 at byte {error.start}") from None


def line_end(text):
    """LF or CRLF, by the first line."""
    first = text.split("\n", 1)
    need(len(first) == 2, "there is no line end")
    return "\r\n" if first[0].endswith("\r") else "\n"


def is_date(cell):
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", cell):
        return False
    try:
        datetime.date.fromisoformat(cell)
    except ValueError:
        return False
    return True


def is_score(cell, score_type):
    if cell == "" or CODE.match(cell) or NUMBER.match(cell):
        return cell != "-0"
    return score_type == "GRADESCALE" and GRADE.match(cell)


def head(records):
    need(len(records) >= 8, "there are less than 8 lines")
    values = {}
    for label, cells in zip(LABELS, records):
        need(len(cells) == 3 and cells[0] == label and cells[2] == "",
             f"the line {label} is not label, value and an empty cell")
        values[label[:-1]] = cells[1]
    need(records[7] == HEADER, "line 8 is not " + ",".join(HEADER))
    need(values["Assignment Name"].strip() == values["Assignment Name"] != "",
         "the assignment has no name, or blanks around it")
    need(len(values["Assignment Name"].encode("utf-16-le")) <= 100,
         "the assignment's name has more than 50 characters")
    need(not re.search("[\x00-\x1f\x7f]", values["Assignment Name"]),
         "control characters in the assignment's name")
    need(values["Due Date"] == "" or is_date(values["Due Date"]),
         "the due date is not YYYY-MM-DD")
    for label in ("Points Possible", "Extra Points"):
        need(POINTS.match(values[label]),
             f"{label} is not a number with one or two decimals")
    need(values["Score Type"] in TYPES, "the score type is none of the four")
    return values


def scores(data):
    """What a file of layout A says; Wrong when it is none."""
    text = decode(data)
    records = cut(text, line_end(text))
    values = head(records)
    rows, seen = [], set()
    for cells in records[8:]:
        need(len(cells) == 3, f"a row of {len(cells)} cells")
        number, name, score = cells
        need(number != "" and number.strip() == number,
             "a student number is blank, or has blanks around it")
        need(number not in seen, f"the number {number} stands there twice")
        seen.add(number)
        need(is_score(score, values["Score Type"]),
             f"student {number}: no score is written like {score!r}")
        need(values["Score Type"] != "COLLECTED" or score == "",
             f"student {number}: a score though only collecting counts")
        rows.append((number, name, score))
    values["rows"] = rows
    return values


def table(data, header):
    text = decode(data)
    need(line_end(text) == "\r\n", "lines do not end in CRLF")
    records = cut(text, "\r\n")
    need(records[0] == header, "the columns are not " + ",".join(header))
    for cells in records[1:]:
        need(len(cells) == len(header), f"a row of {len(cells)} cells")
    return [dict(zip(header, cells)) for cells in records[1:]]


def assignments(data):
    """The rows of layout B."""
    rows = table(data, ASSIGNMENTS)
    for field in ("Name", "Abbreviation", "Scores File"):
        seen = set()
        for row in rows:
            key = (row["Section"], row[field].lower()
                   if field != "Name" else row[field])
            need(key not in seen or row[field] == "",
                 f"{field} {row[field]} stands twice in a section")
            seen.add(key)
    for row in rows:
        need(row["Canvas Assignment ID"].isdigit(), "an id is no number")
        need(row["Due Date"] == "" or is_date(row["Due Date"]),
             "a due date is not YYYY-MM-DD")
        for field in ("Points Possible", "Extra Points", "Weight"):
            need(POINTS.match(row[field]), f"{field}: {row[field]!r}")
        need(row["Score Type"] in TYPES, "a score type is none of the four")
        need(row["Count In Final Grade"] in ("0", "1"), "no 0 or 1")
        need(not re.search("[\r\n]", row["Description"]),
             "a description of several lines")
        need(row["Scores File"] == "" or
             re.match(r'[^/\\:*?"<>|\x00-\x1f]+_pst\.csv\Z',
                      row["Scores File"]),
             f"no file name is like {row['Scores File']!r}")
    return rows


def status(data):
    """The rows of layout C."""
    rows = table(data, STATUS)
    for row in rows:
        flags = [row[f] for f in ("Late", "Missing", "Exempt", "Collected")]
        need(all(flag in ("0", "1") for flag in flags), "a flag is no 0 or 1")
        need("1" in flags or row["Note"] != "", "a row without flag or note")
    return rows


def spans(data):
    """Where each Score cell stands in a template, by student number."""
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    record = re.compile(
        rb'((?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,(?:"(?:[^"]|"")*"|[^",\r\n]*))*)'
        rb'(\r\n|\r|\n|\Z)')
    cell = re.compile(rb'("(?:[^"]|"")*"|[^",\r\n]*)(,|\Z)')
    found, column = [], None
    at = start
    while at < len(data):
        line = record.match(data, at)
        need(line, f"byte {at} is in no record")
        cells, here = [], line.start(1)
        while True:
            one = cell.match(data, here, line.end(1))
            cells.append((one.start(1), one.end(1)))
            here = one.end()
            if one.group(2) == b"":
                break
        texts = [data[a:b].strip().strip(b'"').lower() for a, b in cells]
        if column is None and b"score" in texts and (
                b"student num" in texts or b"student number" in texts):
            column = texts.index(b"score")
        elif column is not None and len(cells) > column:
            found.append(cells[column])
        at = line.end()
    need(column is not None, "no header")
    return found


def filled(template, data):
    """Wrong when a byte outside the Score cells differs."""
    before, after = spans(template), spans(data)
    need(len(before) == len(after), "another number of rows")
    x = y = 0
    for (a, b), (c, d) in zip(before, after):
        need(template[x:a] == data[y:c],
             f"bytes differ between {x} and {a} of the template")
        x, y = b, d
    need(template[x:] == data[y:], f"bytes differ behind {x}")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main(arguments):
    kinds = {"scores": scores, "assignments": assignments, "status": status}
    if len(arguments) == 3 and arguments[0] == "filled":
        work = [(arguments[2], lambda data: filled(read(arguments[1]), data))]
    elif len(arguments) > 1 and arguments[0] in kinds:
        work = [(path, kinds[arguments[0]]) for path in arguments[1:]]
    else:
        print(__doc__, file=sys.stderr)
        return 2
    wrong = 0
    for path, check in work:
        try:
            check(read(path))
        except Wrong as why:
            print(f"{path}: {why}")
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
