#!/usr/bin/env python3
"""A small Canvas: applies SIS import packages and says what Canvas would say.

The packages are imported in the order given into one Canvas in memory, by the
rules of the real importer for accounts, terms, courses, sections, users and
enrollments.  Beside Canvas's own messages it reports what Canvas would take
in silence but could not have been meant: an unknown term, an inexact status,
a date that is not a full ISO date with Z, one key twice, a header-only file.

usage: canvas_model.py [--role NAME ...] ZIP [ZIP ...]

One line per message, `file:line: message`, then the counts of each type.
Exit 0: not one message; 1: messages; 2: usage.
"""
import argparse
import os
import re
import sys
import unicodedata
import zipfile
from collections import defaultdict
from datetime import datetime

LIMIT = 255
LOGIN_LIMIT = 100
MAX_ENTRIES = 100_000
MAX_RATIO = 100
MAX_BYTES = 50 << 30

STRIPPED = " \t\r\n\v\f\0"

# In processing order; the first type whose condition holds is the file's.
TYPES = (
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
    ("differentiation_tag_set", lambda h: {"tag_set_id", "set_name"} <= h),
    ("group", lambda h: {"group_id", "name"} <= h),
    ("differentiation_tag", lambda h: {"tag_id", "name"} <= h),
    ("group_membership", lambda h: {"group_id", "user_id"} <= h),
    ("differentiation_tag_membership", lambda h: {"tag_id", "user_id"} <= h),
    ("institutional_tag_category", lambda h: {"category_id", "name"} <= h
     and not h & {"tag_id", "institutional_tag_id"}),
    ("institutional_tag",
     lambda h: {"institutional_tag_id", "category_id", "name"} <= h),
    ("institutional_tag_association",
     lambda h: {"institutional_tag_id", "user_id"} <= h),
    ("grade_publishing_results",
     lambda h: {"enrollment_id", "grade_publishing_status"} <= h),
    ("user_observer", lambda h: {"observer_id", "student_id"} <= h),
)
EXISTING = {"existing_user_id", "existing_integration_id", "existing_canvas_user_id"}
ORDER = [name for name, _ in TYPES]

BUILT_IN_ROLES = {
    "StudentEnrollment": "student", "TeacherEnrollment": "teacher",
    "TaEnrollment": "ta", "ObserverEnrollment": "observer",
    "DesignerEnrollment": "designer",
}
OVERRIDE_TYPES = ("StudentEnrollment", "TeacherEnrollment", "TaEnrollment",
                  "DesignerEnrollment")


class Malformed(Exception):
    """The file is rejected as a whole."""

    def __init__(self, line, message):
        super().__init__(message)
        self.line = line


# -------------------------------------------------------------------- the zip

def skipped_silently(name):
    parts = name.replace("\\", "/").split("/")
    return (name.endswith("/") or ".." in parts or "__MACOSX" in parts
            or any(p.startswith(".") for p in parts)
            or "desktop db" in parts[-1].lower() or "desktop df" in parts[-1].lower())


def open_package(path, say):
    """(name, bytes) of every CSV in the package, in path order."""
    if path.lower().endswith(".csv"):
        with open(path, "rb") as f:
            return [(os.path.basename(path), f.read())]
    if not path.lower().endswith(".zip"):
        say(path, 0, "neither .zip nor .csv: nothing is imported")
        return []
    try:
        with zipfile.ZipFile(path) as package:
            return read_entries(path, package, say)
    except zipfile.BadZipFile as e:
        say(path, 0, f"not a zip: {e}")
        return []


def read_entries(path, package, say):
    entries = package.infolist()
    total = sum(e.file_size for e in entries)
    if len(entries) > MAX_ENTRIES:
        say(path, 0, "more than 100000 entries: the import fails")
        return []
    if total > min(MAX_RATIO * os.path.getsize(path), MAX_BYTES):
        say(path, 0, "more than 100 times the size of the zip: the import fails")
        return []
    files = {}
    for entry in entries:
        name = entry.filename
        if skipped_silently(name):
            continue
        if name in files:
            say(name, 0, "a second entry of this name is skipped")
        elif not name.lower().endswith(".csv"):
            say(name, 0, "Skipping unknown file type")
        else:
            files[name] = package.read(entry)
    return sorted(files.items())


