#!/usr/bin/env python3
"""Canvas grades -> what must stand in PowerTeacher files, a second opinion.

usage: grades.py courses FOLDER RUN EXPORT [KEY=VALUE...]
       grades.py gradebooks SIDE RUN EXPORT FILE... [KEY=VALUE...]

FOLDER is one of courses as the Canvas API gives them (fixtures/canvas-courses),
FILE a gradebook with commas, RUN the run folder with crosswalk.csv, EXPORT
what `canvas2pt export` published.  Every score file is read by
pst_reader.py and compared cell by cell with what this program computes from
the same grades; so are the flags of status.csv.  A slow, plain model that
shares no code with canvas2pt.  Prints one line for each difference; exit 0
when there is none, 1 else.
"""
import csv
import datetime
import decimal
import json
import os
import re
import sys
import zoneinfo

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import pst_reader  # noqa: E402

D = decimal.Decimal
CENT = D("0.01")


def half_up(number):
    return number.quantize(CENT, rounding=decimal.ROUND_HALF_UP)


def shortest(number):
    text = format(half_up(number), "f")
    text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def points(number):
    text = shortest(number)
    return text if "." in text else text + ".0"


def table(path):
    with open(path, newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


class Crosswalk:
    """Numbers and section names, from a run of ps2canvas."""

    def __init__(self, run):
        self.numbers, self.sections, self.named = {}, {}, {}
        course = {r["course_id"]: r["short_name"]
                  for r in table(f"{run}/csv/courses.csv")}
        of_section = {}
        for row in table(f"{run}/csv/sections.csv"):
            of_section[row["section_id"]] = course[row["course_id"]]
            self.named.setdefault(row["name"], []).append(row["section_id"])
        for row in table(f"{run}/crosswalk.csv"):
            if row["sheet"] == "sections":
                name = of_section[row["canvas_id"]]
                if not name.endswith("." + row["number"]):
                    name += "." + row["number"]
                self.sections[row["canvas_id"]] = name
            elif row["id"]:
                self.numbers[row["canvas_id"]] = row["number"]


class Sheet:
    """What one file must say."""

    def __init__(self, name, due, possible):
        self.name, self.due, self.possible = name, due, possible
        self.extra = None
        self.cells = {}   # number: text
        self.flags = {}   # number: (late, missing, exempt, collected)
        self.values = []

    def settle(self, settings, side_extra=None):
        top = max([v for v in self.values if v > 0], default=D(0))
        base = half_up(self.possible) if self.possible is not None else D(0)
        if side_extra is not None:
            self.extra = side_extra
        elif base == 0:
            self.extra = top
        elif settings.get("extra_points") == "over_maximum" and top > base:
            self.extra = top - base
        else:
            self.extra = D(0)


def cell(sheet, settings, number, score, excused=False, late=False,
         missing=False, collected=False, hidden=False):
    """Puts a student's score in; score is a Decimal or None."""
    text = ""
    if excused:
        text = settings.get("code_excused", "")
    elif score is not None and not (
            hidden and settings.get("unposted") == "skip"):
        text = shortest(score)
        sheet.values.append(half_up(score))
    elif missing and not (score is not None and hidden):
        text = settings.get("code_missing", "")
    sheet.cells[number] = text
    sheet.flags[number] = (late and not excused, missing and not excused,
                           excused, collected)


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def number_of_grade(assignment, submission):
    if submission["score"] is not None:
        return D(str(submission["score"]))
    if assignment["grading_type"] == "pass_fail" and submission["grade"]:
        whole = submission["grade"] in ("complete", "pass")
        return D(str(assignment["points_possible"] or 0)) if whole else D(0)
    return None


def load(path):
    with open(path, encoding="utf-8") as text:
        return json.load(text, parse_float=D)


def course_sheets(folder, crosswalk, settings):
    """{(section, assignment id): Sheet} of one course of the API."""
    course = load(f"{folder}/course.json")
    if course["workflow_state"] != "available":
        return {}
    zone = zoneinfo.ZoneInfo(course["time_zone"])
    assignments = load(f"{folder}/assignments.json")
    marked = any(a.get("post_to_sis") for a in assignments)
    sheets = {}
    for section in load(f"{folder}/sections.json"):
        name = crosswalk.sections.get(section.get("sis_section_id"))
        if name is None:
            continue
        students = {}
        for e in load(f"{folder}/enrollments.json"):
            sis = e["user"].get("sis_user_id")
            if (e["type"] == "StudentEnrollment" and
                    e["enrollment_state"] == "active" and
                    str(e["course_section_id"]) == str(section["id"]) and
                    sis in crosswalk.numbers):
                students[str(e["user_id"])] = crosswalk.numbers[sis]
        path = f"{folder}/submissions/{section['id']}.json"
        work = {}
        for group in load(path) if os.path.exists(path) else []:
            for s in group["submissions"]:
                work[str(s["assignment_id"]), str(group["user_id"])] = s
        for a in assignments:
            one(sheets, name, section, a, students, work, marked, zone,
                settings)
    return sheets


def one(sheets, name, section, a, students, work, marked, zone, settings):
    if (not a["published"] or a["grading_type"] == "not_graded" or
            (settings.get("which", "sis") == "sis" and marked and
             not a.get("post_to_sis"))):
        return
    mine = [o for o in a.get("overrides") or []
            if str(o.get("course_section_id")) == str(section["id"])]
    graded = [w for (aid, uid), w in work.items()
              if aid == str(a["id"]) and uid in students and
              not w["excused"] and
              (w["score"] is not None or w["grade"] is not None)]
    if not graded:
        return
    if settings.get("unposted") == "skip" and not any(
            w["posted_at"] for w in graded):
        return
    due = a["due_at"]
    for everyone in a.get("overrides") or []:
        if "course_id" in everyone and "due_at" in everyone:
            due = everyone["due_at"]
    if mine and "due_at" in mine[0]:
        due = mine[0]["due_at"]
    due = moment(due).astimezone(zone).date().isoformat() if due else ""
    possible = a["points_possible"]
    sheet = Sheet(a["name"], due,
                  D(str(possible)) if possible is not None else None)
    for uid, number in students.items():
        w = work.get((str(a["id"]), uid))
        if w is None:
            cell(sheet, settings, number, None)
            continue
        cell(sheet, settings, number, number_of_grade(a, w),
             excused=bool(w["excused"]), late=bool(w["late"]),
             missing=bool(w["missing"]),
             collected=w["submitted_at"] is not None,
             hidden=w["posted_at"] is None)
    sheet.settle(settings)
    sheets[name, str(a["id"])] = sheet


def gradebook_sheets(path, side, crosswalk, settings):
    """The same of a gradebook CSV with commas and SIS ids."""
    with open(path, newline="", encoding="utf-8-sig") as lines:
        rows = list(csv.reader(lines))
    header, rows = rows[0], rows[1:]
    top = next(r for r in rows if "Points Possible" in r[0])
    people = [r for r in rows
              if r[0].strip() and "Points Possible" not in r[0] and
              r[header.index("SIS User ID")] in crosswalk.numbers]
    sheets = {}
    sections = sorted(crosswalk.named, key=len, reverse=True)
    for column, title in enumerate(header):
        match = re.fullmatch(r"(.*)\s\((\d+)\)", title, re.S)
        if not match:
            continue
        extra = side.get(match.group(2), {})
        for section in sections:
            rest = []
            for row in people:
                where = row[header.index("Section")]
                if section == where or (
                        where not in crosswalk.named and section in where):
                    rest.append(row)
            found = [r for r in rest if r[column] not in ("", "-", "N/A")]
            if not [r for r in found if r[column].upper() != "EX"]:
                continue
            sis, = crosswalk.named[section]
            due = extra.get("due date", "")
            if "/" in due:
                due = datetime.datetime.strptime(
                    due, "%m/%d/%Y").date().isoformat()
            possible = D(top[column]) if top[column] else None
            sheet = Sheet(match.group(1), due, possible)
            for row in rest:
                value = row[column].strip()
                excused = value.upper() == "EX"
                cell(sheet, settings,
                     crosswalk.numbers[row[header.index("SIS User ID")]],
                     None if excused or value in ("", "-", "N/A")
                     else D(value), excused=excused)
            sheet.settle(settings, D(extra["extra points"])
                         if extra.get("extra points") else None)
            sheets[crosswalk.sections[sis], match.group(2)] = sheet
    return sheets


def same_name(sheet, written, assignment, all_sheets, section):
    """Cut and repeated names end in the assignment's id."""
    rivals = [a for (s, a), x in all_sheets.items()
              if s == section and x.name == sheet.name]
    units = len(sheet.name.encode("utf-16-le")) // 2
    if units <= 50 and (len(rivals) < 2 or
                        assignment == min(rivals, key=int)):
        return written == sheet.name
    end = f"({assignment})"
    return (len(written.encode("utf-16-le")) // 2 <= 50 and
            written.endswith(end) and
            sheet.name.startswith(written[:-len(end)].rstrip()))


def compare(want, export):
    """One line for each difference."""
    listed = {}
    for row in table(f"{export}/files.csv"):
        if row["written"] == "1":
            listed[row["section"], row["assignment"]] = row["file"]
    for key in sorted(set(want) - set(listed)):
        yield f"{key}: no file"
    for key in sorted(set(listed) - set(want)):
        yield f"{key}: a file that should not be there"
    status = {}
    for row in table(f"{export}/status.csv"):
        status[row["Section"], row["Canvas Assignment ID"],
               row["Student Num"]] = row
    for key in sorted(set(want) & set(listed)):
        sheet = want[key]
        with open(f"{export}/{listed[key]}", "rb") as data:
            head = pst_reader.scores(data.read())
        rows = head["rows"]
        expected = {"Due Date": sheet.due, "Score Type": "POINTS",
                    "Points Possible": points(sheet.possible or D(0)),
                    "Extra Points": points(sheet.extra)}
        for label, value in expected.items():
            if head[label] != value:
                yield f"{key}: {label} {head[label]!r}, want {value!r}"
        if not same_name(sheet, head["Assignment Name"], key[1], want,
                         key[0]):
            yield f"{key}: name {head['Assignment Name']!r}"
        have = {row[0]: row[2] for row in rows}
        for number in sorted(set(have) | set(sheet.cells)):
            if have.get(number) != sheet.cells.get(number):
                yield (f"{key}: student {number} {have.get(number)!r}, "
                       f"want {sheet.cells.get(number)!r}")
        for number, flags in sorted(sheet.flags.items()):
            row = status.pop(key + (number,), None)
            seen = tuple(row[c] == "1" for c in (
                "Late", "Missing", "Exempt", "Collected")) if row else (
                    False,) * 4
            if seen != flags:
                yield f"{key}: flags of {number} {seen}, want {flags}"
    for key in sorted(status):
        if key[:2] in want and key[:2] not in listed:
            continue    # the lists are whole, though the file is not new
        yield f"{key}: a line of status.csv that should not be there"


def main(arguments):
    settings = dict(a.split("=", 1) for a in arguments if "=" in a and
                    not os.path.exists(a))
    arguments = [a for a in arguments if "=" not in a or os.path.exists(a)]
    if len(arguments) < 4 or arguments[0] not in ("courses", "gradebooks"):
        print(__doc__, file=sys.stderr)
        return 2
    what, first, run, export = arguments[:4]
    crosswalk = Crosswalk(run)
    want = {}
    if what == "courses":
        for folder in sorted(os.listdir(first)):
            if os.path.exists(f"{first}/{folder}/course.json"):
                want.update(course_sheets(
                    f"{first}/{folder}", crosswalk, settings))
    else:
        side = {r["assignment id"]: r for r in table(first)}
        for path in arguments[4:]:
            want.update(gradebook_sheets(path, side, crosswalk, settings))
    if not want:
        print("nothing to compare: the model found no sheet")
        return 1
    differences = list(compare(want, export))
    for line in differences:
        print(line)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
