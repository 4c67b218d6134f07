#!/usr/bin/env python3
"""PowerSchool table exports -> Canvas SIS CSVs, written from mapping.md alone.

A slow, plain second opinion on `ps2canvas run`: the same exports must give
the same bytes.  One function per table or rule, named after it.  Where
mapping.md leaves room, README.md beside this file says what was read into it.

usage: mapping.py --now 2026-11-23T12:00:00Z --tz America/Los_Angeles
                  [--year 2026] [-s section.key=value ...] SRCDIR OUTDIR
"""
import argparse
import html.entities
import json
import os
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

LIMIT = 255             # characters in an id or a name
LOGIN_LIMIT = 100
ASCII_BLANKS = " \t\n\r\v\f"
SPECIAL_SCHOOLS = {"0": "district-office", "999999": "graduated"}
NOBODY = {"", "0"}      # a teacher column that names no one
ERROR, WARNING, INFO = "error", "warning", "info"


class Refused(Exception):
    """The source cannot be used: exit 4."""


class BadSettings(Exception):
    """Exit 3."""


# ---------------------------------------------------------------- settings

DEFAULTS = {
    "source.encoding": "auto",
    "source.tab_quotes": "no",
    "source.final_newline": "required",
    "courses.mode": "section",
    "ids.account": "{school.school_number}",
    "ids.term": "{school.school_number}-{term.id}",
    "ids.course": None,                     # depends on courses.mode
    "ids.section": "sec-{section.dcid}",
    "ids.student": "S{student.dcid}",
    "ids.staff": None,                      # must be given for a Teachers file
    "names.account": "{school.name}",
    "names.term": None,                     # the year only where it is missing
    "names.course_short": None,
    "names.course_long": None,
    "names.section": "{course.course_name} ({section.section_number})",
    "users.student_login": "{student.student_web_id}",
    "users.staff_login": "{user.teacherloginid|user.loginid}",
    "users.student_email": None,            # e-mail columns, else studentemail
    "users.staff_email": "{user.email_addr}",
    "users.staff": "all",
    "users.leavers": "suspended",
    "users.preregistered": "skip",
    "enrollments.dropped": "deleted",
    "enrollments.ended": "completed",
    "enrollments.dates": "no",
    "enrollments.zero_day": "skip",
    "exclude.schools": "",
    "exclude.courses": "",
    "exclude.sections": "",
    "exclude.students": "",
}
CHOICES = {
    "source.encoding": ("auto", "utf-8", "windows-1252"),
    "source.tab_quotes": ("yes", "no"),
    "source.final_newline": ("required", "optional"),
    "courses.mode": ("section", "course"),
    "users.staff": ("all", "teaching"),
    "users.leavers": ("keep", "suspended", "deleted"),
    "users.preregistered": ("skip", "include"),
    "enrollments.dropped": ("deleted", "inactive", "completed",
                            "deleted_last_completed"),
    "enrollments.ended": ("deleted", "inactive", "completed",
                          "deleted_last_completed"),
    "enrollments.dates": ("yes", "no"),
    "enrollments.zero_day": ("skip",),
}
BY_MODE = {
    "section": {
        "ids.course": "sec-{section.dcid}",
        "names.course_short": "{course.course_number}.{section.section_number}",
        "names.course_long": "{course.course_name} ({section.section_number})",
    },
    "course": {
        "ids.course": "crs-{school.school_number}-{term.id}-{course.course_number}",
        "names.course_short": "{course.course_number}",
        "names.course_long": "{course.course_name}",
    },
}
TERM_NAME = "{year} {term.name} - {school.name}"
TERM_NAME_WITH_YEARS = "{term.name} - {school.name}"

# Role names, letters only and in lower case -> Canvas role ("" = no row).
ROLES = {
    "leadteacher": "teacher",
    "coteacher": "teacher",
    "jobshareteacher": "teacher",
    "jobshare": "teacher",
    "teachersaide": "ta",
    "teacheraide": "ta",
    "aide": "ta",
    "classobserver": "",
    "observer": "",
}
CO_TEACHER = "coteacher"
ROLE_RANK = {"teacher": 0, "ta": 1}


def letters(text):
    return "".join(c for c in text if c.isalpha()).lower()


class Settings:
    def __init__(self, given):
        self.value = dict(DEFAULTS)
        self.roles_by_name = dict(ROLES)
        self.roles_by_id = {}
        for item in given:
            self.set(item)
        for key, template in BY_MODE[self["courses.mode"]].items():
            if self.value[key] is None:
                self.value[key] = template
        self.patterns = {
            kind: [p.strip() for p in self["exclude." + kind].split(",") if p.strip()]
            for kind in ("schools", "courses", "sections", "students")}

    def set(self, item):
        key, equals, value = item.partition("=")
        key, value = key.strip(), value.strip()
        if not equals:
            raise BadSettings(f"{item}: want section.key=value")
        if key.startswith("roles."):
            self.set_role(key[len("roles."):], value)
        elif key in ("district.year", "district.timezone", "district.name"):
            raise BadSettings(f"{key}: use --year and --tz")
        elif key not in DEFAULTS:
            raise BadSettings(f"{key}: no such setting")
        elif key in CHOICES and value not in CHOICES[key]:
            raise BadSettings(f"{key}: want {' or '.join(CHOICES[key])}")
        else:
            self.value[key] = value

    def set_role(self, name, role):
        role = "" if role == "none" else role
        if name.isdigit():
            self.roles_by_id[name] = role
        else:
            self.roles_by_name[letters(name)] = role

    def __getitem__(self, key):
        return self.value[key]

    def excluded(self, kind, value):
        """A list entry is the whole value, or its beginning before a `*`."""
        return any(value.startswith(p[:-1]) if p.endswith("*") else value == p
                   for p in self.patterns[kind])


# --------------------------------------------------------------- templates

TABLE_OF_WORD = {
    "school": "schools", "term": "terms", "course": "courses",
    "section": "sections", "student": "students", "user": "users",
    "teacher": "users", "schoolstaff": "schoolstaff",
}
FILTERS = {
    "upper": str.upper,
    "lower": str.lower,
    "initial": lambda text: text[:1],
}


class Template:
    """`{table.column|table.column:filter}` compiled to a list of pieces."""

    def __init__(self, text):
        self.pieces = []            # str, or a list of (word, column, filters)
        i, literal = 0, ""
        while i < len(text):
            if text.startswith("{{", i):
                literal, i = literal + "{", i + 2
            elif text[i] == "{":
                end = text.find("}", i)
                if end < 0:
                    raise BadSettings(f"{text}: a brace is not closed")
                if literal:
                    self.pieces.append(literal)
                literal = ""
                self.pieces.append([self.field(text, f)
                                    for f in text[i + 1:end].split("|")])
                i = end + 1
            else:
                literal, i = literal + text[i], i + 1
        if literal:
            self.pieces.append(literal)

    @staticmethod
    def field(template, text):
        name, *filters = text.strip().split(":")
        word, _, column = name.strip().partition(".")
        if not (name == "year" or (word in TABLE_OF_WORD and column)):
            raise BadSettings(f"{template}: no \"{name}\" here")
        for f in filters:
            if f not in FILTERS:
                raise BadSettings(f"{template}: no filter \"{f}\"")
        return word, column.lower(), [FILTERS[f] for f in filters]

    def columns(self):
        """(table, column) pairs that the template names."""
        for piece in self.pieces:
            if isinstance(piece, list):
                for word, column, _ in piece:
                    if word != "year":
                        yield TABLE_OF_WORD[word], column

    def render(self, context):
        """The text, and whether some field of it was blank."""
        out, blank = [], False
        for piece in self.pieces:
            if isinstance(piece, str):
                out.append(piece)
                continue
            text = ""
            for word, column, filters in piece:
                text = context["year"] if word == "year" \
                    else context.get(word, {}).get(column, "")
                for f in filters:
                    text = f(text)
                if text:
                    break
            blank = blank or not text
            out.append(text)
        return "".join(out).strip(ASCII_BLANKS), blank


