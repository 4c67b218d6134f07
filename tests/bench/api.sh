#!/bin/sh
# Measures a run whose tables come from the simulator of PowerSchool, over TLS
# on the loopback: wall and CPU seconds and peak memory of ps2canvas alone.
# Usage: api.sh [STUDENTS...]; BIN names the programs' folder.
set -eu
cd "$(dirname "$0")/../.."
bin=${BIN:-out/bin}
[ $# -gt 0 ] || set -- 50000 "${BENCH_STUDENTS:-1000000}"
work=$(mktemp -d "${TMPDIR:-/var/tmp}/bench.XXXXXX")
sim=
trap '[ -z "$sim" ] || kill "$sim"; rm -rf "$work"' EXIT

command -v /usr/bin/time >/dev/null || {
	echo 'bench: /usr/bin/time is missing; type: apt-get install time' >&2
	exit 3
}

# serve DIR: starts the simulator over the exports; $port.
serve() {
	rm -f "$work/port"
	"$bin/sim_powerschool" --district "$1" --cert "$work/server.pem" \
	    --key "$work/server.key" --port-file "$work/port" \
	    --client-id-file "$work/client_id" \
	    --client-secret-file "$work/client_secret" 2>"$work/sim.err" &
	sim=$!
	while [ ! -f "$work/port" ]; do
		kill -0 "$sim" || {
			cat "$work/sim.err" >&2
			exit 1
		}
		sleep 0.1
	done
	port=$(cat "$work/port")
}

sh tests/sim/make_ca.sh "$work"
umask 077
echo bench-client >"$work/client_id"
echo bench-secret >"$work/client_secret"
printf '%-34s %8s %8s %8s %8s\n' 'one run' 'wall s' 'CPU s' 'MiB' 'read s'
for students; do
	"$bin/gen_district" --students "$students" "$work/in" >/dev/null
	serve "$work/in"
	cat >"$work/ini" <<-INI
	[district]
	timezone = America/Los_Angeles
	[source]
	url = https://127.0.0.1:$port
	client_id_file = $work/client_id
	client_secret_file = $work/client_secret
	ca_file = $work/ca.pem
	[output]
	dir = $work/out
	[guard]
	first_run = accept
	INI
	rm -rf "$work/out"
	/usr/bin/time -o "$work/times" -f '%e %U %S %M' "$bin/ps2canvas" -v \
	    -c "$work/ini" --now 2026-11-23T12:00:00Z run >/dev/null \
	    2>"$work/log"
	read_ms=$(sed -n 's/^debug: read after \([0-9]*\) ms$/\1/p' "$work/log")
	awk -v name="ps2canvas run, $students students" -v ms="$read_ms" \
	    '{ printf "%-34s %8.2f %8.2f %8d %8.2f\n", name, $1, $2 + $3,
	    $4 / 1024, ms / 1000 }' "$work/times"
	kill "$sim"
	wait "$sim" || true
	sim=
	rm -rf "$work/in"
done
