#!/bin/sh
# Feeds the readers arbitrary bytes; prints TAP.
#
# usage: run.sh [SECONDS]
#   without SECONDS: the corpus and 20,000 random inputs for each target, the
#     same ones each time
#   SECONDS: each target for so long with libFuzzer, ASan and UBSan; needs
#     clang
#   BIN    the folder of the built targets, default out/bin
#   FOUND  where inputs that end a target are left, default out/fuzz
set -eu
cd "$(dirname "$0")/../.."
BIN=${BIN:-out/bin}
FOUND=${FOUND:-out/fuzz}
seconds=${1:-}
inputs=20000

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
if [ -n "$seconds" ] && ! command -v clang >"$tmp/clang"; then
	echo "Bail out! libFuzzer needs clang: apt-get install clang"
	exit 1
fi

n=0
bad=0

# short TARGET: the corpus, then random inputs.
short() {
	"$BIN/fuzz/$1" "tests/fuzz/corpus/$1" "$inputs" "$tmp/crash"
}

# long TARGET: libFuzzer, from the corpus and the first random inputs.
long() {
	mkdir "$tmp/$1"
	"$BIN/fuzz/$1" "tests/fuzz/corpus/$1" 200 "$tmp/crash" "$tmp/$1" &&
	    "$BIN/libfuzzer/$1" -max_total_time="$seconds" -max_len=4096 \
	    -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
	    -artifact_prefix="$tmp/crash-" "$tmp/$1" \
	    "tests/fuzz/corpus/$1"
}

feed() {
	if [ -z "$seconds" ]; then
		short "$1"
	else
		long "$1"
	fi
}

for source in tests/fuzz/fuzz_*.c; do
	target=${source##*/}
	target=${target%.c}
	[ "$target" != fuzz_replay ] || continue
	n=$((n + 1))
	# The first sentence of its comment says what a target holds to.
	rule=$(sed -n '/^\/\*$/,/^ \*\/$/s/^ \* //p' "$source" |
	    tr '\n' ' ' | sed 's/[.] .*//; s/[. ]*$//')
	if feed "$target" >"$tmp/said" 2>&1; then
		echo "ok $n - $target: $rule"
		sed -n 's/^stat::number_of_executed_units: */# inputs: /p' \
		    "$tmp/said"
		continue
	fi
	bad=1
	echo "not ok $n - $target: $rule"
	tail -n 30 "$tmp/said" | sed 's/^/# /'
	mkdir -p "$FOUND"
	for crash in "$tmp"/crash*; do
		[ -f "$crash" ] || continue
		mv "$crash" "$FOUND/$target-${crash##*/}"
		echo "# the input: $FOUND/$target-${crash##*/}"
	done
done
echo "1..$n"
exit $bad