# ---------------------------------------------------------------- CSV syntax

def record_end(text):
    """The first CR, LF or CRLF decides for the whole file."""
    match = re.search(r"\r\n|\r|\n", text)
    return match.group() if match else "\n"


QUOTED_CELL = re.compile(r'"((?:[^"]|"")*+)"')
PLAIN_CELL = re.compile(r'[^",\r\n]*+')


def read_cell(text, at, line):
    """One cell from `at`: its text and where it ends."""
    if text.startswith('"', at):
        match = QUOTED_CELL.match(text, at)
        if not match:
            raise Malformed(line, "Malformed CSV: Unclosed quoted field")
        return match.group(1).replace('""', '"'), match.end()
    match = PLAIN_CELL.match(text, at)
    return match.group(), match.end()


def parse(text):
    """(line, cells) of every record that is not an empty line."""
    end = record_end(text)
    at, line = 0, 1
    while at < len(text):
        stop = text.find(end, at)
        stop = len(text) if stop < 0 else stop
        plain = text[at:stop]
        if '"' not in plain:
            if "\r" in plain or "\n" in plain:
                raise Malformed(line, "Malformed CSV: mixed line endings")
            if plain:
                yield line, plain.split(",")
            at, line = stop + len(end), line + 1
            continue
        cells, first = [], at
        while True:
            cell, at = read_cell(text, at, line)
            cells.append(cell)
            if text.startswith(",", at):
                at += 1
            elif at == len(text) or text.startswith(end, at):
                break
            else:
                raise Malformed(line, "Malformed CSV: a quote or a line ending"
                                      " where a cell should end")
        yield line, cells
        line += 1 + len(re.findall(r"\r\n|\r|\n", text[first:at]))
        at += len(end)


def strip(cell):
    """Canvas's value of a cell; None for a blank one, also Unicode-blank."""
    cell = cell.strip(STRIPPED)
    return cell if cell and not cell.isspace() else None


class Sheet:
    """One CSV file of a package: its type and its rows."""

    def __init__(self, name, data):
        self.name, self.kind, self.rows = name, None, []
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as e:
            raise Malformed(1 + data[:e.start].count(b"\n"), "Invalid UTF-8") from None
        records = list(parse(text))
        if not records:
            return
        header = records[0][1]
        detected = {h.strip(STRIPPED).lower() for h in header}
        self.kind = next((kind for kind, test in TYPES if test(detected)), "")
        if not self.kind:
            raise Malformed(records[0][0], "Couldn't find Canvas CSV import headers")
        names = [h.lower() for h in header]
        self.columns = set(names)
        for line, cells in records[1:]:
            row = {}
            for column, cell in zip(names, cells):
                row.setdefault(column, strip(cell))
            if any(row.values()):
                self.rows.append((line, row))


# ------------------------------------------------------------------ row rules

ISO_Z = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)


def parse_date(text):
    """A full ISO date with Z, or None."""
    if not ISO_Z.fullmatch(text):
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return None


def status_matches(text, allowed):
    return text is not None and text.lower().startswith(allowed)


def printable(text):
    return not any(unicodedata.category(c) in ("Cc", "Cs", "Cn", "Zl", "Zp")
                   for c in text)


ATOM_SIGNS = set("!#$%&'*+-/=?^_`{|}~")


def atom_sign(c):
    return c in ATOM_SIGNS or c.isascii() and c.isalnum() \
        or not c.isascii() and not c.isspace()


def skip_local_part(text):
    """Where the local part of an address ends; -1 when it is dots alone."""
    i, seen = 0, False
    while i < len(text):
        if text[i] == '"':
            i += 1
            while i < len(text) and text[i] != '"':
                i += 2 if text[i] == "\\" else 1
            i, seen = i + 1, True
        elif text[i] == ".":
            i += 1
        elif atom_sign(text[i]):
            i, seen = i + 1, True
        else:
            break
    return i if seen else -1


