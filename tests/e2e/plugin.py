"""What PowerSchool, and Oracle, would say of the plugin.

Usage: plugin.py CHECK ZIP [DISTRICT]. Silent with exit code 0 when the check
holds; else says what is wrong. CHECK is a name of CHECKS below.
"""
import csv
import glob
import re
import sqlite3
import sys
import xml.etree.ElementTree as xml
import zipfile

NS = "{http://plugin.powerschool.pearson.com}"
QUERIES = "queries_root/org.rollbook.roster.named_queries.xml"
NAME = r"[A-Z][A-Z_]*"
YEARID = 36


class Query:
    def __init__(self, element):
        self.name = element.get("name")
        self.core = element.get("coreTable")
        self.flattened = element.get("flattened")
        self.args = element.findall("args/arg")
        self.columns = [(c.get("column"), c.text)
                        for c in element.findall("columns/column")]
        self.sql = element.findtext("sql")
        self.table = self.name.split(".")[3]


class Plugin:
    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)
        self.xml = xml.fromstring(self.zip.read("plugin.xml"))
        self.fields = self.xml.findall(f"{NS}access_request/{NS}field")
        self.grants = [f"{f.get('table')}.{f.get('field')}"
                       for f in self.fields]
        self.queries = [Query(q) for q in
                        xml.fromstring(self.zip.read(QUERIES))]


def need(holds, *said):
    if not holds:
        sys.exit(" ".join(str(word) for word in said))


def in_sql(sql):
    """Every TABLE.COLUMN of a statement."""
    return set(re.findall(rf"\b{NAME}\.{NAME}\b", sql))


def selected(sql):
    """The items of the outer SELECT."""
    return [" ".join(item.split()) for item in
            re.match(r"\s*SELECT (.*?)\sFROM ", sql, re.S)[1].split(",")]


# ---- the files ----

def files(plugin, _):
    need(plugin.zip.namelist() == ["plugin.xml", QUERIES],
         plugin.zip.namelist())
    for info in plugin.zip.infolist():
        need(info.date_time == (1980, 1, 1, 0, 0, 0), info)
        need(b"<!--" not in plugin.zip.read(info), info, "has a comment")


def lengths(plugin, _):
    for text, most in ((plugin.xml.get("name"), 40),
                       (plugin.xml.get("version"), 20),
                       (plugin.xml.get("description"), 256),
                       (plugin.xml.find(f"{NS}publisher/{NS}contact")
                        .get("email"), 40)):
        need(0 < len(text) <= most, text)
    need(re.fullmatch(r"\d+(\.\d+)+", plugin.xml.get("version")),
         plugin.xml.get("version"))
    need(plugin.xml.get("name") == "Rollbook Roster Export",
         plugin.xml.get("name"))


def read_only(plugin, _):
    need(plugin.xml.find(f"{NS}oauth").get("accessLevelV1Api") == "READ",
         "accessLevelV1Api")
    for field in plugin.fields:
        need(field.get("access") == "ViewOnly", field.attrib)


def no_writes(plugin, _):
    for query in plugin.queries:
        need(not re.search(r"\b(INSERT|UPDATE|DELETE|MERGE|CREATE|DROP)\b",
                           query.sql, re.I), query.name)


# ---- grants ----

def granted(plugin, _):
    for query in plugin.queries:
        wanted = {column for column, _ in query.columns} | in_sql(query.sql)
        wanted |= {arg.get("column") for arg in query.args}
        need(wanted <= set(plugin.grants), query.name,
             wanted - set(plugin.grants))


def used(plugin, _):
    need(len(set(plugin.grants)) == len(plugin.grants), "a grant stands twice")
    wanted = set()
    for query in plugin.queries:
        wanted |= {column for column, _ in query.columns} | in_sql(query.sql)
    need(set(plugin.grants) <= wanted, set(plugin.grants) - wanted)


def without_email(plugin, _):
    text = (plugin.zip.read("plugin.xml") + plugin.zip.read(QUERIES)).decode()
    for word in ("PERSON.", '"PERSON"', "PERSONEMAIL", "EMAILADDRESS",
                 "studentemail"):
        need(word not in text, word)
    need(len(plugin.queries) == 10, len(plugin.queries))


def with_email(plugin, _):
    need({"PERSON.ID", "EMAILADDRESS.EMAILADDRESS"} <= set(plugin.grants),
         "no grant")
    need(len(plugin.queries) == 11, len(plugin.queries))


# ---- the queries, as they are written ----

def names(plugin, _):
    seen = set()
    for query in plugin.queries:
        need(re.fullmatch(r"[a-z]+(\.[a-z]+){4}", query.name), query.name)
        need(query.name not in seen, query.name, "twice")
        seen.add(query.name)
        need(query.flattened == "true", query.name, query.flattened)
        need(query.core in {grant.split(".")[0] for grant in plugin.grants},
             query.name, query.core)


