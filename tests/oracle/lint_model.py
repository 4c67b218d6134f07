#!/usr/bin/env python3
"""A second opinion on `ps2canvas validate`.

Reads a folder, a zip or one CSV of Canvas SIS files and prints what Canvas's
importer would refuse, lose or change in silence: one `file:line: CODE` a
finding, in the codes of `ps2canvas explain`.  Line 0 is the file as a whole.
Written from the rules of the importer alone; it knows no columns and no
wording.

usage: lint_model.py [--complete] [--role NAME ...] PACKAGE
Exit 0: read; 2: usage.
"""
import argparse
import calendar
import os
import re
import sys
import unicodedata
import zipfile
from collections import defaultdict, namedtuple
from datetime import date

LIMIT = 255
LOGIN_LIMIT = 100
STRIPPED = " \t\r\n\v\f\0"
MIB = 1 << 20

EXISTING = {"existing_user_id", "existing_integration_id",
            "existing_canvas_user_id"}

# In processing order: the first whose condition holds is what Canvas reads.
DETECT = (
    ("change_sis_id", lambda h: h & {"old_id", "old_integration_id"}),
    ("account", lambda h: {"account_id", "parent_account_id"} <= h),
    ("term", lambda h: {"term_id", "name"} <= h),
    ("abstract_course", lambda h: {"abstract_course_id", "short_name"} <= h
     and "course_id" not in h),
    ("course", lambda h: {"course_id", "short_name"} <= h),
    ("section", lambda h: {"section_id", "name"} <= h),
    ("xlist", lambda h: {"xlist_course_id", "section_id"} <= h),
    ("user", lambda h: {"user_id", "login_id"} <= h and not h & EXISTING),
    ("login", lambda h: h & EXISTING),
    ("enrollment", lambda h: h & {"section_id", "course_id"}
     and h & {"user_id", "user_integration_id"}),
    ("admin", lambda h: {"account_id", "user_id"} <= h),
    ("group_category", lambda h: {"group_category_id", "category_name"} <= h),
    ("tag_set", lambda h: {"tag_set_id", "set_name"} <= h),
    ("group", lambda h: {"group_id", "name"} <= h),
    ("tag", lambda h: {"tag_id", "name"} <= h),
    ("group_membership", lambda h: {"group_id", "user_id"} <= h),
    ("tag_membership", lambda h: {"tag_id", "user_id"} <= h),
    ("institutional_category", lambda h: {"category_id", "name"} <= h
     and not h & {"tag_id", "institutional_tag_id"}),
    ("institutional_tag",
     lambda h: {"institutional_tag_id", "category_id", "name"} <= h),
    ("institutional_association",
     lambda h: {"institutional_tag_id", "user_id"} <= h),
    ("grade", lambda h: {"enrollment_id", "grade_publishing_status"} <= h),
    ("user_observer", lambda h: {"observer_id", "student_id"} <= h),
)
ORDER = [kind for kind, _ in DETECT]
TAG_KINDS = {"tag_set", "tag", "tag_membership", "institutional_category",
             "institutional_tag", "institutional_association"}

# Columns by what their cells hold; the first word of a pair is the kind.
COLUMNS = {
    "change_sis_id": "old_id:old new_id:id old_integration_id:old "
                     "new_integration_id:id type:word",
    "account": "account_id:id parent_account_id:id name:name status:status "
               "integration_id:id",
    "term": "term_id:id name:name status:status integration_id:id "
            "start_date:date end_date:date date_override_enrollment_type:word",
    "abstract_course": "abstract_course_id:id short_name:name long_name:name "
                       "account_id:id term_id:id status:status",
    "course": "course_id:id short_name:name long_name:name account_id:id "
              "term_id:id status:status integration_id:id start_date:date "
              "end_date:date course_format:word blueprint_course_id:id "
              "grade_passback_setting:word homeroom_course:bool "
              "friendly_name:name abstract_course_id:id "
              "fallback_account_id:id",
    "section": "section_id:id course_id:id name:name status:status "
               "integration_id:id start_date:date end_date:date",
    "xlist": "xlist_course_id:id section_id:id status:status",
    "user": "user_id:id login_id:login status:status integration_id:id "
            "password:password ssha_password:text "
            "authentication_provider_id:text first_name:name last_name:name "
            "full_name:name sortable_name:name short_name:name email:email "
            "pronouns:text declared_user_type:word "
            "canvas_password_notification:bool home_account:text",
    "login": "user_id:id login_id:login existing_user_id:id "
             "existing_integration_id:text existing_canvas_user_id:number "
             "integration_id:id password:password ssha_password:text "
             "authentication_provider_id:text email:email root_account:text",
    "enrollment": "course_id:id section_id:id user_id:id "
                  "user_integration_id:id role:text role_id:number "
                  "status:status associated_user_id:id start_date:date "
                  "end_date:date limit_section_privileges:bool notify:bool "
                  "root_account:text temporary_enrollment_source_user_id:id",
    "admin": "user_id:id account_id:id role:text role_id:number "
             "status:status",
    "group_category": "group_category_id:id category_name:name "
                      "status:status account_id:id course_id:id",
    "group": "group_id:id name:name status:status group_category_id:id "
             "account_id:id course_id:id",
    "group_membership": "group_id:id user_id:id status:status",
    "grade": "enrollment_id:number grade_publishing_status:status "
             "message:text",
    "user_observer": "observer_id:id student_id:id status:status",
    "tag_set": "tag_set_id:id course_id:id set_name:name status:status",
    "tag": "tag_id:id tag_set_id:id course_id:id name:name status:status",
    "tag_membership": "tag_id:id user_id:id status:status",
    "institutional_category": "category_id:id name:name description:text "
                              "status:status",
    "institutional_tag": "institutional_tag_id:id category_id:id name:name "
                         "description:text status:status",
    "institutional_association": "institutional_tag_id:id user_id:id "
                                 "status:status",
}
COLUMNS = {kind: dict(pair.split(":") for pair in text.split())
           for kind, text in COLUMNS.items()}