# ----------------------------------------------------------- source tables

NEEDED = {
    "schools": "school_number name",
    "terms": "id schoolid yearid name firstday lastday",
    "courses": "course_number course_name",
    "sections": "dcid id course_number section_number schoolid termid",
    "sectionteacher": "sectionid teacherid",
    "users": "dcid first_name last_name",
    "schoolstaff": "id users_dcid schoolid",
    "students": "dcid id first_name last_name schoolid enroll_status",
    "cc": "studentid sectionid dateenrolled dateleft",
    "roledef": "",
    "studentemail": "",
    "teachers": "id teachernumber first_name last_name schoolid",
    "studentschedules": "studentid sectionid",
}
READ_BY_RULES = {
    "sections": "teacher",
    "students": "student_number",
    "users": "homeschoolid teachernumber",
    "schoolstaff": "status",
    "cc": "id termid",
    "studentschedules": "id termid",
    "sectionteacher": "id roleid start_date end_date",
    "roledef": "id name",
    "studentemail": "studentid studentsdcid email email_addr student_email"
                    " isprimary primary",
    "teachers": "homeschoolid status",
}
NOT_COMPARED = {            # read for the findings' key column only
    "cc": {"dcid"}, "sectionteacher": {"dcid"}, "schoolstaff": {"dcid"},
    "studentschedules": {"dcid"},
}
DATES = {
    "terms": ("firstday", "lastday"),
    "cc": ("dateenrolled", "dateleft"),
    "sectionteacher": ("start_date", "end_date"),
}
TABLES = ("schools", "terms", "courses", "sections", "sectionteacher",
          "roledef", "users", "schoolstaff", "students", "cc", "studentemail")
OPTIONAL = ("roledef", "studentemail")
STUDENT_EMAIL_COLUMNS = ("email", "email_addr", "student_email")

FILE_NAMES = {
    "schools": "schools", "terms": "terms", "courses": "courses",
    "sections": "sections", "sectionteacher": "sectionteacher",
    "sectionteachers": "sectionteacher", "section_teacher": "sectionteacher",
    "section_teachers": "sectionteacher", "roledef": "roledef",
    "role_def": "roledef", "users": "users", "schoolstaff": "schoolstaff",
    "school_staff": "schoolstaff", "students": "students", "cc": "cc",
    "studentemail": "studentemail", "student_email": "studentemail",
    "teachers": "teachers", "studentschedules": "studentschedules",
    "student_schedules": "studentschedules",
    "student schedules": "studentschedules",
}


class Row:
    """One row of one source table, cleaned, and what became of it."""
    __slots__ = ("table", "file", "line", "cell", "notes", "day", "bad_dates",
                 "duplicate", "merged", "held", "skip", "person", "dropped")

    def __init__(self, table, file, line, cell, notes):
        self.table, self.file, self.line = table, file, line
        self.cell, self.notes = cell, notes
        self.day = {}               # date columns by value; None = blank
        self.bad_dates = ()
        self.duplicate = self.merged = self.held = False
        self.skip = None            # the reason
        self.person = ""            # users: what users_dcid names
        self.dropped = False        # Student Schedules: a minus sign

    def __getitem__(self, column):
        return self.cell.get(column, "")

    def live(self):
        """Neither merged nor skipped: takes part in this run."""
        return not self.merged and self.skip is None

    def good(self):
        return self.live() and not self.held


# ----------------------------------------------------------------- reading

def table_of_file(name):
    stem, dot, ext = name.lower().rpartition(".")
    if not dot or ext not in ("csv", "tsv", "txt"):
        return None
    for known in sorted(FILE_NAMES, key=len, reverse=True):
        if stem == known or stem.startswith((known + "-", known + "_")):
            return FILE_NAMES[known]
    return None


def squash(name):
    """`CC.StudentID`, `Student ID`, `[39]School_Number` -> letters and digits."""
    name = re.sub(r"^\s*\[\d+\]", "", name.strip(ASCII_BLANKS))
    return re.sub(r"[^a-z0-9]", "", name.rpartition(".")[2].lower())


def decode_windows_1252(data):
    table = [bytes([i]).decode("cp1252", "ignore") or chr(i) for i in range(256)]
    return "".join(table[b] for b in data)


def decode(path, data, encoding):
    if b"\0" in data:
        raise Refused(f"{path}: a NUL byte")
    if encoding != "windows-1252":
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            if encoding == "utf-8":
                raise Refused(f"{path}: not UTF-8") from None
    return decode_windows_1252(data.removeprefix(b"\xef\xbb\xbf"))


