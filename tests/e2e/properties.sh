#!/bin/sh
# The same district gives the same bytes, however it is written down and
# wherever the run takes place; prints TAP.
#
# Conditions stand in single quotes, for check evaluates them.
# shellcheck disable=SC2016,SC2034,SC2154
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. tests/e2e/tap.inc

now=2026-11-23T12:00:00Z
cat >"$tmp/rollbook.ini" <<'EOF'
[district]
timezone = America/Los_Angeles
[guard]
first_run = accept
EOF

# made NAME EXPORTS OPTION...: runs, and leaves in $tmp/NAME.sums what came
# out; the run's folder is $run.
made() {
	name=$1
	exports=$2
	shift 2
	ps --now $now -q -o "source.url=files:$exports" \
	    -o "output.dir=$tmp/$name" "$@" run
	run=$tmp/$name/runs/20261123T120000Z-0001
	if [ "$code" = 0 ]; then
		sums "$run" >"$tmp/$name.sums"
	else
		echo "exit $code" >"$tmp/$name.sums"
	fi
}

# same NAME RULE: what came out of NAME is what came out of base, and nothing
# was said.
same() {
	check "$2" '[ $code = 0 ] && [ ! -s "$tmp/stderr" ] &&
	    cmp "$tmp/$mode.base.sums" "$tmp/'"$1"'.sums"'
}

# findings_of DIR: without where they stand, which a shuffle changes; a line
# that names a file has its number dropped.
findings_of() {
	python3 -c 'import csv, sys
header, *rows = csv.reader(open(sys.argv[1], encoding="utf-8", newline=""))
line = header.index("line")
for row in sorted(row[:line] + row[line + 1:] for row in rows):
    print(row)' "$1/findings.csv"
}

district "$tmp/plain" --students 120 --seed 3
district "$tmp/faults" --students 60 --seed 4 --faults 2 >/dev/null
district "$tmp/faults-7" --students 60 --seed 4 --faults 2 --shuffle 7 \
    >/dev/null
for shuffle in 1 2; do
	district "$tmp/shuffle-$shuffle" --students 120 --seed 3 \
	    --shuffle $shuffle
done
district "$tmp/split" --students 120 --seed 3 --split 5 --shuffle 9
for form in crlf bom tab dem; do
	district "$tmp/$form" --students 120 --seed 3 --form $form
done

for mode in section course; do
	made $mode.base "$tmp/plain" -o courses.mode=$mode
	check "mode $mode: a district without faults has no finding" \
	    '[ $code = 0 ] && [ "$(wc -l <"$run/findings.csv")" = 1 ]'
	check "mode $mode: there are rows in each sheet and a full zip" \
	    '[ "$(grep -c . "$tmp/$mode.base.sums")" = 7 ] &&
	    [ "$(wc -l <"$run/csv/enrollments.csv")" -gt 300 ]'
	cp "$run/crosswalk.csv" "$tmp/crosswalk"

	for other in shuffle-1 shuffle-2 split crlf bom tab dem; do
		made $mode.$other "$tmp/$other" -o courses.mode=$mode
		same $mode.$other "mode $mode: $other gives the same bytes"
		check "mode $mode: $other gives the same crosswalk" \
		    'cmp -s "$run/crosswalk.csv" "$tmp/crosswalk"'
	done
	for jobs in 1 2 8; do
		made $mode.j$jobs "$tmp/split" -o courses.mode=$mode -j $jobs
		same $mode.j$jobs "mode $mode: so do $jobs threads"
	done
done

# Threads start with a few thousand rows: fewer are read by one.
district "$tmp/crowd" --students 6000 --seed 5
mode=crowd
made crowd.base "$tmp/crowd" -j 1
check 'thousands of students are read' \
    '[ $code = 0 ] && [ "$(wc -l <"$run/csv/users.csv")" -gt 6000 ]'
for jobs in 2 8; do
	made crowd.j$jobs "$tmp/crowd" -j $jobs
	same crowd.j$jobs "of thousands, $jobs threads give the same bytes"
