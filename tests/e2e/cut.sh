#!/bin/sh
# Exports that were cut off, at every single byte; prints TAP.
#
# shellcheck disable=SC2154
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. tests/e2e/tap.inc

printf '[district]\ntimezone = America/Los_Angeles\n' >"$tmp/rollbook.ini"
mkdir "$tmp/cut"
python3 - "$BIN/ps2canvas" "$tmp" >"$tmp/cut.wrong" <<'EOF'
import json, os, subprocess, sys
program, tmp = sys.argv[1:]
folder = tmp + "/cut"
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

def write(name, data):
    with open(f"{folder}/{name}.csv", "wb") as f:
        f.write(data)

def run(*options):
    done = subprocess.run(
        [program, "-c", tmp + "/rollbook.ini", "--now",
         "2026-11-23T12:00:00Z", "-o", f"source.url=files:{folder}",
         "-o", f"output.dir={tmp}/cut.out", "-o", "guard.first_run=accept",
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
        elif code != 4 and (data[size - 1:size] not in (b"\n", b"\r") or
                            data[:size].count(b'"') % 2):
            print(f"{name}.csv cut at byte {size}: the cut was not seen")
    write(name, data)
if tried < 400:
    print(f"only {tried} cuts")
EOF
silent 'an export cut at any byte never gives an ordinary, shorter run' \
    "$tmp/cut.wrong"

finish
