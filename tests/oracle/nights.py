#!/usr/bin/env python3
"""Two weeks of nights: what Canvas holds must be what the roster says.

A small random district changes from night to night: people, sections and
class lists come and go, rows break and are mended, the year rolls over.
Each night `ps2canvas run` makes its packages;
the delta goes into one model of Canvas, the full zip of every night into
another.  Afterwards both must hold what csv/ of the run says, without one
message, and delta applied to the accepted csv/ must give the new csv/.

On some nights, and with --guard on more of them, something is wrong as a
whole: a school is in no export, a template of ids or the course mode was
changed.  The guard, with its own limits from the first row on, must hold
that night, nothing goes to either Canvas, and the nights after it must end
in the truth all the same.

usage: nights.py --bin PS2CANVAS [--seed N] [--districts N] [--nights N]
                 [--guard] [--keep]

Prints TAP.
"""
import argparse
import contextlib
import csv
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import canvas_model                                     # noqa: E402

SHEETS = ("accounts", "terms", "users", "courses", "sections", "enrollments")
KEYS = {"accounts": 1, "terms": 1, "users": 1, "courses": 1, "sections": 1,
        "enrollments": 3}
COLUMNS = {
    "schools": "School_Number Name",
    "terms": "ID SchoolID YearID Name FirstDay LastDay",
    "courses": "Course_Number Course_Name",
    "sections": "DCID ID Course_Number Section_Number SchoolID TermID Teacher",
    "sectionteacher": "ID SectionID TeacherID RoleID Start_Date End_Date",
    "roledef": "ID Name",
    "users": "DCID First_Name Last_Name Email_Addr TeacherLoginID HomeSchoolID",
    "schoolstaff": "ID DCID Users_DCID SchoolID Status",
    "students": "DCID ID Student_Number First_Name Last_Name SchoolID "
                "Enroll_Status Student_Web_ID Email",
    "cc": "DCID ID StudentID SectionID TermID DateEnrolled DateLeft",
}