done
# threadless AT MODE: no thread can be had, once or from that one on.
threadless() {
	export INJECT_PROGRAM=ps2canvas INJECT_CALLS=thread INJECT_UNDER="$tmp" \
	    INJECT_AT="$1" INJECT_MODE="$2" INJECT_COUNT="$tmp/threads" \
	    ASAN_OPTIONS=verify_asan_link_order=0
	LD_PRELOAD=$(realpath "${BUILD:-out/build}/inject.so")
	export LD_PRELOAD
	rm -f "$tmp/threads"
	made "crowd.$1$2" "$tmp/crowd" -j 8
	unset LD_PRELOAD
	check "without thread $1, $2: one was asked for" \
	    'grep -q "^hit .*pthread_create" "$tmp/threads"'
	same "crowd.$1$2" "without thread $1, $2: the same bytes"
}
threadless 1 EAGAIN+
threadless 2 EAGAIN
threadless 4 EAGAIN+
mode=section

# Of the place where it runs, in one mode.
mode=section
for zone in UTC Pacific/Kiritimati Pacific/Pago_Pago; do
	export TZ=$zone
	made "tz.$n" "$tmp/plain"
	unset TZ
	same "tz.$n" "TZ=$zone gives the same bytes"
done
for locale in C C.UTF-8 POSIX tr_TR.UTF-8; do
	export LC_ALL=$locale
	made "locale.$n" "$tmp/plain"
	unset LC_ALL
	same "locale.$n" "LC_ALL=$locale gives the same bytes"
done
for mask in 000 077 777; do
	code=0
	sh -c "umask $mask"'; exec "$@"' sh "$BIN/ps2canvas" \
	    -c "$tmp/rollbook.ini" --now $now -q \
	    -o "source.url=files:$tmp/plain" \
	    -o "output.dir=$tmp/umask.$mask" run >"$tmp/stdout" \
	    2>"$tmp/stderr" || code=$?
	sums "$tmp/umask.$mask/runs/20261123T120000Z-0001" \
	    >"$tmp/umask.$mask.sums" || true
	same umask.$mask "umask $mask gives the same bytes"
done
here=$PWD
cd "$tmp"
made cwd plain
cd "$here"
same cwd 'another working folder and relative paths give the same bytes'
cd /
made root "$tmp/plain"
cd "$here"
same root 'the root folder as working folder gives the same bytes'
rm -rf "$tmp/slow"
cp -R "$tmp/plain" "$tmp/slow"
find "$tmp/slow" -type f -exec touch -d 2001-01-01 {} +
made touched "$tmp/slow"
same touched 'the age of the exports changes nothing'
made level "$tmp/plain" -o output.zip_level=1
check 'the level of compression changes the zip alone' \
    '[ "$(grep csv/ "$tmp/level.sums")" = \
    "$(grep csv/ "$tmp/section.base.sums")" ]'

# Findings.

made found "$tmp/faults"
cp "$run/crosswalk.csv" "$tmp/crosswalk"
findings_of "$run" >"$tmp/findings"
cp "$run/findings.csv" "$tmp/findings.csv"
check 'a district with faults has findings' \
    '[ $code = 0 ] && [ "$(wc -l <"$tmp/findings")" -gt 100 ]'
cp "$tmp/found.sums" "$tmp/section.base.sums"
made found-7 "$tmp/faults-7"
same found-7 'with faults too, shuffled rows give the same bytes'
check 'shuffled rows give the same crosswalk' \
    'cmp -s "$run/crosswalk.csv" "$tmp/crosswalk"'
findings_of "$run" >"$tmp/findings-7"
check 'shuffled rows give the same findings, on other lines' \
    'cmp "$tmp/findings-7" "$tmp/findings" &&
    ! cmp -s "$run/findings.csv" "$tmp/findings.csv"'
for jobs in 1 8; do
	made found-j$jobs "$tmp/faults" -j $jobs
	check "$jobs threads give the same findings, line by line" \
	    'cmp -s "$run/findings.csv" "$tmp/findings.csv"'
done

# The night after.

for mode in section course; do
	ps --now 2026-11-24T12:00:00Z -o courses.mode=$mode \
	    -o "source.url=files:$tmp/shuffle-2" \
	    -o "output.dir=$tmp/$mode.base" run
	second=$tmp/$mode.base/runs/20261124T120000Z-0002
	check "mode $mode: a second run has nothing to send" \
	    '[ $code = 0 ] && ! ls "$second" | grep -q canvas-sis-delta'
	check "mode $mode: its sheets are those of the first" \
	    'diff -r "$second/csv" \
	    "$tmp/$mode.base/runs/20261123T120000Z-0001/csv"'
	check "mode $mode: its changes are a header alone" \
	    '[ "$(wc -l <"$second/changes.csv")" = 1 ]'
	check "mode $mode: it is accepted" \
	    '[ "$(readlink -f "$tmp/$mode.base/accepted")" = "$second" ]'
done

finish
