#!/bin/sh
# Measures `ps2canvas run` on generated districts, the median of five runs, and
# beside it what is fastest in theory: wc -l and a bare pass of libcsv.
# Usage: run.sh [STUDENTS...]; BIN names the programs' folder.
set -eu
cd "$(dirname "$0")/../.."
bin=${BIN:-out/bin}
[ $# -gt 0 ] || set -- 500 50000 "${BENCH_STUDENTS:-1000000}"
runs=${BENCH_RUNS:-5}
work=$(mktemp -d "${TMPDIR:-/var/tmp}/bench.XXXXXX")
trap 'rm -rf "$work"' EXIT

# measure NAME COMMAND...: median wall, its CPU, the highest peak RSS
measure() {
	name=$1
	shift
	: >"$work/times"
	for _ in $(seq "$runs"); do
		rm -rf "$work/out"
		/usr/bin/time -a -o "$work/times" -f '%e %U %S %M' "$@" \
		    >/dev/null
	done
	sort -n "$work/times" | awk -v name="$name" -v n="$runs" '
	{ wall[NR] = $1; cpu[NR] = $2 + $3; if ($4 > rss) rss = $4 }
	END { m = int((n + 1) / 2); printf "%-34s %8.2f %8.2f %8d\n", name,
	    wall[m], cpu[m], rss / 1024 }'
}

command -v /usr/bin/time >/dev/null || {
	echo 'bench: /usr/bin/time is missing; type: apt-get install time' >&2
	exit 3
}
printf '%-34s %8s %8s %8s\n' "median of $runs runs" 'wall s' 'CPU s' 'MiB'
for students; do
	"$bin/gen_district" --students "$students" "$work/in" >/dev/null
	cat "$work"/in/*.csv >/dev/null
	cat >"$work/ini" <<-EOT
		[district]
		timezone = America/Los_Angeles
		[source]
		url = files:$work/in
		[output]
		dir = $work/out
		[guard]
		first_run = accept
	EOT
	measure "ps2canvas run, $students students" "$bin/ps2canvas" -q \
	    -c "$work/ini" --now 2026-11-23T12:00:00Z run
	measure "  wc -l, the same files" wc -l "$work"/in/*.csv
	measure "  libcsv alone, the same files" "$bin/libcsv_pass" \
	    "$work"/in/*.csv
	rm -rf "$work/in"
done