class District:
    """One random district; change() takes it to the next night."""

    def __init__(self, rng):
        self.rng = rng
        self.year = 2026
        self.next_id = 1000
        self.tables = {name: {} for name in COLUMNS}
        self.broken = {}                # whole rows by table and key
        self.missing = set()            # table and key of rows left out
        self.gone_school = None
        self.roledef()
        for number in ("100", "200", "300")[:rng.randint(2, 3)]:
            self.school(number)

    def new_id(self):
        self.next_id += 1
        return self.next_id

    def put(self, table, key, *cells):
        self.tables[table][key] = [str(c) for c in cells]

    def roledef(self):
        for ident, name in ((1, "Lead Teacher"), (2, "Co-teacher"),
                            (3, "Teacher's Aide"), (4, "Class Observer")):
            self.put("roledef", ident, ident, name)

    def terms_of(self, number):
        yearid = self.year - 1990
        spans = (("Year", f"{self.year}-08-24", f"{self.year + 1}-06-10"),
                 ("S1", f"{self.year}-08-24", f"{self.year + 1}-01-16"),
                 ("S2", f"{self.year + 1}-01-19", f"{self.year + 1}-06-10"))
        for n, (name, first, last) in enumerate(spans):
            ident = yearid * 100 + n
            self.put("terms", (number, ident), ident, number, yearid, name,
                     first, last)

    def school(self, number):
        self.put("schools", number, number, f"School, \"{number}\"")
        self.terms_of(number)
        for _ in range(self.rng.randint(2, 4)):
            self.teacher(number)
        for _ in range(self.rng.randint(5, 9)):
            self.student(number)
        for _ in range(self.rng.randint(2, 5)):
            self.section(number)

    def teacher(self, number):
        dcid, ident = self.new_id(), self.new_id()
        self.put("users", dcid, dcid, f"Tea {dcid}", f"O'Cher, {dcid}",
                 f"t{dcid}@example.org", f"t{dcid}", number)
        self.put("schoolstaff", ident, ident, ident + 50000, dcid, number, 1)

    def student(self, number):
        dcid, ident = self.new_id(), self.new_id()
        self.put("students", ident, dcid, ident, 70000 + ident,
                 f"Zoë \"{dcid}\"", f"Quill {dcid}", number, 0,
                 f"s{dcid}", f"s{dcid}@example.org")

    def staff_at(self, number):
        return [k for k, row in self.tables["schoolstaff"].items()
                if row[3] == number]

    def students_at(self, number):
        return [k for k, row in self.tables["students"].items()
                if row[5] == number and row[6] == "0"]

    def section(self, number):
        staff = self.staff_at(number)
        if not staff:
            return
        dcid, ident = self.new_id(), self.new_id()
        course = f"C{self.rng.randint(1, 4)}"
        self.put("courses", course, course, f"Course {course}, advanced")
        yearid = self.year - 1990
        term = yearid * 100 + self.rng.randint(0, 2)
        lead = self.rng.choice(staff)
        self.put("sections", ident, dcid, ident, course,
                 self.rng.randint(1, 9), number, term, lead)
        self.put("sectionteacher", self.new_id(), self.next_id, ident, lead,
                 1, f"{self.year}-08-24", "")
        if self.rng.random() < 0.4:
            self.put("sectionteacher", self.new_id(), self.next_id, ident,
                     self.rng.choice(staff), self.rng.choice((2, 3)), "", "")
        students = self.students_at(number)
        for student in self.rng.sample(students, min(len(students), 4)):
            self.enroll(student, ident)

    def enroll(self, student, section):
        ident = self.new_id()
        row = self.tables["sections"][section]
        term = self.tables["terms"].get((row[4], int(row[5])))
        if term is None:
            return
        self.put("cc", ident, ident + 90000, ident, student, section, row[5],
                 term[4], f"{term[5][:8]}{int(term[5][8:]) + 1:02d}")

    def drop(self, cc, today):
        row = self.tables["cc"][cc]
        if row[3].startswith("-"):
            return
        row[3], row[4], row[6] = "-" + row[3], "-" + row[4], today

    # ---- from one night to the next

    def change(self, today):
        rng = self.rng
        self.mend()
        for _ in range(rng.randint(0, 4)):
            rng.choice((self.churn_student, self.churn_class,
                        self.churn_section, self.churn_teacher,
                        self.rename))(today)
        if rng.random() < 0.5:
            self.break_rows()

    def any_school(self):
        return self.rng.choice(list(self.tables["schools"]))

    def churn_student(self, today):
        number = self.any_school()
        students = self.students_at(number)
        if self.rng.random() < 0.5 or not students:
            self.student(number)
            return
        leaver = self.rng.choice(students)
        row = self.tables["students"][leaver]
        if self.rng.random() < 0.5:
            row[6] = "2"
        else:
            del self.tables["students"][leaver]
        for cc, entry in list(self.tables["cc"].items()):
            if entry[2] == str(leaver):
                if leaver in self.tables["students"] and self.rng.random() < 0.5:
                    self.drop(cc, today)
                else:
                    del self.tables["cc"][cc]

    def churn_class(self, today):
        if not self.tables["sections"]:
            return
        section = self.rng.choice(list(self.tables["sections"]))
        number = self.tables["sections"][section][4]
        here = [k for k, row in self.tables["cc"].items()
                if row[3].lstrip("-") == str(section)]
        if here and self.rng.random() < 0.5:
            chosen = self.rng.choice(here)
            if self.rng.random() < 0.5:
                self.drop(chosen, today)
            else:
                del self.tables["cc"][chosen]
        students = self.students_at(number)
        if students:
            self.enroll(self.rng.choice(students), section)

    def churn_section(self, today):
        if self.rng.random() < 0.6 or len(self.tables["sections"]) < 3:
            self.section(self.any_school())
            return
        gone = self.rng.choice(list(self.tables["sections"]))
        del self.tables["sections"][gone]
        for table, column in (("cc", 3), ("sectionteacher", 1)):
            for key, row in list(self.tables[table].items()):
                if row[column].lstrip("-") == str(gone):
                    del self.tables[table][key]

    def churn_teacher(self, today):
        number = self.any_school()
        staff = self.staff_at(number)
        sections = [k for k, row in self.tables["sections"].items()
                    if row[4] == number]
        if not sections or not staff:
            return self.teacher(number)
        section = self.rng.choice(sections)
        self.tables["sections"][section][6] = str(self.rng.choice(staff))
        for row in self.tables["sectionteacher"].values():
            if row[1] == str(section) and row[3] == "1":
                row[2] = self.tables["sections"][section][6]
        return None

    def rename(self, today):
        table = self.rng.choice(("users", "students", "schools", "courses"))
        row = self.rng.choice(list(self.tables[table].values()))
        row[{"users": 2, "students": 4, "schools": 1, "courses": 1}[table]] \
            += self.rng.choice((" Jr.", ", the second", " ñ"))

    def break_rows(self):
        """Rows with findings of severity error, for one night."""
        for table, column, wrong in self.rng.sample((
                ("students", 7, ""), ("students", 3, ""), ("users", 4, ""),
                ("cc", 5, "soon"), ("cc", 6, "13/45/2026"),
                ("terms", 4, "never"), ("courses", 1, ""),
                ("sections", 4, "777"), ("sections", 0, ""),
                ("sections", 5, f"{self.year - 1990}99"), ("schools", 1, ""),
                ("students", 0, "")), self.rng.randint(1, 3)):
            if not self.tables[table]:
                continue
            key = self.rng.choice(list(self.tables[table]))
            if self.rng.random() < 0.3 and self.is_named(table, key):
                self.missing.add((table, key))
                continue
            self.broken.setdefault((table, key), list(self.tables[table][key]))
            self.tables[table][key][column] = wrong
            if table == "students" and column == 3:
                self.tables[table][key][4] = ""

    def is_named(self, table, key):
        """Whether a cc row names a row, so that it cannot just be gone."""
        column = {"students": 2, "sections": 3}.get(table)
        return column is not None and any(
            row[column].lstrip("-") == str(key)
            for row in self.tables["cc"].values())

    def mend(self):
        for (table, key), row in self.broken.items():
            if key in self.tables[table]:
                self.tables[table][key] = row
        self.broken = {}
        self.missing = set()

    def roll_over(self):
        self.mend()
        self.year += 1
        self.tables["sections"].clear()
        self.tables["sectionteacher"].clear()
        self.tables["cc"].clear()
        if self.rng.random() < 0.5:
            self.tables["terms"].clear()
        for number in list(self.tables["schools"]):
            self.terms_of(number)
            for _ in range(3):
                self.section(number)

    def write(self, folder, mended=False):
        os.makedirs(folder, exist_ok=True)
        for table, columns in COLUMNS.items():
            rows = self.rows_of(table, mended)
            if self.gone_school:
                rows = [r for r in rows if not self.at_gone(table, r)]
            self.rng.shuffle(rows)
            path = os.path.join(folder, table + ".csv")
            with open(path, "w", encoding="utf-8", newline="") as f:
                writer = csv.writer(f, lineterminator="\n")
                writer.writerow(columns.split())
                writer.writerows(rows)

    def rows_of(self, table, mended):
        if mended:
            return [self.broken.get((table, key), row)
                    for key, row in self.tables[table].items()]
        return [row for key, row in self.tables[table].items()
                if (table, key) not in self.missing]

    def at_gone(self, table, row):
        column = {"schools": 0, "terms": 1, "sections": 4, "schoolstaff": 3,
                  "students": 5}.get(table)
        if column is not None:
            return row[column] == self.gone_school
        if table in ("cc", "sectionteacher"):
            section = row[3 if table == "cc" else 1].lstrip("-")
            known = self.tables["sections"].get(
                int(section) if section.isdigit() else -1)
            return known is not None and known[4] == self.gone_school
        return False


