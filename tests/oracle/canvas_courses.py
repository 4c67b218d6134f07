#!/usr/bin/env python3
"""What tests/unit/canvas_dump must show of a folder of Canvas courses.

Usage: canvas_courses.py FOLDER [COURSE-FOLDER ...]

Reads the JSON files themselves and shares no code with canvas2pt: what Canvas
gives is put into the words of src/grades/course.h by the rules of the API.
"""
import json
import os
import sys
from datetime import datetime, timezone

TYPES = {"letter_grade": "letter", "gpa_scale": "gpa"}


class Digits(str):
    """A number as it was written."""


def load(*path):
    with open(os.path.join(*path), encoding="utf-8") as f:
        return json.load(f, parse_float=Digits, parse_int=Digits)


def text(value):
    return "" if value is None else str(value)


def when(value):
    if value is None:
        return "-"
    t = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return t.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def answer(item, key):
    return {True: "yes", False: "no"}.get(item.get(key), "?")


def override_lines(item, sections):
    for o in item["overrides"]:
        due = when(o["due_at"]) if "due_at" in o else "base"
        if "course_section_id" in o:
            if o["course_section_id"] in sections:
                yield f"override {item['id']}|{o['course_section_id']}|0|{due}"
        elif "student_ids" in o:
            yield f"override {item['id']}|-|{len(o['student_ids'])}|{due}"
        elif "group_id" in o:
            yield f"override {item['id']}|-|0|{due}"


def assignment_lines(item, groups, sections, place, waiting):
    due, only = item["due_at"], item["only_visible_to_overrides"]
    for o in item["overrides"]:
        if "course_id" in o:
            only, due = False, o.get("due_at", due)
    kind = item["grading_type"]
    flags = "|only overrides" if only else ""
    if any("noop_id" in o for o in item["overrides"]):
        flags += "|mastery paths"
    yield (
        f"assignment {item['id']}|{item['name']}|{TYPES.get(kind, kind)}|"
        f"{text(item['points_possible'])}|{groups[item['assignment_group_id']]}|"
        f"{when(due)}|published {answer(item, 'published')}|"
        f"sis {answer(item, 'post_to_sis')}|"
        f"omit {answer(item, 'omit_from_final_grade')}|"
        f"manual {answer(item, 'post_manually')}{flags}|"
        f"ungraded {waiting}|place {place}"
    )
    if item["description"]:
        yield f"description {item['id']}|{item['description']}"
    yield from override_lines(item, sections)


def score_flags(s):
    graded = s["workflow_state"] == "graded" or (
        s["score"] is not None and s["workflow_state"] != "pending_review"
    )
    names = [
        ("excused", s["excused"]),
        ("late", s["late"]),
        ("missing", s["missing"]),
        ("submitted", s["submitted_at"]),
        ("graded", graded),
        ("unposted", graded and s["posted_at"] is None),
    ]
    return "".join(" " + name for name, yes in names if yes)


def waits(s):
    state = s["workflow_state"]
    return state == "pending_review" or (state == "submitted" and not s["excused"])


def show(folder):
    course = load(folder, "course.json")
    if course["workflow_state"] not in ("available", "completed"):
        return
    term = course["term"]
    print("course " + "|".join([
        course["id"], text(course["sis_course_id"]), course["name"],
        course["course_code"], course["time_zone"], term["sis_term_id"],
        term["name"], when(term["start_at"]), when(term["end_at"])]))
    sections = load(folder, "sections.json")
    rows = [e for e in load(folder, "enrollments.json")
            if e["enrollment_state"] == "active"]
    for s in sections:
        teachers = [e["user"]["sortable_name"] for e in rows
                    if e["type"] == "TeacherEnrollment"
                    and e["course_section_id"] == s["id"]]
        print(f"section {s['id']}|{text(s['sis_section_id'])}|{s['name']}|"
              f"{teachers[0] if teachers else ''}")
    students = [e for e in rows if e["type"] == "StudentEnrollment"]
    order = []
    for e in students:
        if e["user_id"] not in order:
            order.append(e["user_id"])
            u = e["user"]
            print(f"student {u['id']}|{text(u['sis_user_id'])}|{u['login_id']}|"
                  f"{text(u['integration_id'])}|{u['sortable_name']}")
    for e in students:
        print(f"enrollment {e['user_id']}|{e['course_section_id']}|active")
    groups = sorted(load(folder, "groups.json"), key=lambda g: int(g["position"]))
    for g in groups:
        print(f"group {g['id']}|{g['name']}")
    show_grades(folder, sections, students, order, groups)


def show_grades(folder, sections, students, order, groups):
    names = {g["id"]: g["name"] for g in groups}
    places = {g["id"]: i for i, g in enumerate(groups)}
    assignments = sorted(
        load(folder, "assignments.json"),
        key=lambda a: (places[a["assignment_group_id"]], int(a["position"])))
    rows, waiting = {}, {}
    for s in sections:
        here = [e["user_id"] for e in students if e["course_section_id"] == s["id"]]
        for element in load(folder, "submissions", s["id"] + ".json"):
            if element["user_id"] not in here:
                continue
            for x in element["submissions"]:
                key = (x["assignment_id"], x["user_id"], s["id"])
                rows[key] = x
                if waits(x):
                    waiting.setdefault(x["assignment_id"], set()).add(x["user_id"])
    ids = {s["id"] for s in sections}
    for place, a in enumerate(assignments):
        for line in assignment_lines(a, names, ids, place,
                                     len(waiting.get(a["id"], ()))):
            print(line)
    for a in assignments:
        for user in order:
            for s in sections:
                x = rows.get((a["id"], user, s["id"]))
                if x is not None:
                    print(f"score {a['id']}|{user}|{s['id']}|{text(x['score'])}|"
                          f"{text(x['grade'])}|{score_flags(x)}")


def main():
    folder = sys.argv[1]
    names = sys.argv[2:] or sorted(
        n for n in os.listdir(folder) if "." not in n)
    for name in names:
        show(os.path.join(folder, name))


main()