def good_email(text):
    """One bare address with a domain, as the mail parser takes it."""
    at = skip_local_part(text)
    if at < 0 or text[at:at + 1] != "@":
        return False
    labels = text[at + 1:].split(".")
    return all(label and all(map(atom_sign, label)) for label in labels)


class Canvas:
    """What Canvas holds, and the messages of the imports so far."""

    def __init__(self, custom_roles=()):
        self.custom_roles = set(custom_roles)
        self.accounts, self.terms, self.courses = {}, {}, {}
        self.sections, self.users, self.enrollments = {}, {}, {}
        self.owner_of_login = {}        # lower case -> user_id
        self.sections_of = defaultdict(set)             # course_id
        self.enrollments_of_section = defaultdict(set)  # keys of enrollments
        self.enrollments_of_user = defaultdict(set)
        self.messages = 0
        self.seen_rows, self.imported = {}, {}

    # ---- messages

    def say(self, file, line, message):
        self.messages += 1
        print(f"{file}:{line}: {message}" if line else f"{file}: {message}")

    # ---- one package

    def import_package(self, path):
        sheets = []
        for name, data in open_package(path, self.say):
            try:
                sheet = Sheet(name, data)
            except Malformed as e:
                self.say(name, e.line, str(e))
                continue
            if sheet.kind:
                sheets.append(sheet)
        sheets.sort(key=lambda s: ORDER.index(s.kind))
        given = {}
        for sheet in sheets:
            self.import_sheet(sheet, given)

    def import_sheet(self, sheet, given):
        rule = getattr(self, "import_" + sheet.kind, None)
        if rule is None:
            self.say(sheet.name, 1, f"a file of type {sheet.kind} is not modelled")
            return
        if not sheet.rows:
            self.say(sheet.name, 1, "a header-only file: batch mode would delete everything")
        for line, row in sheet.rows:
            def say(message, line=line):
                self.say(sheet.name, line, message)
            self.seen_rows[sheet.kind] = self.seen_rows.get(sheet.kind, 0) + 1
            self.key_given_twice(sheet, line, row, given, say)
            if any(v and "\0" in v for v in row.values()):
                say("Some of the fields contain NULL character")
            elif rule(row, say):
                self.imported[sheet.kind] = self.imported.get(sheet.kind, 0) + 1

    KEYS = {
        "account": ("account_id",), "term": ("term_id", "date_override_enrollment_type"),
        "course": ("course_id",), "section": ("section_id",), "user": ("user_id",),
        "enrollment": ("course_id", "section_id", "user_id", "user_integration_id",
                       "role", "role_id", "associated_user_id"),
    }

    def key_given_twice(self, sheet, line, row, given, say):
        key = (sheet.kind, *(row.get(c) for c in self.KEYS[sheet.kind]))
        if key in given:
            say(f"the key of this row stands already at {given[key]}")
        given.setdefault(key, f"{sheet.name}:{line}")

    # ---- parts that several types share

    def too_long(self, row, columns, say):
        for column in columns:
            value = row.get(column)
            if value and len(value) > LIMIT:
                say(f"{column} has {len(value)} characters, {LIMIT} are allowed")
                return True
        return False

    def check_status(self, row, allowed, say):
        """Canvas tests the beginning only; anything but a whole word is said."""
        status = row["status"]
        if status not in allowed:
            say(f"status \"{status}\" passes, but is not exactly one of {'|'.join(allowed)}")

    def dates(self, row, say):
        out = []
        for column in ("start_date", "end_date"):
            text = row.get(column)
            moment = parse_date(text) if text else None
            if text and moment is None:
                say(f"{column} \"{text}\" is not YYYY-MM-DDTHH:MM:SSZ")
            out.append(moment)
        return out

    def end_before_start(self, row, say, what):
        start, end = self.dates(row, say)
        if start and end and end < start:
            say(f"{what}: end_date is before start_date")
            return True
        return False

    # ---- accounts

    def import_account(self, row, say):
        ident, parent, name = row.get("account_id"), row.get("parent_account_id"), row.get("name")
        known = self.accounts.get(ident)
        if not ident:
            return say("No account_id given for an account")
        if parent and parent not in self.accounts:
            return say(f"Parent account didn't exist for {ident}")
        if known is None and not name:
            return say(f"No name given for account {ident}, skipping")
        status = (row.get("status") or "").lower()
        if not status.startswith(("active", "deleted")) and (known is None or status):
            return say(f"Improper status \"{row.get('status')}\" for account {ident}, skipping")
        if self.too_long(row, ("account_id", "name", "integration_id"), say):
            return None
        if status:
            self.check_status(row, ("active", "deleted"), say)
        if parent and self.account_loop(ident, parent):
            return say(f"account {ident}: its parents form a loop")
        if status.startswith("deleted") and self.account_in_use(ident):
            return say(f"account {ident} has active sub-accounts or courses: not deleted")
        known = known or {}
        self.accounts[ident] = {
            "parent": parent, "name": name or known.get("name"),
            "deleted": status.startswith("deleted") if status else known.get("deleted", False)}
        return True

    def account_loop(self, ident, parent):
        while parent:
            if parent == ident:
                return True
            parent = self.accounts[parent]["parent"]
        return False

    def account_in_use(self, ident):
        return any(a["parent"] == ident and not a["deleted"] for a in self.accounts.values()) \
            or any(c["account"] == ident and c["status"] != "deleted"
                   for c in self.courses.values())

    # ---- terms

    def import_term(self, row, say):
        ident = row.get("term_id")
        self.dates(row, say)
        if not ident:
            return say("No term_id given for a term")
        if not status_matches(row.get("status"), ("active", "deleted")):
            return say(f"Improper status \"{row.get('status')}\" for term {ident}")
        override = row.get("date_override_enrollment_type")
        if override:
            if ident not in self.terms or override not in OVERRIDE_TYPES:
                return say(f"override row of term {ident}: unknown term or enrollment type")
            return True
        if not row.get("name"):
            return say(f"No name given for term {ident}")
        if self.too_long(row, ("term_id", "name", "integration_id"), say):
            return None
        self.check_status(row, ("active", "deleted"), say)
        deleted = row["status"].lower().startswith("deleted")
        if deleted and any(c["term"] == ident and c["status"] != "deleted"
                           for c in self.courses.values()):
            return say(f"term {ident} has active courses: not deleted")
        self.terms[ident] = {"deleted": deleted}
        return True

    # ---- courses

    COURSE_STATUS = ("active", "deleted", "completed", "unpublished", "published")
    COURSE_FORMATS = ("online", "on_campus", "blended", "not_set")
    GRADE_PASSBACK = ("nightly_sync", "disabled", "not_set")

    def import_course(self, row, say):
        ident, account, term = row.get("course_id"), row.get("account_id"), row.get("term_id")
        if not ident:
            return say("No course_id given for a course")
        if not row.get("abstract_course_id"):
            for column in ("short_name", "long_name"):
                if not row.get(column):
                    return say(f"No {column} given for course {ident}")
        if not status_matches(row.get("status"), self.COURSE_STATUS):
            return say(f"Improper status \"{row.get('status')}\" for course {ident}")
        if row.get("course_format") and not status_matches(
                row["course_format"], self.COURSE_FORMATS):
            return say(f"Invalid course_format \"{row['course_format']}\" for course {ident}")
        if row.get("grade_passback_setting") \
                and row["grade_passback_setting"].lower() not in self.GRADE_PASSBACK:
            return say(f"Invalid grade_passback_setting for course {ident}")
        if self.too_long(row, ("course_id", "short_name", "long_name", "integration_id"), say):
            return None
        if account and account not in self.accounts:
            account = row.get("fallback_account_id")
            if account not in self.accounts:
                return say(f"Account not found \"{row['account_id']}\" for course {ident}")
        if self.end_before_start(row, say, f"course {ident}"):
            return None
        if account and self.accounts[account]["deleted"]:
            say(f"course {ident}: account {account} is deleted, the course goes elsewhere")
        if term and (term not in self.terms or self.terms[term]["deleted"]):
            say(f"course {ident}: no term {term}; Canvas would say nothing and not use it")
        self.check_status(row, self.COURSE_STATUS, say)
        self.store_course(ident, row["status"].lower(), account, term)
        return True

    def store_course(self, ident, status, account, term):
        old = self.courses.get(ident, {})
        self.courses[ident] = {"status": status, "account": account or old.get("account"),
                               "term": term or old.get("term")}
        if status in ("deleted", "completed"):
            for section in self.sections_of[ident]:
                self.end_enrollments(self.enrollments_of_section[section], status)

    def end_enrollments(self, keys, status):
        for key in keys:
            if status == "deleted" or self.enrollments[key] == "active":
                self.enrollments[key] = status

    # ---- sections

    def import_section(self, row, say):
        ident, course = row.get("section_id"), row.get("course_id")
        status = row.get("status")
        if not ident:
            return say("No section_id given for a section")
        if not course:
            return say(f"No course_id given for section {ident}")
        if not row.get("name") and (status_matches(status, ("active",))
                                    or ident not in self.sections):
            return say(f"No name given for section {ident} in course {course}")
        if not status_matches(status, ("active", "deleted")):
            return say(f"Improper status \"{status}\" for section {ident}")
        if course not in self.courses:
            return say(f"Section {ident} references course {course} which doesn't exist")
        if self.too_long(row, ("section_id", "name", "integration_id"), say):
            return None
        if self.end_before_start(row, say, f"section {ident}"):
            return None
        self.check_status(row, ("active", "deleted"), say)
        deleted = status.lower().startswith("deleted")
        if not deleted and self.courses[course]["status"] == "deleted":
            say(f"section {ident}: course {course} is deleted")
        if ident in self.sections:
            self.sections_of[self.sections[ident]["course"]].discard(ident)
        self.sections_of[course].add(ident)
        self.sections[ident] = {"course": course, "deleted": deleted}
        if deleted:
            self.end_enrollments(self.enrollments_of_section[ident], "deleted")
        return True

    # ---- users

    USER_STATUS = ("active", "suspended", "deleted")
    USER_TYPES = ("administrative", "observer", "staff", "student", "student_other",
                  "teacher", "<delete>")

    def import_user(self, row, say):
        ident, login = row.get("user_id"), row.get("login_id")
        if not ident:
            return say("No user_id given for a user")
        if not login:
            return say(f"No login_id given for user {ident}")
        if not row.get("status"):
            return say(f"No status given for user {ident}")
        if not status_matches(row["status"], self.USER_STATUS):
            return say(f"Improper status \"{row['status']}\" for user {ident}")
        if row.get("declared_user_type") and row["declared_user_type"] not in self.USER_TYPES:
            return say(f"Invalid declared_user_type for user {ident}")
        owner = self.owner_of_login.get(login.lower())
        if owner not in (None, ident):
            return say(f"An existing Canvas user with the SIS ID {owner} has already claimed"
                       f" {ident}'s user_id requested login information, skipping")
        if len(login) > LOGIN_LIMIT or not printable(login):
            return say(f"Could not save the user {ident}: Invalid login_id")
        if self.user_name_too_long(row, say):
            return None
        email = row.get("email")
        if email and (len(email) > LIMIT or not good_email(email)):
            say(f"The email address associated with user '{ident}' is invalid")
        self.check_status(row, self.USER_STATUS, say)
        self.store_user(ident, login.lower(), row["status"].lower())
        return True

    def user_name_too_long(self, row, say):
        name = row.get("full_name") or " ".join(
            filter(None, (row.get("first_name"), row.get("last_name"))))
        if len(name) > LIMIT:
            say(f"the name has {len(name)} characters, {LIMIT} are allowed")
            return True
        return self.too_long(row, ("user_id", "integration_id", "sortable_name",
                                   "short_name"), say)

    def store_user(self, ident, login, status):
        old = self.users.get(ident)
        if old and self.owner_of_login.get(old["login"]) == ident:
            del self.owner_of_login[old["login"]]
        status = status if status in self.USER_STATUS else "active"
        self.users[ident] = {"login": login, "status": status}
        if status == "deleted":
            if old and old["status"] != "deleted":
                self.end_enrollments(self.enrollments_of_user[ident], "deleted")
        else:
            self.owner_of_login[login] = ident

    # ---- enrollments

    ENROLLMENT_STATUS = ("active", "deleted", "completed", "inactive",
                         "deleted_last_completed")

    def import_enrollment(self, row, say):
        section, course = row.get("section_id"), row.get("course_id")
        user, status = row.get("user_id"), row.get("status")
        if not section and not course:
            return say("No course_id or section_id given for an enrollment")
        if not user and not row.get("user_integration_id"):
            return say("No user_id given for an enrollment")
        if not status_matches(status, self.ENROLLMENT_STATUS):
            return say(f"Improper status \"{status}\" for an enrollment")
        if row.get("user_integration_id") or user not in self.users:
            return say(f"User not found for enrollment (User ID: {user})")
        if section and section not in self.sections:
            return say(f"An enrollment referenced a non-existent section {section}")
        if course and course not in self.courses:
            return say(f"An enrollment referenced a non-existent course {course}")
        if section and course and self.sections[section]["course"] != course:
            return say(f"course {course} and section {section} are unrelated")
        role = self.role(row.get("role"))
        if not role:
            return say(f"Improper role \"{row.get('role')}\" for an enrollment")
        observed = row.get("associated_user_id") if role == "observer" else None
        if observed and (observed not in self.users or observed == user):
            return say(f"unknown or own associated_user_id {observed}")
        self.end_before_start(row, say, f"enrollment of {user}")
        self.check_status(row, self.ENROLLMENT_STATUS, say)
        return self.store_enrollment(section, course, user, role, observed,
                                     status.lower(), say)

    def role(self, text):
        """The kind of an enrollment role, or None."""
        if text is None:
            return None
        if text in BUILT_IN_ROLES:
            return BUILT_IN_ROLES[text]
        if text in self.custom_roles:
            return text
        if text.lower() in ("teacher", "ta", "observer", "designer"):
            return text.lower()
        return "student" if text.lower().startswith("student") else None

    def store_enrollment(self, section, course, user, role, observed, status, say):
        section = section or ("default section of", course)
        course = course or self.sections[section]["course"]
        dead = self.courses[course]["status"] == "deleted" \
            or self.sections.get(section, {}).get("deleted", False)
        if dead and status != "deleted":
            return say("An enrollment did not pass validation (not a valid section or course)")
        if status == "active" and self.users[user]["status"] == "deleted":
            say(f"Attempted enrolling of deleted user {user} in course {course}")
            status = "deleted"
        if status == "deleted_last_completed":
            status = self.last_completed(section, course, user, role, observed)
        key = section, user, role, observed
        self.enrollments[key] = status
        self.enrollments_of_section[section].add(key)
        self.enrollments_of_user[user].add(key)
        return True

    def last_completed(self, section, course, user, role, observed):
        """Deleted while the person is still active in another section of the course."""
        others = [self.enrollments.get((s, user, role, observed))
                  for s in self.sections_of[course] if s != section]
        return "deleted" if "active" in others else "completed"

    # ---- the end

    def print_counts(self):
        for kind in ("account", "term", "course", "section", "user", "enrollment"):
            held = getattr(self, kind + "s")
            print(f"{kind}s: {self.seen_rows.get(kind, 0)} rows,"
                  f" {self.imported.get(kind, 0)} imported, {len(held)} in Canvas")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--role", action="append", default=[],
                        help="a custom enrollment role that Canvas knows")
    parser.add_argument("package", nargs="+")
    args = parser.parse_args()
    canvas = Canvas(args.role)
    for path in args.package:
        canvas.import_package(path)
    canvas.print_counts()
    return 1 if canvas.messages else 0


if __name__ == "__main__":
    sys.exit(main())