def aliases(plugin, _):
    for query in plugin.queries:
        found = [alias for _, alias in query.columns]
        need(len(set(found)) == len(found), query.name, found)
        for alias in found:
            need(re.fullmatch(r"[a-z][a-z0-9_]*", alias), query.name, alias)


def select(plugin, _):
    for query in plugin.queries:
        want = [column if column.split(".")[1].lower() == alias
                else f"{column} AS {alias.upper()}"
                for column, alias in query.columns]
        need(selected(query.sql) == want, query.name, selected(query.sql),
             want)


def binds(plugin, _):
    for query in plugin.queries:
        declared = {arg.get("name") for arg in query.args}
        bound = set(re.findall(r":(\w+)", query.sql))
        need(declared == bound, query.name, declared, bound)
        for arg in query.args:
            need((arg.get("type"), arg.get("required")) ==
                 ("primitive", "true"), query.name, arg.attrib)


def order(plugin, _):
    for query in plugin.queries:
        last = query.sql.rsplit("ORDER BY", 1)
        need(len(last) == 2, query.name, "has no ORDER BY")
        key = query.columns[0][0]
        need(last[1].split()[0].rstrip(",") == key, query.name, last[1])
        need(key.split(".")[1] in ("DCID", "ID"), query.name, key)


def dialect(plugin, _):
    """Nothing that Oracle lacks, and nothing that ends the statement."""
    for query in plugin.queries:
        need(not re.search(r'[;"`\[\]~]|--|/\*', query.sql), query.name)
        need(not re.search(r"\b(LIMIT|OFFSET|IFNULL|ISNULL|TRUE|FALSE|TOP)\b",
                           query.sql, re.I), query.name)


# ---- the queries, as they run ----