# Needed in every row; a tuple: one of these.
REQUIRED = {
    "change_sis_id": ["type", ("old_id", "old_integration_id"),
                      ("new_id", "new_integration_id")],
    "account": ["account_id"],
    "term": ["term_id", "status", "name"],
    "abstract_course": ["abstract_course_id", "short_name", "long_name",
                        "status"],
    "course": ["course_id", "short_name", "long_name", "status"],
    "section": ["section_id", "course_id", "status"],
    "xlist": ["xlist_course_id", "section_id", "status"],
    "user": ["user_id", "login_id", "status"],
    "login": ["user_id", "login_id", tuple(sorted(EXISTING))],
    "enrollment": [("course_id", "section_id"),
                   ("user_id", "user_integration_id"), ("role", "role_id"),
                   "status"],
    "admin": ["user_id", "status", ("role", "role_id")],
    "group_category": ["group_category_id", "category_name", "status"],
    "group": ["group_id", "name", "status"],
    "group_membership": ["group_id", "user_id", "status"],
    "grade": ["enrollment_id", "grade_publishing_status"],
    "user_observer": ["observer_id", "student_id", "status"],
}
NEEDED_WHEN_NEW = {"account": ["name", "status"], "section": ["name"]}

EXACT, PREFIX = True, False
STATUS = {
    "account": (PREFIX, "active deleted"),
    "term": (PREFIX, "active deleted"),
    "abstract_course": (PREFIX, "active deleted"),
    "course": (PREFIX, "active deleted completed unpublished published"),
    "section": (PREFIX, "active deleted"),
    "xlist": (EXACT, "active deleted"),
    "user": (PREFIX, "active suspended deleted"),
    "enrollment": (PREFIX, "active deleted completed inactive "
                           "deleted_last_completed"),
    "admin": (EXACT, "active deleted"),
    "group_category": (PREFIX, "active deleted"),
    "group": (PREFIX, "available closed completed deleted"),
    "group_membership": (PREFIX, "accepted deleted"),
    "grade": (EXACT, "published error"),
    "user_observer": (EXACT, "active deleted"),
}
STATUS = {kind: (exact, words.split())
          for kind, (exact, words) in STATUS.items()}
REPORT_WORDS = {"concluded", "invited", "rejected", "creation_pending",
                "pending"}

KEYS = {
    "change_sis_id": ["type", "old_id", "old_integration_id"],
    "account": ["account_id"],
    "term": ["term_id", "date_override_enrollment_type"],
    "abstract_course": ["abstract_course_id"],
    "course": ["course_id"], "section": ["section_id"],
    "xlist": ["section_id"], "user": ["user_id"], "login": ["user_id"],
    "enrollment": ["course_id", "section_id", "user_id",
                   "user_integration_id", "role", "role_id",
                   "associated_user_id"],
    "admin": ["user_id", "account_id", "role", "role_id"],
    "group_category": ["group_category_id"], "group": ["group_id"],
    "group_membership": ["group_id", "user_id"],
    "grade": ["enrollment_id"],
    "user_observer": ["observer_id", "student_id"],
}
OWN_ID = {"account": "account_id", "term": "term_id",
          "abstract_course": "abstract_course_id", "course": "course_id",
          "section": "section_id", "user": "user_id", "login": "user_id",
          "group_category": "group_category_id", "group": "group_id"}

# Cells that a blank one clears in Canvas.
CLEARED = {
    "account": ["integration_id"],
    "term": ["integration_id", "start_date", "end_date"],
    "course": ["integration_id", "start_date", "end_date", "course_format"],
    "section": ["integration_id", "start_date", "end_date"],
    "user": ["authentication_provider_id"],
    "enrollment": ["start_date", "end_date"],
}

CHANGEABLE = ["user", "course", "section", "term", "account", "group",
              "group_category"]
OVERRIDES = ["StudentEnrollment", "TeacherEnrollment", "TaEnrollment",
             "DesignerEnrollment"]
BUILT_IN = OVERRIDES + ["ObserverEnrollment"]
USER_TYPES = ["administrative", "observer", "staff", "student",
              "student_other", "teacher", "<delete>"]
YES_NO = {"yes", "y", "true", "t", "on", "1", "no", "n", "false", "f", "off",
          "0"}

Row = namedtuple("Row", "line cells count text")


class Lint:
    def __init__(self, complete=False, roles=()):
        self.findings = set()
        self.complete = complete
        self.roles = set(roles)
        self.objects = defaultdict(dict)     # kind -> id -> state
        self.later = defaultdict(dict)       # accounts that come
        self.changed = defaultdict(dict)     # kind -> old id -> new id
        self.renamed = defaultdict(set)      # kind -> new ids
        self.logins = defaultdict(list)      # login -> (user_id, provider)
        self.integration = defaultdict(dict)  # kind -> id -> owner
        self.rejected = set()                # files Canvas reads nothing of
        self.xlisted = defaultdict(set)      # section -> other courses
        self.parents = {}                    # account -> parent

    def say(self, file, line, code):
        self.findings.add((file, line, code))