def plain_lines(text):
    """Lines with their ends; LF, CRLF and CR all end a line."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)


def split_quoted(path, number, record, separator):
    """The cells of one record with quotes, or None while a quote is open."""
    cells, i = [], 0
    while True:
        if record.startswith('"', i):
            cell, i = "", i + 1
            while True:
                end = record.find('"', i)
                if end < 0:
                    return None
                cell += record[i:end]
                i = end + 1
                if not record.startswith('"', i):
                    break
                cell, i = cell + '"', i + 1
            rest = record[i:i + 1]
            if rest and rest != separator and rest not in "\r\n":
                raise Refused(f"{path}:{number}: text after a closing quote")
        else:
            end = i
            while end < len(record) and record[end] not in separator + "\r\n":
                end += 1
            cell, i = record[i:end], end
            if '"' in cell:
                raise Refused(f"{path}:{number}: a quote inside a cell")
        cells.append(cell)
        if record[i:i + 1] != separator:
            return cells
        i += 1


def records(path, text, settings):
    """(line number, cells) of every record that is not an empty line."""
    lines = plain_lines(text)
    header = next((line for line in lines if line.strip("\r\n")), "")
    separator = "\t" if "\t" in header else ","
    quotes = separator == "," or settings["source.tab_quotes"] == "yes"
    n = 0
    while n < len(lines):
        line, number = lines[n], n + 1
        n += 1
        bare = line.rstrip("\r\n")
        if not bare:
            continue
        if not quotes or '"' not in bare:
            yield number, bare.split(separator)
            continue
        cells = split_quoted(path, number, line, separator)
        parts = [line]
        while cells is None:
            if n == len(lines):
                raise Refused(f"{path}:{number}: a quote is not closed")
            parts.append(lines[n])
            n += 1
            if '"' in parts[-1]:
                cells = split_quoted(path, number, "".join(parts), separator)
        yield number, cells


ENTITY = re.compile(r"&(?:#([0-9]+)|#[xX]([0-9A-Fa-f]+)|([A-Za-z][A-Za-z0-9]*));")
NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
NAMED.update((name, chr(code)) for name, code
             in html.entities.name2codepoint.items() if 160 <= code <= 255)
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
UNICODE_BLANKS = ("\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004"
                  "\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000")


def decode_entity(match):
    decimal, hexadecimal, name = match.groups()
    if name is not None:
        return NAMED.get(name, match.group())
    digits = (decimal or hexadecimal).lstrip("0")
    if not digits or len(digits) > 9:
        return match.group()
    code = int(digits, 10 if decimal else 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return match.group()
    return chr(code)


def clean_cell(raw, notes):
    """The cell as the rules see it; notes gets SRC-CONTROL, SRC-ENTITY."""
    text = raw.strip(ASCII_BLANKS)
    if text.isascii() and text.isprintable() and "&" not in text:
        return text
    if "&" in text:
        decoded = ENTITY.sub(decode_entity, text)
        if decoded != text:
            notes.add("SRC-ENTITY")
            text = decoded
    cut = NOT_XML.sub("", text)
    if cut != text:
        notes.add("SRC-CONTROL")
    text = cut.strip(ASCII_BLANKS)
    return text if text.strip(UNICODE_BLANKS) else ""


ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
                 r"(?:[T ]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
                 r"\s*(?:[AaPp][Mm])?\s*(?:Z|z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?")
US = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})")
BLANK_DATES = {"", "0/0/0", "00/00/0000", "0000-00-00", "00/00/00"}


def parse_date(text):
    """A date, None for blank; ValueError for what is not a date."""
    if text in BLANK_DATES:
        return None
    match = ISO.fullmatch(text)
    if match:
        year, month, day = match.groups()
    else:
        match = US.fullmatch(text)
        if not match:
            raise ValueError(text)
        month, day, year = match.groups()
        if len(year) == 2:
            year = "20" + year
    if int(year) <= 1900:
        return None
    return date(int(year), int(month), int(day))


class Source:
    """Every table: its rows and the columns its files have."""

    def __init__(self):
        self.rows = defaultdict(list)
        self.columns = defaultdict(set)
        self.older_teachers = self.older_schedules = False


def mapped_columns(settings, templates):
    """table -> the columns that the rules and the templates in force name."""
    columns = {t: dict.fromkeys((NEEDED[t] + " " + READ_BY_RULES.get(t, "")).split())
               for t in NEEDED}
    for template in templates:
        for table, column in template.columns():
            columns[table][column] = None
    if settings["users.student_email"] is None:
        columns["students"].update(dict.fromkeys(STUDENT_EMAIL_COLUMNS))
    columns["teachers"].update(columns["users"])
    columns["teachers"].update(columns["schoolstaff"])
    del columns["teachers"]["users_dcid"]
    for table in ("cc", "sectionteacher", "schoolstaff", "studentschedules",
                  "teachers", "students", "users", "sections"):
        columns[table].update(dict.fromkeys(("dcid",)))
    return {t: list(c) for t, c in columns.items()}


def read_file(source, folder, name, table, columns, settings):
    with open(os.path.join(folder, name), "rb") as f:
        data = f.read()
    text = decode(name, data, settings["source.encoding"])
    if text and text[-1] not in "\r\n" \
            and settings["source.final_newline"] != "optional":
        raise Refused(f"{name}: the last line has no end")
    reader = records(name, text, settings)
    _, header = next(reader, (0, []))
    where = {}
    for i, cell in enumerate(header):
        where.setdefault(squash(cell), i)
    missing = [c for c in NEEDED[table].split() if squash(c) not in where]
    if header and missing:
        raise Refused(f"{name}: no column {missing[0]}")
    present = [(c, where[squash(c)]) for c in columns if squash(c) in where]
    source.columns[table].update(c for c, _ in present)
    for line, cells in reader:
        if len(cells) != len(header):
            raise Refused(f"{name}:{line}: {len(cells)} cells, the header has {len(header)}")
        notes = set()
        cell = {c: clean_cell(cells[i], notes) for c, i in present}
        source.rows[table].append(Row(table, name, line, cell, notes))


def read_source(folder, columns, settings):
    source = Source()
    files = defaultdict(list)
    for name in sorted(os.listdir(folder), key=os.fsencode):
        table = table_of_file(name)
        if table and os.path.isfile(os.path.join(folder, name)):
            files[table].append(name)
    for table, names in files.items():
        for name in names:
            read_file(source, folder, name, table, columns[table], settings)
    if files["teachers"] and not files["users"] and not files["schoolstaff"]:
        older_teachers(source, columns, settings)
    if files["studentschedules"] and not files["cc"]:
        older_schedules(source)
    for table in TABLES:
        lenient = table == "sectionteacher" and source.older_teachers
        if table not in OPTIONAL and not lenient and not source.rows[table]:
            raise Refused(f"{table}: no file, or no rows in it")
    for row in source.rows["users"]:
        row.person = row.person or row["dcid"]
    for table, names in DATES.items():
        for row in source.rows[table]:
            read_dates(row, names)
    return source


def older_teachers(source, columns, settings):
    """Teachers rows serve as users and as schoolstaff rows."""
    if settings["ids.staff"] is None:
        raise BadSettings("ids.staff must be set: a Teachers file has no user.dcid")
    source.older_teachers = True
    for row in source.rows.pop("teachers", []):
        user = {c: row[c] for c in columns["users"] if c not in ("dcid", "id")}
        person = row["teachernumber"] or "id " + row["id"]
        user["id"] = row["id"]
        u = Row("users", row.file, row.line, user, row.notes)
        u.person = person
        source.rows["users"].append(u)
        staff = {c: row[c] for c in columns["schoolstaff"]}
        staff["users_dcid"] = person
        source.rows["schoolstaff"].append(
            Row("schoolstaff", row.file, row.line, staff, row.notes))


def older_schedules(source):
    """Student Schedules rows serve as cc rows; their dates come later."""
    source.older_schedules = True
    source.columns["cc"] |= source.columns["studentschedules"]
    for row in source.rows.pop("studentschedules", []):
        cc = Row("cc", row.file, row.line, row.cell, row.notes)
        cc.dropped = row["sectionid"].startswith("-") or row["termid"].startswith("-")
        source.rows["cc"].append(cc)


def read_dates(row, columns):
    for column in columns:
        try:
            row.day[column] = parse_date(row[column])
        except ValueError:
            row.day[column] = None
            row.bad_dates += (column,)


# ------------------------------------------------------------------ findings

def row_key(row):
    """What the key column of findings.csv shows for a row."""
    if row.table == "terms":
        return row["schoolid"] + "-" + row["id"]
    if row.table == "schools":
        return row["school_number"]
    if row.table == "courses":
        return row["course_number"]
    return row["dcid"] or row["id"]


class Findings:
    def __init__(self):
        self.lines = set()

    def add(self, rule, severity, row):
        self.lines.add((row.file, row.line, rule, severity, row_key(row)))
        if severity == ERROR:
            row.held = True

    def add_school_line(self, rule, severity, school_number):
        self.lines.add(("", 0, rule, severity, school_number))


# ---------------------------------------------------------------- the district

def magnitude(number):
    """|sectionid|, |termid|"""
    return number.removeprefix("-")


def whole_number(text):
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,18}", text) else None


class District:
    def __init__(self, source, settings, templates, columns, today, zone, year):
        self.source, self.settings, self.template = source, settings, templates
        self.columns, self.today, self.zone = columns, today, zone
        self.year, self.yearid = year, year - 1990
        self.year_text = f"{year}-{year + 1}"
        self.findings = Findings()
        self.accounts, self.terms, self.users = [], [], []
        self.courses, self.sections, self.enrollments = [], [], []
        self.known_ids = {}
        self.clashing_ids = set()       # mode course: given to several courses

    def rows(self, table):
        return self.source.rows[table]

    def run(self):
        self.src_duplicate()
        self.build_indexes()
        self.scope_schools()
        self.scope_terms_by_year_and_school()
        self.scope_sections()
        self.scope_terms_by_use()
        self.scope_courses()
        self.scope_cc_by_section_and_days()
        self.scope_students()
        self.scope_cc_by_student()
        self.scope_schoolstaff()
        self.scope_users()
        self.check_schools()
        self.check_terms()
        self.check_courses()
        self.check_sections()
        self.check_people()
        self.check_schoolstaff()
        self.check_cc()
        self.emit_accounts()
        self.emit_terms()
        self.emit_courses()
        self.emit_sections()
        self.emit_users()
        self.emit_student_enrollments()
        self.emit_teacher_enrollments()
        self.user_email_blank()
        self.source_notes()

    # ---- SRC-DUPLICATE, before scope

    def join_key(self, row):
        """What makes two rows of a table the same row; None = not compared."""
        table = row.table
        if table == "schools":
            return row["school_number"] or None
        if table == "terms":
            return (row["schoolid"], row["id"]) if row["id"] else None
        if table == "courses":
            return row["course_number"] or None
        if table == "sections":
            return magnitude(row["id"]) or None
        if table == "users":
            return row.person or None
        return row["id"] or None

    def content(self, row):
        table = row.table
        skip = NOT_COMPARED.get(table, set())
        out = []
        for column in self.columns[table]:
            if column in skip:
                continue
            value = row[column]
            if column in row.day and column not in row.bad_dates:
                value = row.day[column]
            elif table == "schoolstaff" and column == "status":
                value = value or "1"
            out.append(value)
        return tuple(out)

    def src_duplicate(self):
        for table in TABLES:
            if table == "studentemail":
                continue
            groups = defaultdict(list)
            for row in self.rows(table):
                key = self.join_key(row)
                if key is not None:
                    groups[key].append(row)
            for group in groups.values():
                if len(group) == 1:
                    continue
                if len({self.content(row) for row in group}) > 1:
                    for row in group:
                        row.duplicate = True
                        self.findings.add("SRC-DUPLICATE", ERROR, row)
                else:
                    for row in group[1:]:
                        row.merged = True

    # ---- indexes: key -> the rows that bear it (several only when held)

    def index(self, table, key):
        out = defaultdict(list)
        for row in self.rows(table):
            if not row.merged:
                out[key(row)].append(row)
        out.pop("", None)
        out.default_factory = None
        return out

    def build_indexes(self):
        self.school = self.index("schools", lambda r: r["school_number"])
        self.term = self.index("terms", lambda r: (r["schoolid"], r["id"]) if r["id"] else "")
        self.course = self.index("courses", lambda r: r["course_number"])
        self.section = self.index("sections", lambda r: magnitude(r["id"]))
        self.student = self.index("students", lambda r: r["id"])
        self.user = self.index("users", lambda r: r.person)
        self.staff = self.index("schoolstaff", lambda r: r["id"])

    @staticmethod
    def any_live(rows):
        return any(row.live() for row in rows or ())

    @staticmethod
    def any_held(rows):
        return any(row.held for row in rows or () if row.live())

    # ---- scope

    def school_skip(self, number):
        """Why a school number takes no part; None when it does or is unknown."""
        if number in SPECIAL_SCHOOLS:
            return SPECIAL_SCHOOLS[number]
        return "excluded" if self.settings.excluded("schools", number) else None

    def scope_schools(self):
        for row in self.rows("schools"):
            row.skip = self.school_skip(row["school_number"])

    def scope_terms_by_year_and_school(self):
        for row in self.rows("terms"):
            if whole_number(row["yearid"]) != self.yearid:
                row.skip = "other-year"
            elif self.school_skip(row["schoolid"]):
                row.skip = "school-out-of-scope"

    def other_year_termid(self, termid):
        number = whole_number(magnitude(termid))
        return number is not None and number // 100 != self.yearid

    def section_skip(self, row):
        terms = self.term.get((row["schoolid"], magnitude(row["termid"])))
        if terms is None:
            if self.other_year_termid(row["termid"]):
                return "other-year"
        elif all(t.skip == "other-year" for t in terms):
            return "other-year"
        if self.school_skip(row["schoolid"]):
            return "school-out-of-scope"
        if self.settings.excluded("courses", row["course_number"]) \
                or self.settings.excluded("sections", row["dcid"]):
            return "excluded"
        return None

    def scope_sections(self):
        for row in self.rows("sections"):
            row.skip = self.section_skip(row)

    def sections_in_scope(self):
        return [row for row in self.rows("sections") if row.live()]

    def scope_terms_by_use(self):
        used = {(s["schoolid"], magnitude(s["termid"])) for s in self.sections_in_scope()}
        for row in self.rows("terms"):
            if row.skip is None and (row["schoolid"], row["id"]) not in used:
                row.skip = "unused"

    def scope_courses(self):
        used = {s["course_number"] for s in self.sections_in_scope()} - {""}
        for row in self.rows("courses"):
            if row["course_number"] not in used:
                row.skip = "unused"

    def schedule_dates(self, row):
        """Student Schedules: from the term's first day to its last."""
        row.day = {"dateenrolled": None, "dateleft": None}
        for section in self.section.get(magnitude(row["sectionid"]), ()):
            for term in self.term.get((section["schoolid"], magnitude(section["termid"])), ()):
                first, last = term.day["firstday"], term.day["lastday"]
                if first and last and last < date.max:
                    row.day = {"dateenrolled": first,
                               "dateleft": last + timedelta(days=1)}

    def cc_skip(self, row):
        sections = self.section.get(magnitude(row["sectionid"]))
        if sections is None:
            if self.other_year_termid(row["termid"]):
                return "section-out-of-scope"
        elif not self.any_live(sections):
            return "section-out-of-scope"
        enrolled, left = row.day["dateenrolled"], row.day["dateleft"]
        if enrolled and left and left <= enrolled and not self.source.older_schedules:
            return "zero-day"
        return None

    def scope_cc_by_section_and_days(self):
        for row in self.rows("cc"):
            if self.source.older_schedules:
                self.schedule_dates(row)
            row.skip = self.cc_skip(row)

    def student_active(self, row):
        status = whole_number(row["enroll_status"])
        return status == 0 or (status == -1
                               and self.settings["users.preregistered"] == "include")

    def student_skip(self, row, enrolled):
        if whole_number(row["enroll_status"]) == -1 and not self.student_active(row):
            return "pre-registered"
        if not self.student_active(row) and row["id"] not in enrolled:
            return "no-enrollment"
        if self.settings.excluded("students", row["student_number"]):
            return "excluded"
        if self.school_skip(row["schoolid"]) and row["id"] not in enrolled:
            return "school-out-of-scope"
        return None

    def scope_students(self):
        enrolled = {row["studentid"] for row in self.rows("cc") if row.live()}
        enrolled.discard("")
        for row in self.rows("students"):
            row.skip = self.student_skip(row, enrolled)

    def scope_cc_by_student(self):
        for row in self.rows("cc"):
            if row.skip is None:
                students = self.student.get(row["studentid"])
                if students is not None and not self.any_live(students):
                    row.skip = "student-out-of-scope"

    def scope_schoolstaff(self):
        for row in self.rows("schoolstaff"):
            reason = self.school_skip(row["schoolid"])
            if reason:
                row.skip = "school-out-of-scope" if reason == "excluded" else reason
            elif row["users_dcid"] not in self.user:
                row.skip = "no-user"

    def teaching_staff_ids(self):
        """schoolstaff ids that a section in scope names, by row or by lead."""
        ids = {row["teacher"] for row in self.sections_in_scope()}
        ids |= {row["teacherid"] for row in self.rows("sectionteacher")
                if not row.merged
                and self.any_live(self.section.get(magnitude(row["sectionid"])))}
        return ids - NOBODY

    def scope_users(self):
        teaching = self.teaching_staff_ids()
        at_school, wanted, self.current, teachers = set(), set(), set(), set()
        self.schools_of_person = defaultdict(set)
        for row in self.rows("schoolstaff"):
            if not row.live():
                continue
            person = row["users_dcid"]
            at_school.add(person)
            self.schools_of_person[person].add(row["schoolid"])
            if (row["status"] or "1") == "1":
                self.current.add(person)
            if row["id"] in teaching:
                teachers.add(person)
        wanted = self.current | teachers
        for row in self.rows("users"):
            if row.person not in at_school:
                row.skip = "no-school"
            elif row.person not in wanted:
                row.skip = "inactive"
            elif self.settings["users.staff"] == "teaching" and row.person not in teachers:
                row.skip = "not-teaching"

    # ---- findings, parents first

    def open_rows(self, table):
        """Rows in scope that are not already held as duplicates."""
        return [row for row in self.rows(table) if row.live() and not row.duplicate]

    def held_parent(self, row, *parents):
        if any(self.any_held(rows) for rows in parents):
            self.findings.add("HELD-PARENT", ERROR, row)
            row.notes = set()
            row.bad_dates = ()
            return True
        return False

    def ref_school(self, row):
        number = row["schoolid"]
        if number not in self.school and number not in SPECIAL_SCHOOLS:
            self.findings.add("REF-SCHOOL", ERROR, row)
            return True
        return False

    def check_id(self, row, template, context):
        text, blank = template.render(context)
        if blank or not text:
            self.findings.add("ID-BLANK", ERROR, row)
        elif len(text) > LIMIT:
            self.findings.add("ID-LENGTH", ERROR, row)

    def check_name(self, row, text):
        if not text:
            self.findings.add("NAME-BLANK", ERROR, row)
        elif len(text) > LIMIT:
            self.findings.add("NAME-LENGTH", ERROR, row)

    def id_duplicate(self, pairs):
        """pairs (id, row), judged among rows that nothing else holds."""
        groups = defaultdict(list)
        for text, row in pairs:
            groups[text].append(row)
        for group in groups.values():
            if len(group) > 1:
                for row in group:
                    self.findings.add("ID-DUPLICATE", ERROR, row)

    def school_cell(self, number):
        return self.school[number][0].cell if number in self.school else {}

    def school_context(self, row):
        return {"year": self.year_text, "school": row.cell}

    def account_id(self, row):
        return self.template["ids.account"].render(self.school_context(row))[0]

    def check_schools(self):
        for row in self.open_rows("schools"):
            context = self.school_context(row)
            self.check_id(row, self.template["ids.account"], context)
            if not row["name"]:
                self.findings.add("NAME-BLANK", ERROR, row)
            self.check_name(row, self.template["names.account"].render(context)[0])
        self.id_duplicate([(self.account_id(r), r) for r in self.open_rows("schools")
                           if not r.held])

    def term_context(self, row):
        return {"year": self.year_text, "term": row.cell,
                "school": self.school_cell(row["schoolid"])}

    def term_id(self, row):
        return self.template["ids.term"].render(self.term_context(row))[0]

    def term_name(self, row):
        template = self.template["names.term"]
        if self.settings["names.term"] is None \
                and str(self.year) in row["name"] and str(self.year + 1) in row["name"]:
            template = self.template["term name with years"]
        return template.render(self.term_context(row))[0]

    def utc(self, day, clock):
        """A local date and time as Canvas wants it; OverflowError past 9999."""
        local = datetime.combine(day, clock, self.zone)
        moment = datetime.combine(day, clock) - local.utcoffset()
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def term_dates(self, row):
        return (self.utc(row.day["firstday"], time(0, 0, 0)),
                self.utc(row.day["lastday"], time(23, 59, 59)))

    def check_term_dates(self, row):
        first, last = row.day["firstday"], row.day["lastday"]
        try:
            if first is None or last is None:
                raise ValueError
            self.term_dates(row)
        except (ValueError, OverflowError):
            self.findings.add("SRC-DATE", ERROR, row)
            return
        if last < first:
            self.findings.add("TERM-DATES", WARNING, row)

    def check_terms(self):
        for row in self.open_rows("terms"):
            if self.held_parent(row, self.school.get(row["schoolid"])):
                continue
            missing = self.ref_school(row)
            self.check_term_dates(row)
            if not row["name"]:
                self.findings.add("NAME-BLANK", ERROR, row)
            if not missing:
                self.check_id(row, self.template["ids.term"], self.term_context(row))
                self.check_name(row, self.term_name(row))
        self.id_duplicate([(self.term_id(r), r) for r in self.open_rows("terms")
                           if not r.held])

    def check_courses(self):
        for row in self.open_rows("courses"):
            self.check_name(row, row["course_name"])

    # -- sections

    def term_of_section(self, row):
        return self.term.get((row["schoolid"], magnitude(row["termid"])))

    def section_context(self, row):
        number = row["course_number"]
        course = self.course[number][0].cell if number in self.course \
            else {"course_number": number, "course_name": number}
        terms = self.term_of_section(row)
        lead = self.user_of_staff(row["teacher"])
        return {"year": self.year_text, "section": row.cell, "course": course,
                "term": terms[0].cell if terms else {},
                "school": self.school_cell(row["schoolid"]),
                "user": lead.cell if lead else {}, "teacher": lead.cell if lead else {}}

    def user_of_staff(self, staff_id):
        """The users row behind a schoolstaff id, or None."""
        for staff in () if staff_id in NOBODY else self.staff.get(staff_id, ()):
            for user in self.user.get(staff["users_dcid"], ()):
                return user
        return None

    def section_id(self, row):
        if row not in self.known_ids:
            self.known_ids[row] = self.render("ids.section", row)
        return self.known_ids[row]

    def render(self, key, row):
        return self.template[key].render(self.section_context(row))[0]

    def check_sections(self):
        for row in self.open_rows("sections"):
            self.check_section(row)
        good = [r for r in self.open_rows("sections") if not r.held]
        by_section = [(self.section_id(r), r) for r in good]
        by_course = [(self.render("ids.course", r), r) for r in good]
        if self.settings["courses.mode"] == "course":
            by_course = self.clashing_courses(by_course)
        self.id_duplicate(by_section)
        self.id_duplicate(by_course)

    def check_section(self, row):
        terms = self.term_of_section(row)
        school_known = row["schoolid"] in self.school
        if self.held_parent(row, self.school.get(row["schoolid"]),
                            terms if school_known else None,
                            self.course.get(row["course_number"])):
            return
        if not self.ref_school(row) and terms is None:
            self.findings.add("REF-TERM", ERROR, row)
        if row["course_number"] and row["course_number"] not in self.course:
            self.findings.add("REF-COURSE", WARNING, row)
        if row["teacher"] not in NOBODY and row["teacher"] not in self.staff:
            self.findings.add("REF-STAFF", WARNING, row)
        context = self.section_context(row)
        self.check_id(row, self.template["ids.section"], context)
        if school_known and terms is not None or self.settings["courses.mode"] == "section":
            self.check_id(row, self.template["ids.course"], context)
        elif not row["course_number"]:
            self.findings.add("ID-BLANK", ERROR, row)
        if not row["course_number"]:
            self.findings.add("NAME-BLANK", ERROR, row)
        for name in ("names.section", "names.course_short", "names.course_long"):
            self.check_name(row, self.template[name].render(context)[0])

    def course_group(self, row):
        return row["schoolid"], magnitude(row["termid"]), row["course_number"]

    def clashing_courses(self, pairs):
        """Mode course: pairs whose course id is given to several courses."""
        groups = defaultdict(set)
        for text, row in pairs:
            groups[text].add(self.course_group(row))
        self.clashing_ids = {text for text, group in groups.items() if len(group) > 1}
        return [(text, row) for text, row in pairs if text in self.clashing_ids]

    # -- people

    def person_id(self, row):
        if row not in self.known_ids:
            self.known_ids[row] = self.render_person_id(row)
        return self.known_ids[row]

    def render_person_id(self, row):
        word = "student" if row.table == "students" else "user"
        kind = "student" if row.table == "students" else "staff"
        return self.template["ids." + kind].render(self.person_context(row, word))[0]

    def person_context(self, row, word):
        number = row["schoolid"] if word == "student" else row["homeschoolid"]
        return {"year": self.year_text, word: row.cell,
                "school": self.school_cell(number)}

    def login(self, row):
        if row.table == "students":
            return self.template["users.student_login"].render(
                self.person_context(row, "student"))[0]
        return self.template["users.staff_login"].render(
            self.person_context(row, "user"))[0]

    def email(self, row):
        if row.table == "users":
            return self.template["users.staff_email"].render(
                self.person_context(row, "user"))[0]
        if self.settings["users.student_email"] is not None:
            return self.template["users.student_email"].render(
                self.person_context(row, "student"))[0]
        for column in STUDENT_EMAIL_COLUMNS:
            if row[column]:
                return row[column]
        found = self.student_email_table.get(("id", row["id"])) \
            or self.student_email_table.get(("dcid", row["dcid"]))
        if not found:
            return ""
        found[1].skip = None
        return found[1].cell["email"]

    def read_student_email_table(self):
        """Primary first; the reason of every row until a student takes it."""
        self.student_email_table = {}
        for row in self.rows("studentemail"):
            row.skip = "unused"
            row.cell["email"] = row["email"] or row["email_addr"] or row["student_email"]
            if not row["email"]:
                continue
            primary = (row["isprimary"] or row["primary"]).lower() \
                in ("1", "true", "t", "yes", "y")
            rank = (not primary, row["email"].encode())
            for key in (("id", row["studentid"]), ("dcid", row["studentsdcid"])):
                if key[1]:
                    old = self.student_email_table.get(key)
                    if old is None or rank < old[0]:
                        self.student_email_table[key] = (rank, row)

    def leaver(self, row):
        if row.table == "students":
            return not self.student_active(row)
        return row.person not in self.current

    def check_person_name(self, row):
        first, last = row["first_name"], row["last_name"]
        if not first and not last:
            self.findings.add("NAME-BLANK", ERROR, row)
        elif not first or not last:
            self.findings.add("NAME-BLANK", WARNING, row)
        if len((first + " " + last).strip(" ")) > LIMIT:
            self.findings.add("NAME-LENGTH", ERROR, row)

    def check_login(self, row):
        text = self.login(row)
        if not text:
            self.findings.add("USER-LOGIN-BLANK", ERROR, row)
        elif len(text) > LOGIN_LIMIT or any(
                unicodedata.category(c) in ("Cc", "Cs", "Cn", "Zl", "Zp") for c in text):
            self.findings.add("USER-LOGIN-BAD", ERROR, row)

    def check_email(self, row):
        text = self.email(row)
        if text and not good_email(text):
            self.findings.add("USER-EMAIL-BAD", WARNING, row)

    def check_person(self, row):
        if row.table == "students":
            if self.held_parent(row, self.school.get(row["schoolid"])):
                return
            self.ref_school(row)
        kind, word = ("student", "student") if row.table == "students" else ("staff", "user")
        self.check_id(row, self.template["ids." + kind], self.person_context(row, word))
        self.check_person_name(row)
        self.check_login(row)
        self.check_email(row)

    def check_people(self):
        self.read_student_email_table()
        people = self.open_rows("students") + self.open_rows("users")
        for row in people:
            self.check_person(row)
        self.id_duplicate([(self.person_id(r), r) for r in people if not r.held])
        self.user_login_duplicate([r for r in people if not r.held])

    def user_login_duplicate(self, people):
        groups = defaultdict(list)
        for row in people:
            groups["".join(c.lower() for c in self.login(row))].append(row)
        for group in groups.values():
            if len(group) == 1:
                continue
            active = [row for row in group if not self.leaver(row)]
            for row in group:
                if len(active) != 1 or row is not active[0]:
                    self.findings.add("USER-LOGIN-DUPLICATE", ERROR, row)

    def check_schoolstaff(self):
        for row in self.rows("schoolstaff"):
            if row.skip == "no-user" and not row.merged and not row.duplicate:
                self.findings.add("REF-STAFF", WARNING, row)
        for row in self.open_rows("schoolstaff"):
            users = self.user.get(row["users_dcid"])
            if self.source.older_teachers and any(
                    (u.file, u.line) == (row.file, row.line) and u.held for u in users):
                row.held = True         # the same Teachers row: said once
            elif not self.held_parent(row, self.school.get(row["schoolid"]), users):
                self.ref_school(row)

    def check_cc(self):
        for row in self.open_rows("cc"):
            section = self.section.get(magnitude(row["sectionid"]))
            student = self.student.get(row["studentid"])
            if self.held_parent(row, section, student):
                continue
            if section is None:
                self.findings.add("REF-SECTION", ERROR, row)
            if student is None:
                self.findings.add("REF-STUDENT", ERROR, row)
            if None in row.day.values() and not self.source.older_schedules:
                self.findings.add("SRC-DATE", ERROR, row)

    # ---- rows out

    def emit_accounts(self):
        for row in self.rows("schools"):
            if row.good():
                name = self.template["names.account"].render(self.school_context(row))[0]
                self.accounts.append((self.account_id(row), "", name, "active"))

    def emit_terms(self):
        for row in self.rows("terms"):
            if row.good():
                self.terms.append((self.term_id(row), self.term_name(row), "active",
                                   *self.term_dates(row)))

    def course_row(self, row):
        return (self.render("ids.course", row), self.render("names.course_short", row),
                self.render("names.course_long", row),
                self.account_id(self.school[row["schoolid"]][0]),
                self.term_id(self.term_of_section(row)[0]), "active")

    def emit_courses(self):
        if self.settings["courses.mode"] == "section":
            self.courses = [self.course_row(r) for r in self.sections_in_scope() if r.good()]
            return
        groups = defaultdict(list)
        for row in self.sections_in_scope():
            groups[self.course_group(row)].append(row)
        # The section that stands for the course: a good one, the lowest id.
        standing = [min(group, key=lambda r: (r.held, self.section_id(r).encode()))
                    for group in groups.values()]
        self.courses = [self.course_row(row) for row in standing if not row.held]
        given = {row[0] for row in self.courses} | self.clashing_ids
        kept = [self.course_row(row) for row in standing if self.held_course_stays(row)]
        again = Counter(row[0] for row in kept)
        self.courses += [row for row in kept
                         if row[0] not in given and again[row[0]] == 1]

    def held_course_stays(self, row):
        """Mode course: a held section keeps its course when that can be said."""
        parents = (self.school.get(row["schoolid"]), self.term_of_section(row),
                   self.course.get(row["course_number"]))
        if not row.held or not row["course_number"] or not parents[0] or not parents[1] \
                or any(self.any_held(p) for p in parents):
            return False
        text, blank = self.template["ids.course"].render(self.section_context(row))
        return not blank and all(0 < len(t) <= LIMIT for t in (
            text, self.render("names.course_short", row),
            self.render("names.course_long", row)))

    def emit_sections(self):
        for row in self.rows("sections"):
            if row.good():
                self.sections.append((self.section_id(row),
                                      self.render("ids.course", row),
                                      self.render("names.section", row), "active"))

    def user_status(self, row):
        leavers = self.settings["users.leavers"]
        return leavers if self.leaver(row) and leavers != "keep" else "active"

    def emit_users(self):
        self.without_email = Counter()
        for row in self.rows("students") + self.rows("users"):
            if not row.good():
                continue
            email = self.email(row)
            if not email or not good_email(email):
                email = ""
                self.without_email[self.school_of_person(row)] += 1
            self.users.append((self.person_id(row), self.login(row), row["first_name"],
                               row["last_name"], email, self.user_status(row)))

    def school_of_person(self, row):
        if row.table == "students":
            return row["schoolid"]
        schools = self.schools_of_person[row.person]
        if row["homeschoolid"] in schools:
            return row["homeschoolid"]
        return min(schools, key=lambda s: (whole_number(s) is None, whole_number(s) or 0, s))

    def user_email_blank(self):
        for school in self.without_email:
            self.findings.add_school_line("USER-EMAIL-BLANK", INFO, school)

    # -- enrollments of students

    def phase(self, row, term):
        """running, future, dropped or ended"""
        if row.dropped:
            return "dropped"
        enrolled, left = row.day["dateenrolled"], row.day["dateleft"]
        if enrolled <= self.today < left:
            return "running"
        if self.today < enrolled:
            return "future"
        return "dropped" if left <= term.day["lastday"] else "ended"

    def choose(self, rows, term):
        """The row that stands for all rows of one student and section."""
        def rank(row):
            phase = self.phase(row, term)
            enrolled = row.day["dateenrolled"].toordinal()
            left = row.day["dateleft"].toordinal()
            if phase == "running":
                return 0, -left, enrolled
            if phase == "future":
                return 1, enrolled, -left
            return 2, -left, -enrolled, phase == "dropped"
        return min(rows, key=rank)

    def emit_student_enrollments(self):
        pairs = defaultdict(list)
        for row in self.rows("cc"):
            if row.live():
                pairs[row["studentid"], magnitude(row["sectionid"])].append(row)
        for (student_id, section_id), rows in pairs.items():
            if any(row.held for row in rows):
                for row in rows:
                    if not row.held:
                        row.held = True
                        row.notes = set()
                continue
            section = self.section[section_id][0]
            student = self.student[student_id][0]
            self.emit_student_enrollment(student, section, rows)

    def emit_student_enrollment(self, student, section, rows):
        term = self.term_of_section(section)[0]
        row = self.choose(rows, term)
        for other in rows:
            other.merged = other is not row
        phase = self.phase(row, term)
        status = "active" if phase in ("running", "future") \
            else self.settings["enrollments." + phase]
        if status == "deleted":
            row.skip = phase
            return
        self.add_enrollment(section, student, "student", status,
                            row.day["dateenrolled"],
                            row.day["dateleft"] - timedelta(days=1))

    def add_enrollment(self, section, person, role, status, start, end):
        line = (self.section_id(section), self.person_id(person), role, status)
        if self.settings["enrollments.dates"] == "yes":
            line += (self.utc(start, time(0, 0, 0)) if start else "",
                     self.utc(end, time(23, 59, 59)) if end else "")
        self.enrollments.append(line)

    # -- enrollments of teachers

    def role_names(self):
        return {row["id"]: letters(row["name"]) for row in self.rows("roledef")
                if row.good()}

    def teacher_role(self, row, section, names):
        """The Canvas role of a sectionteacher row, "" for none."""
        roleid = row["roleid"]
        name = names.get(roleid, CO_TEACHER)
        if not self.rows("roledef") and row["teacherid"] == section["teacher"]:
            name = "leadteacher"
        if name == "leadteacher":
            return "teacher"
        if roleid in self.settings.roles_by_id:
            return self.settings.roles_by_id[roleid]
        return self.settings.roles_by_name.get(name, "")

    def sectionteacher_skip(self, row, names):
        sections = self.section.get(magnitude(row["sectionid"]))
        if not self.any_live(sections):
            return "section-out-of-scope"
        if row.day["end_date"] and row.day["end_date"] < self.today:
            return "ended"
        if not self.teacher_role(row, sections[0], names):
            return "role"
        if row["teacherid"] in NOBODY or row["teacherid"] not in self.staff:
            return "no-staff"
        staff = self.staff[row["teacherid"]]
        users = [u for s in staff for u in self.user.get(s["users_dcid"], ())]
        if not self.any_live(users):
            return "staff-out-of-scope"
        return None

    def scope_and_check_sectionteacher(self, names):
        for row in self.rows("sectionteacher"):
            row.skip = self.sectionteacher_skip(row, names)
            if row.merged or row.duplicate:
                continue
            if row.skip == "no-staff" and row["teacherid"] not in NOBODY:
                self.findings.add("REF-STAFF", WARNING, row)
            if row.skip is None:
                staff = self.staff[row["teacherid"]]
                users = self.user.get(staff[0]["users_dcid"])
                if not self.held_parent(row, self.section[magnitude(row["sectionid"])],
                                        staff, users) and row.bad_dates:
                    self.findings.add("SRC-DATE", WARNING, row)

    def emit_teacher_enrollments(self):
        names = self.role_names()
        self.scope_and_check_sectionteacher(names)
        by_section = defaultdict(list)
        for row in self.rows("sectionteacher"):
            if row.good():
                by_section[magnitude(row["sectionid"])].append(row)
        for section in self.sections_in_scope():
            if section.held:
                continue
            rows = by_section[magnitude(section["id"])]
            has_teacher = self.emit_section_teachers(section, rows, names)
            if not rows:
                has_teacher = self.emit_lead(section)
            if not has_teacher:
                self.findings.add("SECTION-NO-TEACHER", WARNING, section)

    def emit_section_teachers(self, section, rows, names):
        """One enrollment per person, the highest role; is there a teacher?"""
        people = defaultdict(list)
        for row in rows:
            role = self.teacher_role(row, section, names)
            user = self.user_of_staff(row["teacherid"])
            rank = (ROLE_RANK.get(role, 2), role, row.day["start_date"] or date.min,
                    -(row.day["end_date"] or date.max).toordinal())
            people[user.person].append((rank, role, row, user))
        for group in people.values():
            _, role, best, user = min(group, key=lambda g: g[0])
            for item in group:
                item[2].merged = item[2] is not best
            self.add_enrollment(section, user, role, "active",
                                best.day["start_date"], best.day["end_date"])
        return any(item[1] == "teacher" for g in people.values() for item in g)

    def emit_lead(self, section):
        """No row gave an enrollment: the section's own teacher."""
        staff = self.staff.get(section["teacher"])
        if section["teacher"] in NOBODY or not staff or self.any_held(staff):
            return False
        user = self.user_of_staff(section["teacher"])
        if user is None or not user.good():
            return False
        self.add_enrollment(section, user, "teacher", "active", None, None)
        return True

    # ---- SRC-CONTROL, SRC-ENTITY: rows that are sent or held for themselves

    def source_notes(self):
        severity = {"SRC-CONTROL": WARNING, "SRC-ENTITY": INFO}
        for table in TABLES:
            if table == "studentemail":
                continue
            for row in self.rows(table):
                if row.notes and row.live() and not row.duplicate:
                    for code in row.notes:
                        self.findings.add(code, severity[code], row)

    # ---- counts

    def counts(self):
        out = {}
        for table in TABLES:
            rows = self.rows(table)
            if not rows and table in OPTIONAL:
                continue
            merged = sum(row.merged for row in rows)
            held = sum(row.held for row in rows if not row.merged)
            skipped = Counter(row.skip for row in rows
                              if not row.merged and not row.held and row.skip)
            out[table] = {
                "rows": len(rows),
                "used": len(rows) - merged - held - sum(skipped.values()),
                "merged": merged, "held": held,
                "skipped": dict(sorted(skipped.items()))}
        return out