def district(folder):
    """The exports as {table: [{column: cell}]}, dates as the server has them.
    """
    tables = {}
    for path in sorted(glob.glob(f"{folder}/*.csv") +
                       glob.glob(f"{folder}/*.txt")):
        with open(path, encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(
                file, delimiter="\t" if path.endswith(".txt") else ",")
        name = re.match(r"cc|\w+", path.rsplit("/", 1)[1])[0].upper()
        header = [cell.split(".")[-1].upper().replace(" ", "_")
                  for cell in header]
        if name == "CC":
            header = [cell.replace("_", "") if cell.endswith("ID") or
                      cell.startswith("DATE") else cell for cell in header]
        tables.setdefault(name, []).extend(
            dict(zip(header, row)) for row in rows)
    for number, course in enumerate(tables["COURSES"]):
        course["DCID"] = str(number + 1)
    # One row for a DCID: in the server's own tables it is unique.
    tables["STUDENTS"] = list(
        {row["DCID"]: row for row in tables["STUDENTS"]}.values())
    return tables


def add_person_tables(tables):
    """Person rows for the students whose address is in a file of its own."""
    person_of = {}
    for number, row in enumerate(tables["STUDENTS"]):
        row["PERSON_ID"] = person_of.setdefault(row["DCID"],
                                                str(90000 + number))
    tables["PERSON"] = [{"ID": number} for number in person_of.values()]
    addresses = tables.pop("STUDENT_EMAIL")
    tables["PERSONEMAILADDRESSASSOC"] = [
        {"PERSONID": person_of.get(row["STUDENTSDCID"], "1"),
         "EMAILADDRESSID": str(500 + number),
         "ISPRIMARYEMAILADDRESS": row["ISPRIMARY"]}
        for number, row in enumerate(addresses)]
    tables["EMAILADDRESS"] = [
        {"EMAILADDRESSID": str(500 + number), "EMAILADDRESS": row["EMAIL"]}
        for number, row in enumerate(addresses)]
    # A parent's address is a Person's too, and no student's.
    tables["PERSON"].append({"ID": "80000"})
    tables["PERSONEMAILADDRESSASSOC"].append(
        {"PERSONID": "80000", "EMAILADDRESSID": "900",
         "ISPRIMARYEMAILADDRESS": "1"})
    tables["EMAILADDRESS"].append(
        {"EMAILADDRESSID": "900", "EMAILADDRESS": "parent@example.org"})
    return addresses


def add_borders(tables):
    """Rows on the borders of a year, and people who are long gone."""
    def add(table, **cells):
        tables[table].append({name: str(cell) for name, cell in cells.items()})

    add("TERMS", DCID=4900, ID=3700, SCHOOLID=301, YEARID=37)
    for number, term in ((1, 3599), (2, 3600), (3, 3699), (4, 3700), (5, 350),
                         (6, 36000)):
        add("SECTIONS", DCID=8900 + number, ID=900 + number, TERMID=term,
            SCHOOLID=301)
        add("SECTIONTEACHER", ID=9900 + number, SECTIONID=900 + number,
            TEACHERID=1009)
        add("STUDENTS", DCID=7900 + number, ID=3900 + number, ENROLL_STATUS=3)
        add("CC", DCID=60900 + number, ID=50900 + number,
            STUDENTID=3900 + number, SECTIONID=-900 - number, TERMID=-term)
    # The section's own term decides; without the section, the row's.
    add("CC", DCID=60911, ID=50911, STUDENTID=3901, SECTIONID=902, TERMID=3501)
    add("CC", DCID=60912, ID=50912, STUDENTID=3904, SECTIONID=901, TERMID=3600)
    add("CC", DCID=60913, ID=50913, STUDENTID=3905, SECTIONID=999, TERMID=3600)
    add("CC", DCID=60914, ID=50914, STUDENTID=3906, SECTIONID=999, TERMID=3501)
    # A minus sign decides nothing.
    add("CC", DCID=60915, ID=50915, STUDENTID=3906, SECTIONID=-999,
        TERMID=-3600)
    add("CC", DCID=60916, ID=50916, STUDENTID=3901, SECTIONID=-902,
        TERMID=-3501)
    add("SECTIONS", DCID=8907, ID=907, TERMID=-3601, SCHOOLID=301)
    add("SECTIONTEACHER", ID=9907, SECTIONID=-907, TEACHERID=1009)


def database(plugin, tables):
    """sqlite with the tables as PowerSchool names them, numbers as such."""
    base = sqlite3.connect(":memory:")
    columns = {}
    for grant in plugin.grants:
        table, column = grant.split(".")
        columns.setdefault(table, []).append(column)
    for table, list_ in columns.items():
        declared = ", ".join(
            f"{column} {'INTEGER' if is_number(column) else 'TEXT'}"
            for column in list_)
        base.execute(f"CREATE TABLE {table} ({declared})")
        for row in reversed(tables[table]):
            base.execute(
                f"INSERT INTO {table} VALUES"
                f" ({', '.join('?' * len(list_))})",
                [row.get(column) for column in list_])
    return base


def is_number(column):
    return (column == "ID" or column.endswith("DCID") or
            column in ("YEARID", "TERMID", "SECTIONID", "STUDENTID",
                       "PERSONID", "PERSON_ID", "EMAILADDRESSID",
                       "ENROLL_STATUS", "SCHOOLID"))


def of_year(term):
    return abs(int(term)) // 100 == YEARID


def expected(tables, addresses):
    """The rows that each query must give, told from the exports alone."""
    term_of = {int(row["ID"]): row["TERMID"] for row in tables["SECTIONS"]}

    def runs(row):
        return of_year(term_of.get(abs(int(row["SECTIONID"])), row["TERMID"]))

    there = {row["STUDENTID"] for row in tables["CC"] if runs(row)}
    students = [row for row in tables["STUDENTS"]
                if row["ENROLL_STATUS"] in ("-1", "0") or row["ID"] in there]
    dcids = {row["DCID"] for row in students}
    return {
        "schools": tables["SCHOOLS"],
        "terms": [row for row in tables["TERMS"]
                  if row["YEARID"] == str(YEARID)],
        "courses": tables["COURSES"],
        "sections": [row for row in tables["SECTIONS"]
                     if of_year(row["TERMID"])],
        "sectionteacher": [
            row for row in tables["SECTIONTEACHER"]
            if of_year(term_of.get(abs(int(row["SECTIONID"])), "0"))],
        "roledef": tables["ROLEDEF"],
        "users": tables["USERS"],
        "schoolstaff": tables["SCHOOLSTAFF"],
        "students": students,
        "cc": [row for row in tables["CC"] if runs(row)],
        "studentemail": [row for row in addresses
                         if row["STUDENTSDCID"] in dcids],
    }


def run(plugin, folder):
    tables = district(folder)
    add_borders(tables)
    addresses = add_person_tables(tables)
    base = database(plugin, tables)
    want = expected(tables, addresses)
    for query in plugin.queries:
        # A bind variable that is not given is an error here.
        args = {arg.get("name"): YEARID for arg in query.args}
        cursor = base.execute(query.sql, args)
        as_text = {name: str(value) for name, value in args.items()}
        need(base.execute(query.sql, as_text).fetchall() ==
             base.execute(query.sql, args).fetchall(), query.name,
             "differs by the argument's form")
        names_ = [item[0].lower() for item in cursor.description]
        need(names_ == [alias for _, alias in query.columns], query.name,
             names_)
        got = [tuple("" if cell is None else str(cell) for cell in row)
               for row in cursor]
        rows = [tuple(row.get(alias.upper()) or "" for alias in names_)
                for row in want[query.table]]
        need(len(rows) > 1, query.name, "proves nothing")
        need(sorted(got) == sorted(rows), query.name,
             "\nthere:", sorted(set(got) - set(rows)),
             "\nmissing:", sorted(set(rows) - set(got)))
        keys = [int(row[0]) for row in got]
        need(keys == sorted(keys), query.name, "is not in order")


CHECKS = {check.__name__: check for check in (
    files, lengths, read_only, no_writes, granted, used, without_email,
    with_email, names, aliases, select, binds, order, dialect, run)}

if __name__ == "__main__":
    CHECKS[sys.argv[1]](Plugin(sys.argv[2]), (sys.argv + [None])[3])