# ------------------------------------------------------------------- package

def visible(path):
    """Whether Canvas looks at a file at all."""
    parts = path.split("/")
    low = path.lower()
    return not ("__MACOSX" in path or "desktop db" in low
                or "desktop df" in low
                or any(p.startswith(".") for p in parts))


def take(lint, files, name, read):
    if not visible(name):
        csv = name.lower().endswith(".csv") and "/._" not in "/" + name
        lint.say(name, 0, "PKG-LOST-CSV" if csv and
                 "__MACOSX" not in name else "PKG-SKIPPED")
    elif not name.lower().endswith(".csv"):
        lint.say(name, 0, "PKG-NOT-CSV")
    else:
        files[name] = read()


def read_zip(lint, path, files):
    with zipfile.ZipFile(path) as package:
        entries = package.infolist()
        total = sum(e.file_size for e in entries)
        if len(entries) > 100_000 or any(e.flag_bits & 1 for e in entries) \
           or total > min(100 * os.path.getsize(path), 50 << 30):
            lint.say("", 0, "PKG-REFUSED")
            return
        seen = set()
        for e in entries:
            if e.filename.endswith("/"):
                continue
            lost = (".." in e.filename.split("/") or e.filename in seen
                    or (e.external_attr >> 28) == 0o12
                    or e.compress_type not in (0, 8))
            seen.add(e.filename)
            if lost:
                csv = e.filename.lower().endswith(".csv")
                lint.say(e.filename, 0,
                         "PKG-LOST-CSV" if csv else "PKG-SKIPPED")
            else:
                take(lint, files, e.filename, lambda e=e: package.read(e))


def read_package(lint, path):
    files = {}
    if os.path.isdir(path):
        for folder, folders, names in os.walk(path):
            for name in names:
                full = os.path.join(folder, name)
                inside = os.path.relpath(full, path)
                if os.path.islink(full):
                    lint.say(inside, 0, "PKG-LOST-CSV")
                    continue
                take(lint, files, inside,
                     lambda full=full: open(full, "rb").read())
    elif path.lower().endswith(".zip"):
        read_zip(lint, path, files)
    elif path.lower().endswith(".csv"):
        with open(path, "rb") as f:
            files[os.path.basename(path)] = f.read()
    else:
        lint.say("", 0, "PKG-NAME")
    if not files and not any(code in ("PKG-REFUSED", "PKG-NAME")
                             for _, _, code in lint.findings):
        lint.say("", 0, "PKG-EMPTY")
    return files


# ---------------------------------------------------------------- CSV syntax

def record_end(text):
    match = re.search(r"\r\n|\r|\n", text)
    return match.group() if match else "\n"


QUOTED = re.compile(r'"((?:[^"]|"")*+)"')
PLAIN = re.compile(r'[^",\r\n]*+')


class Reader:
    """The records of one file; faults() are what rejects it as a whole."""

    def __init__(self, text):
        self.text = text
        self.end = record_end(text)
        self.at = 0
        self.line = 1
        self.faults = []

    def fault(self, code, at):
        start = self.record_at
        if at and self.text[at - 1:at + 1] == "\r\n":
            self.faults.append((self.record_line - 1 if at == start else
                                self.record_line
                                + lines_in(self.text[start:at - 1]), code))
            return
        line = self.record_line + lines_in(self.text[start:at])
        self.faults.append((line, code))

    def records(self):
        text = self.text
        while self.at < len(text):
            self.record_at, self.record_line = self.at, self.line
            cells = self.record()
            if cells is None:
                return
            raw = text[self.record_at:self.at]
            self.line += lines_in(raw)
            if cells == [""] and raw in (self.end, ""):
                continue
            yield Row(self.record_line, cells, len(cells), raw)

    def record(self):
        text, cells = self.text, []
        while True:
            if text.startswith('"', self.at):
                match = QUOTED.match(text, self.at)
                if not match:
                    self.fault("CSV-OPEN-QUOTE", self.at)
                    return None
                cells.append(match.group(1).replace('""', '"'))
            else:
                match = PLAIN.match(text, self.at)
                cells.append(match.group())
            self.at = match.end()
            if self.at == len(text):
                return cells
            if text.startswith(self.end, self.at):
                self.at += len(self.end)
                return cells
            if text[self.at] == ",":
                self.at += 1
                continue
            self.fault("CSV-LINE-END" if text[self.at] in "\r\n"
                       else "CSV-QUOTE", self.at)
            return None


def lines_in(text):
    return len(re.findall(r"\r\n|\r|\n", text))


def value(cell):
    """What Canvas makes of a cell; None: no value."""
    cell = cell.strip(STRIPPED)
    return None if cell == "" or cell.isspace() else cell


# --------------------------------------------------------------------- dates

ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?"
    r" ?(Z|[+-]\d{2}(?::?\d{2})?)?)?$")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})$")
PARTIAL = re.compile(r"\d{4}(-\d{1,2})?$")


def instant(year, month, day, clock, zone):
    """Comparable; days that a month does not have run into the next."""
    days = date(year, month, 1).toordinal() + day - 1
    minutes = 0
    if zone and zone != "Z":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        minutes = -minutes if zone[0] == "-" else minutes
    return ((days * 24 + clock[0]) * 60 + clock[1] - minutes) * 60 + clock[2]


