"""A district of one school, small enough for thousands of runs: its exports
as they were yesterday ("old") and as they are today ("new")."""

import os

NOW = {"old": "2026-11-23T12:00:00Z", "new": "2026-11-24T12:00:00Z"}

# A guard that only warns: what it holds is no business of these tests.
SETTINGS = """[district]
name = Two Rooms
timezone = America/Los_Angeles
[source]
url = files:{exports}
[guard]
mode = warn
[output]
dir = {out}
"""

SAME = {
    "schools.csv": "school_number,name\n100,North High\n",
    "terms.csv": "id,schoolid,yearid,name,firstday,lastday\n"
                 "3601,100,36,Semester 1,2026-08-26,2027-01-22\n",
    "courses.csv": 'course_number,course_name\nMATH1,Algebra I\n'
                   '0101,"Art, Drawing"\n',
    "users.csv": "dcid,first_name,last_name,homeschoolid,email_addr,loginid,"
                 "teacherloginid\n"
                 "31,Nora,Lind,100,nora.lind@example.org,,nlind\n"
                 "32,Olaf,Berg,100,olaf.berg@example.org,,oberg\n",
    "schoolstaff.csv": "id,users_dcid,schoolid,status\n71,31,100,1\n"
                       "72,32,100,1\n",
    "sections.csv": "dcid,id,course_number,section_number,schoolid,termid,"
                    "teacher\n9501,501,MATH1,1,100,3601,71\n"
                    "9502,502,0101,1,100,3601,72\n",
    "sectionteacher.csv": "id,sectionid,teacherid,roleid,start_date,"
                          "end_date\n801,501,71,,,\n802,502,72,,,\n",
}

# Windows-1252, to pass through iconv; the last student's row is held.
STUDENTS = {
    "old": ["2011,11,10011,Ann,Baker,100,0,abaker,ann.baker@example.org",
            "2012,12,10012,José,Cruz,100,0,jcruz,jose.cruz@example.org",
            "2013,13,10013,Dana,Ek,100,0,dek,dana.ek@example.org",
            "2014,14,10014,Finn,,100,0,fgray,finn.gray@example.org"],
    "new": ["2011,11,10011,Anna,Baker,100,0,abaker,ann.baker@example.org",
            "2012,12,10012,José,Cruz,100,0,jcruz,jose.cruz@example.org",
            "2014,14,10014,Finn,,100,0,fgray,finn.gray@example.org",
            "2015,15,10015,Hugo,Ives,100,0,hives,hugo.ives@example.org"],
}
STUDENT_HEADER = ("dcid,id,student_number,first_name,last_name,schoolid,"
                  "enroll_status,student_web_id,email")


def cc_rows(students):
    """Each student is in both sections."""
    yield "dcid,id,studentid,sectionid,termid,dateenrolled,dateleft"
    for row in students:
        student = int(row.split(",")[1])
        for section in (501, 502):
            number = student * 10 + section - 500
            yield (f"{4000 + number},{3000 + number},{student},{section},"
                   "3601,2026-08-26,2027-01-23")


def write(folder, version):
    """Writes the exports of a version into a new folder."""
    os.mkdir(folder)
    files = dict(SAME)
    files["students.csv"] = "\n".join([STUDENT_HEADER, *STUDENTS[version],
                                       ""])
    files["cc.csv"] = "\n".join([*cc_rows(STUDENTS[version]), ""])
    for name, text in files.items():
        with open(os.path.join(folder, name), "w", newline="",
                  encoding="cp1252") as f:
            f.write(text)