# -------------------------------------------------------------------- e-mail

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]++"
QUOTED = r'"(?:[^"\\\r\n]|\\.)*+"'
EMAIL = re.compile(f"(?:{ATOM}|{QUOTED}|\\.)++@{ATOM}(?:\\.{ATOM})*+")


def good_email(text):
    """One bare address as the mail parser of Canvas takes it."""
    if len(text) > LIMIT or not EMAIL.fullmatch(text):
        return False
    unquoted = re.sub(QUOTED, "", text)
    return text.strip(".")[0] != "@" and not any(c in UNICODE_BLANKS for c in unquoted)


# ------------------------------------------------------------------- writing

HEADERS = {
    "accounts": "account_id parent_account_id name status",
    "terms": "term_id name status start_date end_date",
    "users": "user_id login_id first_name last_name email status",
    "courses": "course_id short_name long_name account_id term_id status",
    "sections": "section_id course_id name status",
    "enrollments": "section_id user_id role status",
}


def csv_cell(text):
    if any(c in text for c in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def write_csv(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as f:
        for row in [header, *rows]:
            f.write(",".join(map(csv_cell, row)) + "\n")


def sort_key(sheet):
    if sheet == "enrollments":
        return lambda row: [cell.encode() for cell in row[:3]]
    return lambda row: row[0].encode()


def write_sheets(outdir, district):
    for sheet, header in HEADERS.items():
        columns = header.split()
        if sheet == "enrollments" and district.settings["enrollments.dates"] == "yes":
            columns += ["start_date", "end_date"]
        rows = sorted(getattr(district, sheet), key=sort_key(sheet))
        write_csv(os.path.join(outdir, sheet + ".csv"), columns, rows)


def write_findings(outdir, findings):
    lines = sorted(findings.lines, key=lambda f: (f[0].encode(), *f[1:]))
    write_csv(os.path.join(outdir, "findings.csv"),
              ["rule", "severity", "file", "line", "key"],
              [(rule, severity, file, str(line or ""), key)
               for file, line, rule, severity, key in lines])


def write_counts(outdir, counts):
    with open(os.path.join(outdir, "counts.json"), "w", encoding="utf-8") as f:
        json.dump(counts, f, indent=1)
        f.write("\n")


# ---------------------------------------------------------------------- main

TEMPLATE_KEYS = [k for k in DEFAULTS if k.startswith(("ids.", "names."))] + [
    "users.student_login", "users.staff_login", "users.student_email",
    "users.staff_email"]


def compile_templates(settings):
    """setting -> Template; the two without a plain default fall back here."""
    default = {"ids.staff": "T{user.dcid}", "names.term": TERM_NAME}
    templates = {"term name with years": Template(TERM_NAME_WITH_YEARS)}
    for key in TEMPLATE_KEYS:
        text = settings[key] if settings[key] is not None else default.get(key)
        if text is not None:
            templates[key] = Template(text)
    return templates


def parse_now(text):
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--now", type=parse_now,
                        default=datetime.now(timezone.utc))
    parser.add_argument("--tz", type=ZoneInfo, default=ZoneInfo("UTC"))
    parser.add_argument("--year", type=int)
    parser.add_argument("-s", "--set", action="append", default=[])
    parser.add_argument("srcdir")
    parser.add_argument("outdir")
    return parser.parse_args()


def main():
    args = arguments()
    today = args.now.astimezone(args.tz).date()
    year = args.year or today.year - (today.month < 7)
    try:
        settings = Settings(args.set)
        templates = compile_templates(settings)
        columns = mapped_columns(settings, templates.values())
        source = read_source(args.srcdir, columns, settings)
        district = District(source, settings, templates, columns, today, args.tz, year)
        district.run()
    except BadSettings as e:
        print(f"mapping.py: {e}", file=sys.stderr)
        return 3
    except Refused as e:
        print(f"mapping.py: {e}", file=sys.stderr)
        return 4
    os.makedirs(args.outdir, exist_ok=True)
    write_sheets(args.outdir, district)
    write_findings(args.outdir, district.findings)
    write_counts(args.outdir, district.counts())
    return 0


if __name__ == "__main__":
    sys.exit(main())