def date_code(text):
    """(code or None, sortable value or None) of a date cell."""
    if text == "<delete>":
        return None, None
    match = ISO.match(text)
    if match:
        year, month, day, hour, minute, second, zone = match.groups()
        year, month, day = int(year), int(month), int(day)
        clock = [int(x or 0) for x in (hour, minute, second)]
        if not (1 <= month <= 12 and 1 <= day <= 31) or clock[0] > 24 or \
           clock[1] > 59 or clock[2] > 60 or (clock[0] == 24 and
                                              clock[1:] != [0, 0]):
            return "DATE-BAD", None
        when = instant(year, month, day, clock, zone)
        if day > calendar.monthrange(year, month)[1]:
            return "DATE-ROLLED", when
        return (None if zone else "DATE-ZONE"), when
    match = COMPACT.match(text)
    if match:
        year, month, day = map(int, match.groups())
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return "DATE-BAD", None
        when = instant(year, month, day, (0, 0, 0), None)
        if day > calendar.monthrange(year, month)[1]:
            return "DATE-ROLLED", when
        return "DATE-ZONE", when
    match = SLASHED.match(text)
    if match:
        if int(match.group(2)) > 12 or not 1 <= int(match.group(1)) <= 31:
            return "DATE-BAD", None
        return "DATE-GUESS", None
    if PARTIAL.match(text):
        return "DATE-BAD", None
    if text == "0" or not re.search(r"\d", text):
        return "DATE-NONE", None
    return "DATE-GUESS", None


# --------------------------------------------------------------------- cells

EMAIL = re.compile(r"(?:[^\s@<>,;:()\[\]\\\"]+|\"[^\"\\]*\")@[^\s@<>,;:()\[\]\\\"]*[^\s@<>,;:()"
                   r"\[\]\\\".]$")


def printable(text):
    return not any(unicodedata.category(c) in ("Cc", "Cs", "Cn", "Zl", "Zp") for c in text)


def check_status(kind, row, say):
    """Whether the row is refused for its status."""
    text = row.get("grade_publishing_status" if kind == "grade" else "status")
    if text is None or kind not in STATUS:
        return False
    exact, words = STATUS[kind]
    low = text.lower()
    if low in words:
        if kind == "group" and low == "deleted" and text != "deleted":
            say("ROW-GROUP-STAYS")
        return False
    if not exact and any(low.startswith(word) for word in words):
        say("ROW-PREFIX")
        return False
    say("ROW-WORD" if kind == "grade" else
        "ROW-STATUS-REPORT" if low in REPORT_WORDS else "ROW-STATUS")
    return True


def check_word(kind, row, name, allowed, say, prefix=False, fold=True):
    text = row.get(name)
    if text is None:
        return False
    test = text.lower() if fold else text
    if test in allowed:
        return False
    if prefix and any(test.startswith(word) for word in allowed):
        say("ROW-PREFIX")
        return False
    say("ROW-WORD")
    return True


def check_cells(kind, row, say):
    """The cells of one row by what they hold; whether it is refused."""
    refused = False
    for name, holds in COLUMNS[kind].items():
        text = row.get(name)
        if text is None:
            continue
        if holds in ("id", "name") and len(text) > LIMIT:
            say("ROW-LENGTH")
            refused = True
        if holds in ("id", "old") and re.fullmatch(r"[1-9](\.\d+)?E\+\d+", text,
                                          re.IGNORECASE):
            say("ROW-SCIENTIFIC")
        if holds == "login" and (len(text) > LOGIN_LIMIT
                                 or not printable(text.replace("\0", ""))):
            say("ROW-LOGIN")
            refused = True
        if holds == "email" and not EMAIL.match(text):
            say("ROW-EMAIL")
        if holds == "password" and not 8 <= len(text) <= LIMIT:
            say("ROW-PASSWORD")
        if holds == "number" and not re.fullmatch(r"\d+", text):
            say("ROW-NUMBER")
            refused = True
        if holds == "bool" and text.lower() not in YES_NO:
            say("ROW-YES-NO")
    return refused


def check_dates(kind, row, say):
    start = end = None
    if "start_date" not in COLUMNS[kind]:
        return
    for name in ("start_date", "end_date"):
        text = row.get(name)
        if text is None:
            continue
        code, when = date_code(text)
        if code == "DATE-ZONE":
            say(code, 1)
        elif code:
            say(code)
        if name == "start_date":
            start = when
        else:
            end = when
    if start and end and end < start:
        say("DATE-ORDER")
    if kind == "enrollment" and \
       (row.get("start_date") is None) != (row.get("end_date") is None):
        say("DATE-HALF")


# ---------------------------------------------------------------------- rows

def check_required(kind, row, header, say):
    refused = False
    override = kind == "term" and row.get("date_override_enrollment_type")
    for need in REQUIRED[kind]:
        names = (need,) if isinstance(need, str) else need
        if not any(n in header for n in names):
            continue                # said once, of the header
        if override and need == "name":
            continue
        if kind == "course" and need in ("short_name", "long_name") and \
           row.get("abstract_course_id"):
            continue
        if all(row.get(n) is None for n in names):
            say("ROW-REQUIRED")
            refused = True
    for need in NEEDED_WHEN_NEW.get(kind, ()):
        if kind == "section" and \
           not (row.get("status") or "").lower().startswith("deleted"):
            if need in header and row.get(need) is None:
                say("ROW-REQUIRED")
                refused = True
        elif need in header and row.get(need) is None:
            say("ROW-REQUIRED-NEW")
    return refused