def read_sheet(text):
    rows = list(csv.reader(io.StringIO(text)))
    return rows[0], rows[1:]


def sheets_of_run(run):
    out = {}
    for sheet in SHEETS:
        with open(os.path.join(run, "csv", sheet + ".csv"),
                  encoding="utf-8", newline="") as f:
            header, rows = read_sheet(f.read())
        out[sheet] = {tuple(r[:KEYS[sheet]]): tuple(r) for r in rows}
        assert len(out[sheet]) == len(rows), f"{sheet}: one key twice"
    return out


def sheets_of_zip(path):
    out = {}
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            header, rows = read_sheet(package.read(name).decode())
            out[name[:-4]] = rows
    return out


def find_zip(run, kind):
    names = [n for n in os.listdir(run) if n.startswith(f"canvas-sis-{kind}-")]
    return os.path.join(run, names[0]) if names else None


def apply_delta(state, package, let_go):
    """The accepted sheets after a package; rows that go are taken out."""
    state = {sheet: dict(rows) for sheet, rows in state.items()}
    for sheet, rows in package.items():
        for row in rows:
            key = tuple(row[:KEYS[sheet]])
            state[sheet][key] = tuple(row)
    for sheet in SHEETS:
        for key in list(state[sheet]):
            if key not in let_go[sheet]:
                del state[sheet][key]
    return state


