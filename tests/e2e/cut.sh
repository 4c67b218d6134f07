#!/bin/sh
# Exports and OneRoster sets that were cut off, at every single byte; prints
# TAP.
#
# shellcheck disable=SC2154
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. tests/e2e/tap.inc

printf '[district]\ntimezone = America/Los_Angeles\n' >"$tmp/rollbook.ini"
mkdir "$tmp/files" "$tmp/oneroster"
cat >"$tmp/cut.py" <<'EOF'
import io, json, os, subprocess, sys, zipfile
program, tmp, scheme = sys.argv[1:]
folder = f"{tmp}/{scheme}"
exports = {
    "schools": 'school_number,name\n1,"A\n""B"""\n',
    "terms": "id,schoolid,yearid,name,firstday,lastday\n"
             "3600,1,36,Y,8/1/2026,6/1/2027\n",
    "courses": 'course_number,course_name\nM,"M, 1"\n',
    "sections": "dcid,id,course_number,section_number,schoolid,termid\n"
                "51,1,M,1,1,3600\n",
    "sectionteacher": "sectionid,teacherid\n1,7\n",
    "users": "dcid,first_name,last_name,teacherloginid\n1,T,U,tu\n",
    "schoolstaff": "id,users_dcid,schoolid\n7,1,1\n",
    "students": "dcid,id,first_name,last_name,schoolid,enroll_status,"
                "student_web_id\n61,1,S,T,1,0,st\n62,2,U,V,1,0,uv\n",
    "cc": "studentid,sectionid,dateenrolled,dateleft\r\n"
          "1,1,8/1/2026,6/1/2027\r\n2,1,8/1/2026,6/1/2027\r\n",
}
if scheme == "oneroster":
    exports = {
        "manifest": "propertyName,value\nfile.orgs,bulk\n"
                    "file.academicSessions,bulk\nfile.courses,bulk\n"
                    "file.classes,bulk\nfile.users,bulk\n"
                    "file.enrollments,bulk\noneroster.version,1.1\n",
        "orgs": 'sourcedId,name,type\no,"A\n""B""",school\n',
        "academicSessions": "sourcedId,title,startDate,endDate,schoolYear\n"
                            "y,Y,2026-08-01,2027-06-01,2027\n",
        "courses": 'sourcedId,title\nM,"M, 1"\n',
        "classes": "sourcedId,courseSourcedId,schoolSourcedId,"
                   "termSourcedIds\nk,M,o,\"y\"\n",
        "users": "sourcedId,orgSourcedIds,role,username,givenName,"
                 "familyName\nt,o,teacher,tu,T,U\ns,o,student,st,S,T\n"
                 "v,o,student,uv,U,V\n",
        "enrollments": "classSourcedId,userSourcedId,role\r\n"
                       "k,t,teacher\r\nk,s,student\r\nk,v,student\r\n",
    }

def write(name, data):
    with open(f"{folder}/{name}.csv", "wb") as f:
        f.write(data)

def run(*options):
    done = subprocess.run(
        [program, "-c", tmp + "/rollbook.ini", "--now",
         "2026-11-23T12:00:00Z", "-o", f"source.url={scheme}:{folder}",
         "-o", f"output.dir={tmp}/{scheme}.out", "-o", "guard.first_run=accept",
         "-o", "guard.minimum=1", *options, "--json", "run"],
        capture_output=True, text=True)
    return done.returncode, json.loads(done.stdout)

def rows(document):
    return {name: sheet["rows"] for name, sheet in
            document["tally"]["sheets"].items()}

for name, text in exports.items():
    write(name, text.encode())
code, whole = run()
if code != 0:
    print(f"the whole exports: exit {code}")
tried = 0
for name, text in exports.items():
    data = text.encode()
    for size in range(len(data)):
        write(name, data[:size])
        code, document = run("-n")
        tried += 1
        # Where a record ends, nothing shows that others are missing but
        # what Canvas would lose: that is the guard's.
        if code == 0 and rows(document) != rows(whole):
            print(f"{name}.csv cut at byte {size}: exit 0, fewer rows")
        elif code not in (0, 4, 7):
            print(f"{name}.csv cut at byte {size}: exit {code}")
        # What a OneRoster set lacks in its manifest, it lacks as a whole.
        elif code != 4 and (name == "manifest" or
                            data[size - 1:size] not in (b"\n", b"\r") or
                            data[:size].count(b'"') % 2):
            print(f"{name}.csv cut at byte {size}: the cut was not seen")
    write(name, data)
if tried < 400:
    print(f"only {tried} cuts")

# The same set as a zip, here and there: test_oneroster_set.c cuts everywhere.
if scheme == "oneroster":
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in exports.items():
            out.writestr(f"{name}.csv", text)
    data = zipped.getvalue()
    folder += ".zip"
    for size in (*range(0, len(data) - 22, 31), len(data)):
        with open(folder, "wb") as f:
            f.write(data[:size])
        code, document = run("-n")
        if code != (0 if size == len(data) else 4):
            print(f"the zip of {len(data)} bytes cut at {size}: exit {code}")
EOF
for scheme in files oneroster; do
	python3 "$tmp/cut.py" "$BIN/ps2canvas" "$tmp" $scheme \
	    >"$tmp/$scheme.wrong" 2>&1 || echo failed >>"$tmp/$scheme.wrong"
done
silent 'an export cut at any byte never gives an ordinary, shorter run' \
    "$tmp/files.wrong"
silent 'a OneRoster set cut at any byte, in a folder or zip, gives none either' \
    "$tmp/oneroster.wrong"

finish