def deletes(kind, row):
    """Most kinds look at the beginning of the status only."""
    status = row.get("status") or ""
    if kind == "group":
        return status == "deleted"
    low = status.lower()
    if kind in ("user", "course") or STATUS.get(kind, (EXACT,))[0]:
        return low == "deleted"
    # deleted_last_completed may also leave a completed enrollment.
    return low.startswith("deleted") and \
        not (kind == "enrollment" and low.startswith("deleted_last"))


class Rows:
    """The rows of one file, one after the other."""

    def __init__(self, lint, kind, file, header):
        self.lint, self.kind, self.file, self.header = lint, kind, file, header

    def look(self, line, kind, text, refs):
        """What is wrong with naming `text`; the code or None."""
        lint = self.lint
        if text in lint.changed[kind] and text not in lint.renamed[kind]:
            lint.say(self.file, line, "CHANGE-OLD-ID")
        state = lint.objects[kind].get(text)
        if state is None:
            if text in lint.renamed[kind] or kind not in lint.kinds:
                return None
            return "REF-NOT-HERE"
        if state == "refused":
            return "REF-REFUSED"
        if state == "deleted":
            return "REF-DELETED"
        return None

    def ref(self, line, kind, text, softer=None):
        if text is None:
            return None
        code = self.look(line, kind, text, None)
        if code == "REF-NOT-HERE" and softer:
            code = softer
        if code == "REF-DELETED" and softer == "REF-TERM-SILENT":
            code = softer
        if code == "REF-DELETED" and kind == "abstract_course":
            code = None
        if code == "REF-DELETED" and self.gone and \
           self.kind not in ("admin", "user_observer", "course",
                             "abstract_course"):
            code = None
        if code:
            self.lint.say(self.file, line, code)
        return code

    def claim_login(self, line, row, refused):
        lint = self.lint
        login, user = row.get("login_id"), row.get("user_id")
        if login is None or user is None:
            return False
        provider = row.get("authentication_provider_id")
        held = lint.logins[login.lower()]
        taken = any(other != user and (provider is None or provider == p)
                    for other, p, gone in held if not gone)
        if taken:
            lint.say(self.file, line, "LOGIN-TAKEN")
        if not refused and not taken:
            held.append((user, provider, self.kind == "user"
                         and (row.get("status") or "").lower() == "deleted"))
        return taken

    def claim_integration(self, line, row, refused):
        lint = self.lint
        kind = "user" if self.kind in ("user", "login") else self.kind
        text = row.get("integration_id")
        if kind not in ("user", "course", "section") or text is None:
            return False
        own = row.get(OWN_ID[kind])
        owner = lint.integration[kind].get(text)
        if owner is not None and owner != own:
            if kind == "user" and \
               (row.get("status") or "").lower() == "deleted":
                return False
            lint.say(self.file, line, "INTEGRATION-TAKEN")
            return True
        if not refused:
            lint.integration[kind].setdefault(text, own)
        return False

    # Each returns whether Canvas would surely refuse the row.

    def of_change_sis_id(self, line, row, say):
        kind = (row.get("type") or "").lower()
        refused = check_word(self.kind, row, "type", CHANGEABLE, say)
        if kind == "group_category" and (row.get("old_integration_id") or
                                         row.get("new_integration_id")):
            say("CHANGE-CATEGORY")
            refused = True
        for old, new in (("old_id", "new_id"),
                         ("old_integration_id", "new_integration_id")):
            a, b = row.get(old), row.get(new)
            if b is None:
                continue
            space = kind + "/" + new
            if a == b:
                say("CHANGE-SAME")
                refused = True
            elif b in self.lint.renamed[space] and b != "<delete>":
                say("CHANGE-TAKEN")
                refused = True
            if not refused and b != "<delete>":
                self.lint.renamed[space].add(b)
        old, new = row.get("old_id"), row.get("new_id")
        if not refused and old and new:
            self.lint.changed[kind].setdefault(old, []).append(line) \
                if old not in self.lint.changed[kind] else None
            self.lint.renamed[kind].add(new)
        return refused

    def of_account(self, line, row, say):
        lint, parent = self.lint, row.get("parent_account_id")
        own = row.get("account_id")
        refused = False
        if parent is not None:
            if parent not in lint.objects["account"] and \
               parent in lint.later["account"] and \
               parent not in lint.changed["account"]:
                say("REF-LATER")
                refused = lint.complete
            else:
                code = self.ref(line, "account", parent)
                refused = code == "REF-REFUSED" and lint.complete
        if own is not None and own == parent:
            refused = True
        if deletes(self.kind, row) and own is not None and any(
                p == own for p in lint.parents.values()):
            say("ROW-IN-USE")
            refused = True
        if own is not None and not refused:
            lint.parents.pop(own, None)
            if not deletes(self.kind, row) and parent is not None:
                lint.parents[own] = parent
        return refused

    def of_term(self, line, row, say):
        override = row.get("date_override_enrollment_type")
        if override is None:
            return False
        refused = check_word(self.kind, row, "date_override_enrollment_type",
                             OVERRIDES, say, fold=False)
        term = row.get("term_id")
        if term is not None and term not in self.lint.objects["term"]:
            if term in self.lint.later["term"]:
                say("ROW-OVERRIDE")
                refused = True
            else:
                self.ref(line, "term", term)
        elif term is not None:
            self.ref(line, "term", term)
        return refused

    def of_abstract_course(self, line, row, say):
        self.ref(line, "account", row.get("account_id"), "REF-SILENT")
        self.ref(line, "term", row.get("term_id"), "REF-TERM-SILENT")
        return False

    def of_course(self, line, row, say):
        lint = self.lint
        fallback = row.get("fallback_account_id")
        account = row.get("account_id")
        if account is not None and fallback is not None and \
           account not in lint.objects["account"]:
            self.ref(line, "account", fallback)
        else:
            self.ref(line, "account", account)
        self.ref(line, "term", row.get("term_id"), "REF-TERM-SILENT")
        blueprint = row.get("blueprint_course_id")
        if blueprint is not None and blueprint != "dissociate" and \
           blueprint not in lint.later["course"]:
            self.ref(line, "course", blueprint)
        self.ref(line, "abstract_course", row.get("abstract_course_id"))
        refused = check_word(
            self.kind, row, "course_format",
            ["online", "on_campus", "blended", "not_set"], say, prefix=True)
        refused |= check_word(self.kind, row, "grade_passback_setting",
                              ["nightly_sync", "disabled", "not_set"], say)
        return refused | self.ends_early(row)

    @staticmethod
    def ends_early(row):
        start, end = (date_code(row.get(n) or "soon")[1]
                      for n in ("start_date", "end_date"))
        return bool(start and end and end < start)

    def of_section(self, line, row, say):
        code = self.ref(line, "course", row.get("course_id"))
        return self.ends_early(row)

    def of_xlist(self, line, row, say):
        lint = self.lint
        section, course = row.get("section_id"), row.get("xlist_course_id")
        self.ref(line, "section", section)
        own = lint.course_of.get(section)
        state = lint.objects["course"].get(course)
        active = not self.gone
        if self.refused:
            return False
        if course is not None:
            if course in lint.changed["course"] and \
               course not in lint.renamed["course"]:
                say("CHANGE-OLD-ID")
            if active and own == course:
                say("XLIST-OWN")
            elif active and state is None and "course" in lint.kinds and \
                    course not in lint.renamed["course"]:
                say("XLIST-CREATES")
                lint.made["course"].add(course)
            elif active and state == "deleted":
                say("XLIST-REVIVES")
                lint.objects["course"][course] = "active"
            elif active and state == "refused":
                say("XLIST-CREATES")
                lint.objects["course"][course] = "active"
        if active and section is not None and course is not None:
            lint.xlisted[section].add(course)
        return False

    def of_user(self, line, row, say):
        refused = check_word(self.kind, row, "declared_user_type", USER_TYPES,
                             say, fold=False)
        if all(row.get(n) is None for n in ("full_name", "first_name",
                                            "last_name", "sortable_name",
                                            "short_name")):
            say("ROW-NAMELESS")
        first, last = row.get("first_name"), row.get("last_name")
        if first and last and row.get("full_name") is None and \
           len(first) + 1 + len(last) > LIMIT:
            say("ROW-LENGTH")
            return True
        return refused

    def of_login(self, line, row, say):
        self.ref(line, "user", row.get("existing_user_id"))
        if row.get("existing_integration_id") is not None:
            self.by_integration(row["existing_integration_id"], say)
        own = row.get("user_id")
        refused = False
        if own is not None and own in self.lint.objects["user"] and \
           self.lint.objects["user"][own] != "refused" and \
           own not in self.lint.login_ids:
            say("LOGIN-TAKEN")
            refused = True
        if row.get("root_account") is not None:
            say("ROW-ROOT-ACCOUNT")
        return refused

    def by_integration(self, text, say):
        """A user who is named by integration id."""
        lint = self.lint
        owners = lint.integration["user"]
        if not owners or text in lint.renamed["user/new_integration_id"]:
            return
        if text not in owners:
            say("REF-NOT-HERE")
        elif lint.objects["user"].get(owners[text]) == "deleted" and \
                not self.gone:
            say("REF-DELETED")

    def of_enrollment(self, line, row, say):
        lint = self.lint
        if row.get("user_integration_id") is None:
            self.ref(line, "user", row.get("user_id"))
        else:
            self.by_integration(row["user_integration_id"], say)
        section, course = row.get("section_id"), row.get("course_id")
        self.ref(line, "section", section)
        if course is not None:
            state = lint.objects["course"].get(course)
            if not (state is None and course in lint.made["course"]):
                self.ref(line, "course", course)
        own = lint.course_of.get(section)
        if course is None and own is not None and not self.gone and \
           lint.objects["course"].get(own) == "deleted":
            say("REF-DELETED")
        if own is not None and course is not None and course != own and \
           course not in lint.xlisted[section]:
            say("REF-UNRELATED")
        role = row.get("role")
        refused = False
        observer = False
        if row.get("role_id") is None and role is not None:
            low = role.lower()
            observer = role == "ObserverEnrollment" or low == "observer"
            if role in BUILT_IN or role in lint.roles or \
               low in ("teacher", "ta", "observer", "designer", "student",
                       "studentenrollment"):
                pass
            elif low.startswith("student"):
                say("ROW-ROLE-STUDENT")
            else:
                say("ROW-ROLE")
        other = row.get("associated_user_id")
        if other is not None:
            if observer or role is None or row.get("role_id") or \
               role in lint.roles:
                self.ref(line, "user", other)
                if other == row.get("user_id"):
                    say("ROW-SELF")
                    refused = True
            else:
                say("ROW-IGNORED")
        self.ref(line, "user", row.get("temporary_enrollment_source_user_id"))
        if row.get("root_account") is not None:
            say("ROW-ROOT-ACCOUNT")
        if section is None and course is not None:
            say("ROW-DEFAULT-SECTION", 1)
        return refused

    def of_admin(self, line, row, say):
        self.ref(line, "account", row.get("account_id"))
        self.ref(line, "user", row.get("user_id"))
        role = row.get("role")
        if row.get("role_id") is None and role is not None and \
           role != "AccountAdmin" and role not in self.lint.roles:
            say("ROW-ROLE")
        return False

    def of_group_category(self, line, row, say):
        self.ref(line, "account", row.get("account_id"))
        self.ref(line, "course", row.get("course_id"))
        if row.get("account_id") is not None and \
           row.get("course_id") is not None:
            say("ROW-BOTH")
            return True
        return False

    def of_group(self, line, row, say):
        self.ref(line, "group_category", row.get("group_category_id"))
        self.ref(line, "account", row.get("account_id"))
        self.ref(line, "course", row.get("course_id"))
        return False

    def of_group_membership(self, line, row, say):
        self.ref(line, "group", row.get("group_id"))
        self.ref(line, "user", row.get("user_id"))
        return False

    def of_grade(self, line, row, say):
        return False

    def of_user_observer(self, line, row, say):
        a, b = row.get("observer_id"), row.get("student_id")
        self.ref(line, "user", a)
        self.ref(line, "user", b)
        if a is not None and a == b:
            say("ROW-SELF")
            return True
        return False

    # The whole row.

    def row(self, record, index):
        lint, kind, line = self.lint, self.kind, record.line
        row = {n: value(record.cells[i]) for n, i in index.items()
               if i < len(record.cells)}
        row = {n: text for n, text in row.items() if text is not None}

        def say(code, at=line):
            lint.say(self.file, at, code)

        if "\0" in record.text:
            say("CSV-NUL")
        if any(value(c) is not None for c in record.cells[self.width:]):
            say("ROW-MORE-CELLS")
        elif record.count < self.width:
            say("ROW-FEWER-CELLS")
        if kind in TAG_KINDS:
            return
        self.gone = deletes(kind, row)
        refused = check_required(kind, row, index, say)
        refused |= check_status(kind, row, say)
        refused |= check_cells(kind, row, say)
        check_dates(kind, row, say)
        self.refused = refused
        own = row.get(OWN_ID.get(kind))
        if own is not None and own in lint.changed[kind] and \
           own not in lint.renamed[kind]:
            say("CHANGE-OLD-ID")
        refused |= getattr(self, "of_" + kind)(line, row, say)
        if kind in ("user", "login"):
            refused |= self.claim_login(line, row, refused)
        refused |= self.claim_integration(line, row, refused)
        self.repeated(row, refused, say)
        override = kind == "term" and row.get("date_override_enrollment_type")
        if own is not None and not override:
            self.remember(own, row, refused)

    def repeated(self, row, refused, say):
        names = KEYS[self.kind]
        key = tuple(row.get(n, "").lower() if n == "type" else row.get(n)
                    for n in names)
        if not any(key):
            return
        if self.kind == "term" and key[1] and refused:
            return
        if self.kind not in ("enrollment", "admin", "term",
                             "change_sis_id") and None in key:
            return
        if row.get(names[0]) is None and self.kind in ("term", "admin"):
            return
        content = tuple(sorted(row.items()))
        before = self.lint.keys[self.kind].get(key)
        if before is not None:
            say("KEY-REPEATED" if content == before else "KEY-DUPLICATE")
        else:
            self.lint.keys[self.kind][key] = content

    def remember(self, own, row, refused):
        lint, kind = self.lint, self.kind
        state = "refused" if refused else \
            "deleted" if deletes(kind, row) else "active"
        space = "user" if kind == "login" else kind
        if refused and lint.objects[space].get(own) in ("active", "deleted"):
            return
        if kind == "login":
            lint.login_ids.add(own)
        lint.objects[space][own] = state
        if kind == "section" and not refused and row.get("course_id"):
            lint.course_of[own] = row["course_id"]