def imported(canvas, package):
    """The messages of one import."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        canvas.import_package(package)
    return said.getvalue().strip()


def model_state(canvas):
    """What the model holds alive, in the words of the sheets."""
    live = {"accounts": {k for k, v in canvas.accounts.items() if not v["deleted"]},
            "terms": {k for k, v in canvas.terms.items() if not v["deleted"]},
            "courses": {k for k, v in canvas.courses.items()
                        if v["status"] != "deleted"},
            "sections": {k for k, v in canvas.sections.items()
                         if not v["deleted"]},
            "users": {k: v["status"] for k, v in canvas.users.items()},
            "enrollments": {k[:3]: v for k, v in canvas.enrollments.items()
                            if v == "active"}}
    return live


class Nights:
    def __init__(self, args, seed):
        self.args = args
        self.rng = random.Random(seed)
        self.mode = self.rng.choice(("section", "course"))
        self.work = tempfile.mkdtemp(prefix="nights.")
        self.district = District(self.rng)
        self.by_delta = canvas_model.Canvas()
        self.by_full = canvas_model.Canvas()
        self.accepted = None
        self.day = 0

    def truth(self, now):
        """What a run without broken rows and without yesterday gives."""
        out = os.path.join(self.work, "truth")
        shutil.rmtree(out, ignore_errors=True)
        return sheets_of_run(self.run(now, mended=True, out=out))

    def run(self, now, mended=False, out=None):
        result = self.start(now, "1000000", mended, out)
        if result.returncode != 0:
            raise AssertionError(
                f"exit {result.returncode}: {result.stderr.strip()}")
        return self.current(out)

    def current(self, out=None):
        return os.path.realpath(os.path.join(
            out or os.path.join(self.work, "out"), "current"))

    def start(self, now, minimum, mended=False, out=None, *options):
        out = out or os.path.join(self.work, "out")
        source = os.path.join(self.work, "in")
        shutil.rmtree(source, ignore_errors=True)
        self.district.write(source, mended)
        ini = os.path.join(self.work, "rollbook.ini")
        with open(ini, "w", encoding="utf-8") as f:
            f.write("[district]\ntimezone = America/Los_Angeles\n"
                    f"[source]\nurl = files:{source}\n"
                    f"[courses]\nmode = {self.mode}\n"
                    f"[output]\ndir = {out}\n"
                    f"[guard]\nfirst_run = accept\nminimum = {minimum}\n")
        args = [arg for option in options for arg in ("-o", option)]
        return subprocess.run([self.args.bin, "-c", ini, *args, "--now", now,
                               "run", "-q"], capture_output=True, text=True)

    def bad_night(self, now):
        """A night on which everything of a kind is wrong: it is held."""
        other = "section" if self.mode == "course" else "course"
        wrong, *options = self.rng.choice((
            ("a school is gone",),
            ("student ids", "ids.student=X{student.dcid}"),
            ("student ids", "ids.student={student.student_number}"),
            ("section ids", "ids.section={section.id}"),
            ("term ids", "ids.term={term.id}x{school.school_number}"),
            ("account ids", "ids.account=A{school.school_number}"),
            ("course mode", f"courses.mode={other}")))
        if wrong == "a school is gone":
            self.district.gone_school = self.rng.choice(
                self.known_schools())
        link = os.path.join(self.work, "out", "accepted")
        accepted, before = os.path.realpath(link), self.current()
        result = self.start(now, "1", False, None, *options)
        self.district.gone_school = None
        said = f"{wrong}: exit {result.returncode}: {result.stderr}"
        assert os.path.realpath(link) == accepted, f"{said}: accepted"
        if result.returncode == 6 and not self.whole():
            # Refused before the guard is asked: the other schools are held
            # too, or a held person's old line and the new one have one login.
            assert "no school is left" in result.stderr or options and \
                "Canvas would reject" in result.stderr, said
            assert self.current() == before, f"{said}: published"
        else:
            assert result.returncode == 7, f"not held: {said}"
            assert self.current() != before, f"{said}: no run"
            assert "guard holds" in result.stderr, said
        self.bad_nights += 1

    bad_nights = 0

    def known_schools(self):
        """Schools with a section in Canvas, of the numbers exported."""
        held = {key[0] for key in self.accepted["accounts"]}
        courses = {row[3] for row in self.accepted["courses"].values()}
        return sorted(held & courses)

    def night(self, now):
        current = self.run(now)
        state = sheets_of_run(current)
        delta = find_zip(current, "delta" if self.accepted else "full")
        if delta:
            told = imported(self.by_delta, delta)
            assert not told, f"Canvas says: {told}"
        if self.accepted:
            got = apply_delta(self.accepted, sheets_of_zip(delta) if delta
                              else {}, state)
            assert got == state, difference(got, state)
        told = imported(self.by_full, find_zip(current, "full"))
        assert not told, f"Canvas says of the full zip: {told}"
        self.judge(state, self.truth(now))
        self.compare(state, self.by_delta)
        self.compare(state, self.by_full)
        self.accepted = state
        accepted = os.path.join(self.work, "out", "accepted")
        assert os.path.realpath(accepted) == current, "not accepted"

    def whole(self):
        return not self.district.broken and not self.district.missing

    def judge(self, state, truth):
        """Held is not removed; once all is mended, only the truth is left."""
        before = self.accepted or {sheet: {} for sheet in SHEETS}
        whole = self.whole()
        for sheet in SHEETS:
            for key in set(before[sheet]) & set(truth[sheet]):
                # A course that never had a section may go.
                assert key in state[sheet] or sheet == "courses" and \
                    key[0] not in {r[1] for r in before["sections"].values()}, \
                    f"{sheet} {key} was taken away"
            for key, row in state[sheet].items():
                assert row in (truth[sheet].get(key), before[sheet].get(key)), \
                    f"{sheet} {key}: {row} is neither today's nor yesterday's"
            if whole and sheet not in ("accounts", "terms"):
                assert state[sheet] == truth[sheet], f"{sheet}: not the truth"
        self.held += not whole

    held = 0

    def compare(self, state, canvas):
        live = model_state(canvas)
        for sheet in ("accounts", "terms", "courses", "sections"):
            want = {k[0] for k in state[sheet]}
            assert want <= set(live[sheet]), \
                f"{sheet} missing in Canvas: {want - set(live[sheet])}"
        want = {k: r[3] for k, r in state["enrollments"].items()}
        got = {k: v for k, v in live["enrollments"].items()}
        active = {k for k, v in want.items() if v == "active"}
        assert active <= set(got), f"enrollments missing: {active - set(got)}"
        extra = set(got) - active
        past = {k for k in extra if k[0] in self.past_sections}
        assert extra == past, f"enrollments too many: {sorted(extra - past)[:3]}"
        users = {k[0]: r[5] for k, r in state["users"].items()}
        for ident, status in live["users"].items():
            if status == "active" and users.get(ident) != "active":
                raise AssertionError(f"user {ident} is active in Canvas")

    past_sections = frozenset()

    def bad_nights_now(self):
        """How many bad nights come before this one: often none."""
        often = 0.8 if self.args.guard else 0.2
        return self.rng.randint(1, 2) if self.rng.random() < often else 0

    def all_nights(self):
        for n in range(self.args.nights):
            if n > 0:
                self.district.change(f"2026-11-{min(30, 10 + n):02d}")
                for hour in range(self.bad_nights_now()):
                    self.bad_night(f"2026-11-{10 + n:02d}T0{hour}:00:00Z")
            self.night(f"2026-11-{10 + n:02d}T12:00:00Z")
        self.past_sections = frozenset(k[0] for k in self.accepted["sections"])
        self.district.roll_over()
        self.night("2027-08-30T12:00:00Z")
        for n in range(2):
            self.district.change("2027-08-31")
            self.night(f"2027-08-31T1{n}:00:00Z")


def difference(got, want):
    for sheet in SHEETS:
        for key in set(got[sheet]) | set(want[sheet]):
            if got[sheet].get(key) != want[sheet].get(key):
                return (f"{sheet} {key}: delta gives {got[sheet].get(key)}, "
                        f"csv/ has {want[sheet].get(key)}")
    return "?"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--districts", type=int, default=10)
    parser.add_argument("--nights", type=int, default=14)
    parser.add_argument("--guard", action="store_true",
                        help="have many nights on which a school vanishes or "
                             "ids change")
    parser.add_argument("--keep", action="store_true",
                        help="keep the folder of a district that failed")
    args = parser.parse_args()
    bad = 0
    for i in range(args.districts):
        nights = Nights(args, args.seed + i)
        name = (f"district {args.seed + i}, mode {nights.mode}: after every "
                "night Canvas holds what the roster says")
        try:
            nights.all_nights()
            print(f"ok {i + 1} - {name}")
            print(f"# {nights.held} nights with broken rows, "
                  f"{nights.bad_nights} that were held")
            shutil.rmtree(nights.work)
        except AssertionError as failure:
            bad += 1
            print(f"not ok {i + 1} - {name}")
            print(f"# night {len(os.listdir(nights.work + '/out/runs'))}: "
                  f"{failure}")
            print(f"# {nights.work}")
            if not args.keep:
                shutil.rmtree(nights.work)
    print(f"1..{args.districts}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
