#!/bin/sh
# Measures `ps2canvas diff` on two sorted enrollments files of which one row in
# a hundred differs, and on the same rows out of order; beside it GNU comm.
# Usage: diff.sh [ROWS]; BIN names the program's folder.
set -eu
cd "$(dirname "$0")/../.."
bin=${BIN:-out/bin}
rows=${1:-${BENCH_ROWS:-8000000}}
runs=${BENCH_RUNS:-5}

for tool in /usr/bin/time comm shuf awk; do
	command -v "$tool" >/dev/null || {
		echo "bench: $tool is missing; type: apt-get install time" \
		    "coreutils mawk" >&2
		exit 3
	}
done
work=$(mktemp -d "${TMPDIR:-/var/tmp}/bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
export TMPDIR="$work"
mkdir "$work/old" "$work/new" "$work/shuffled"

# 28 students to a section, in key order; a third of the rows that differ is
# changed, one removed and one added.
awk -v rows="$rows" -v old="$work/old/enrollments.csv" \
    -v new="$work/new/enrollments.csv" 'BEGIN {
	srand(1)
	print "section_id,user_id,role,status" >old
	print "section_id,user_id,role,status" >new
	for (n = 0; n < rows; n++) {
		if (n % 28 == 0)
			user = 1000000 + int(rand() * 10000)
		user += 1 + int(rand() * 30000)
		line = sprintf("sec-%06d,S%d,student,", 100000 + n / 28, user)
		r = rand() * 300
		if (r >= 1)
			print line "active" >old
		if (r < 1 || r >= 2)
			print line (r >= 2 && r < 3 ? "completed" : "active") >new
	}
}'
{
	head -n 1 "$work/new/enrollments.csv"
	tail -n +2 "$work/new/enrollments.csv" |
	    shuf --random-source="$work/old/enrollments.csv"
} >"$work/shuffled/enrollments.csv"
cat "$work"/*/enrollments.csv >/dev/null

# measure NAME COMMAND...: median wall, its CPU, the highest peak RSS
measure() {
	name=$1
	shift
	: >"$work/times"
	for _ in $(seq "$runs"); do
		LC_ALL=C /usr/bin/time -a -o "$work/times" -f '%e %U %S %M' \
		    "$@" >/dev/null
	done
	sort -n "$work/times" | awk -v name="$name" -v n="$runs" '
	{ wall[NR] = $1; cpu[NR] = $2 + $3; if ($4 > rss) rss = $4 }
	END { m = int((n + 1) / 2); printf "%-34s %8.2f %8.2f %8.1f\n", name,
	    wall[m], cpu[m], rss / 1024 }'
}

printf '%-34s %8s %8s %8s\n' "median of $runs runs, $rows rows" 'wall s' \
    'CPU s' 'MiB'
measure 'ps2canvas diff, sorted' "$bin/ps2canvas" diff "$work/old" \
    "$work/new"
measure 'ps2canvas diff, no difference' "$bin/ps2canvas" diff "$work/old" \
    "$work/old"
measure '  GNU comm -3, the same files' comm -3 \
    "$work/old/enrollments.csv" "$work/new/enrollments.csv"
runs=1
measure 'ps2canvas diff, one file shuffled' "$bin/ps2canvas" diff \
    "$work/old" "$work/shuffled"