# --------------------------------------------------------------------- files

def looks_like(names):
    """What a header was meant to be: the kind with most of its columns."""
    best = None
    for kind in ORDER:
        known = len(names & set(COLUMNS[kind]))
        if best is None or known > best[0]:
            best = (known, kind)
    return best


class File:
    def __init__(self, lint, name, data):
        self.name, self.kind, self.rows = name, None, []
        self.trapped = False
        say = self.say = lambda line, code: lint.say(name, line, code)
        self.fatal = False
        if not data.strip(b"\r\n") or data == b"\xef\xbb\xbf":
            say(0, "FILE-EMPTY")
            return
        if data[:2] in (b"\xff\xfe", b"\xfe\xff") or \
           (data[1::2].count(0) > len(data) / 4
                or data[::2].count(0) > len(data) / 4):
            say(1, "FILE-UTF16")
            self.fatal = True
            return
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as e:
            say(1 + lines_in(data[:e.start].decode("latin-1")),
                "FILE-ENCODING")
            self.fatal = True
            return
        if text.startswith("\ufeff"):
            text = text[1:]
        if not text.strip("\r\n"):
            say(0, "FILE-EMPTY")
            return
        reader = Reader(text)
        self.rows = list(reader.records())
        for line, code in reader.faults:
            say(line, code)
            self.fatal = True
        for row in self.rows:
            if any(len(c.encode()) > MIB for c in row.cells):
                say(row.line, "CSV-LONG-CELL")
                self.fatal = True
        if self.rows:
            self.header(say)

    def header(self, say):
        head, self.rows = self.rows[0], self.rows[1:]
        line = head.line
        if "\0" in head.text:
            say(line, "CSV-NUL")
        detected = [(c or "").strip(STRIPPED).lower() for c in head.cells]
        names = {n for n in detected if n}
        for kind, holds in DETECT:
            if holds(names):
                self.kind = kind
                break
        else:
            say(line, "HEADER-UNKNOWN")
            self.fatal = True
            return
        self.index, self.width = {}, len(head.cells)
        known, meant = looks_like(names)
        # A header of logins may carry the names of people.
        trapped = meant != self.kind and self.kind != "login" and \
            known > len(names & set(COLUMNS[self.kind]))
        self.trapped = trapped
        for i, cell in enumerate(head.cells):
            low = cell.lower()
            bare = low.strip(STRIPPED)
            if bare == "":
                say(line, "HEADER-NAMELESS")
            elif low != bare:
                if bare in COLUMNS[self.kind]:
                    say(line, "HEADER-BLANK")
                else:
                    say(line, "HEADER-EXTRA")
            elif low in self.index:
                say(line, "HEADER-DUPLICATE")
            elif low in COLUMNS[self.kind]:
                self.index[low] = i
            elif not trapped:
                say(line, "HEADER-EXTRA")
        if trapped:
            say(line, "HEADER-TRAP")
            return
        for need in REQUIRED.get(self.kind, ()):
            alone = (need,) if isinstance(need, str) else need
            if not any(n in names for n in alone):
                say(line, "HEADER-MISSING")
        if self.kind in TAG_KINDS:
            say(line, "FILE-NOT-CHECKED")
        for need in NEEDED_WHEN_NEW.get(self.kind, ()):
            if need not in names:
                say(line, "HEADER-MISSING")
        self.rows = [r for r in self.rows
                     if any(value(c) is not None for c in r.cells)]
        if not self.rows and not self.fatal:
            say(line, "FILE-NO-ROWS")


