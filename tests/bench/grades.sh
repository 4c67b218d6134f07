#!/bin/sh
# Measures `canvas2pt export`: BENCH_SECTIONS courses of one section with 30
# students and 40 assignments over the API, from a Canvas that is played here;
# and a gradebook of 2,000 students and 300 assignments.
# Usage: grades.sh; BIN names the programs' folder.
set -eu
cd "$(dirname "$0")/../.."
bin=${BIN:-out/bin}
sections=${BENCH_SECTIONS:-5000}
work=$(mktemp -d "${TMPDIR:-/var/tmp}/bench.XXXXXX")
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY

command -v /usr/bin/time >/dev/null || {
	echo 'bench: /usr/bin/time is missing; type: apt-get install time' >&2
	exit 3
}

# measure NAME ARGUMENT...: canvas2pt export
measure() {
	name=$1
	shift
	/usr/bin/time -o "$work/times" -f '%e %U %S %M' "$bin/canvas2pt" -q \
	    -c "$work/ini" export "$@"
	awk -v name="$name" '{ printf "%-34s %8.2f %8.2f %8d\n", name, $1,
	    $2 + $3, $4 / 1024 }' "$work/times"
}

sh tests/sim/make_ca.sh "$work" 2>/dev/null
(umask 077 && echo bench-token-1 >"$work/token")
"$bin/sim_canvas" --courses "$sections" --sections 1 --students 30 \
    --assignments 40 --crosswalk "$work/crosswalk.csv" --bucket 100000000 \
    --cert "$work/server.pem" --key "$work/server.key" --port 0 \
    --port-file "$work/port" --token-file "$work/token" 2>"$work/sim.err" &
pid=$!
until [ -f "$work/port" ]; do
	kill -0 "$pid" || exit 1
	sleep 0.05
done
cat >"$work/ini" <<-EOT
	[district]
	timezone = America/Los_Angeles
	[grades]
	url = https://127.0.0.1:$(cat "$work/port")
	token_file = $work/token
	ca_file = $work/ca.pem
	[output]
	dir = $work/out
EOT
printf '%-34s %8s %8s %8s\n' canvas2pt 'wall s' 'CPU s' 'MiB'
measure "$sections sections over the API" --all \
    --crosswalk "$work/crosswalk.csv"
kill "$pid"
pid=

python3 - >"$work/book.csv" <<-EOT
	n, m = 2000, 300
	ids = ",".join(f"Work {a} ({7000 + a})" for a in range(m))
	print(f"Student,ID,SIS User ID,SIS Login ID,Section,{ids},Final Score")
	print("    Points Possible,,,,," + "20.00," * m + "(read only)")
	for s in range(n):
	    cells = ",".join(f"{(s * a) % 2000 / 100:.2f}" for a in range(m))
	    print(f'"Last{s}, First",{9000 + s},{s},l{s},Hall,{cells},90.00')
EOT
sed -i 's/^\[grades\]/[grades]\nstudent_number = sis_id\nsection_name = name/' \
    "$work/ini"
measure 'gradebook of 2,000 x 300' -g "$work/book.csv"