def chain_rows(lint, files):
    """Rows of change_sis_id whose new id another row has as its old one."""
    rows = []
    for f in files:
        for r in f.rows:
            row = {n: value(r.cells[i]) for n, i in f.index.items()
                   if i < len(r.cells)}
            rows.append((f.name, r.line, (row.get("type") or "").lower(),
                         row))
    for old, new in (("old_id", "new_id"),
                     ("old_integration_id", "new_integration_id")):
        olds, news = set(), set()
        for name, line, t, row in rows:
            a, b = row.get(old), row.get(new)
            if not a or not b or a == b:
                continue
            if (t, b) in olds or (t, a) in news:
                lint.say(name, line, "CHANGE-CHAIN")
            olds.add((t, a))
            news.add((t, b))


def clears(lint, f):
    if f.fatal:
        return
    for name in CLEARED.get(f.kind, ()):
        if name not in f.index:
            continue
        i = f.index[name]
        for r in f.rows:
            cell = r.cells[i] if i < len(r.cells) else ""
            if value(cell) is None:
                lint.say(f.name, 1, "ROW-CLEARS")
                break


def check(path, complete=False, roles=()):
    """The findings of a package: a set of (file, line, code)."""
    lint = Lint(complete, roles)
    lint.course_of, lint.keys = {}, defaultdict(dict)
    lint.login_ids, lint.made = set(), defaultdict(set)
    data = read_package(lint, path)
    files = [File(lint, name, data[name]) for name in sorted(data)]
    first = set()
    for f in files:
        if f.kind in first:
            lint.say(f.name, 1, "PKG-SAME-KIND")
        elif f.kind:
            first.add(f.kind)
    lint.kinds = {f.kind for f in files if f.kind}
    for kind in ORDER:
        some = [f for f in files if f.kind == kind]
        for f in some:
            if OWN_ID.get(kind) in f.index:
                for r in f.rows:
                    i = f.index[OWN_ID[kind]]
                    o = f.index.get("date_override_enrollment_type", i)
                    if o != i and o < len(r.cells) and value(r.cells[o]):
                        continue
                    if i < len(r.cells) and value(r.cells[i]):
                        lint.later[kind][value(r.cells[i])] = True
        if kind == "change_sis_id":
            chain_rows(lint, some)
        for f in some:
            rows = Rows(lint, kind, f.name, f.index)
            rows.width = f.width
            if not f.trapped:
                for r in f.rows:
                    rows.row(r, f.index)
                clears(lint, f)
    return lint.findings, {f.name for f in files if f.fatal}


def main():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--complete", action="store_true")
    parser.add_argument("--role", action="append", default=[])
    parser.add_argument("package")
    args = parser.parse_args()
    found, _ = check(args.package, args.complete, args.role)
    for file, line, code in sorted(found):
        print(f"{file}:{line}: {code}")


if __name__ == "__main__":
    sys.exit(main())
