#!/bin/sh
# Lets runs of ps2canvas fail and die at every call, and looks at what they
# leave; prints TAP. tests/fault/README.md says more.
#
# usage: torture.sh [--short] [--kills N] [--seed N] [--only TEXT]
#   BIN     the folder of ps2canvas, default out/bin
#   BUILD   the folder of inject.so, default out/build
#   RUNNER  a command in front of it: "valgrind -q --error-exitcode=99"
set -eu
cd "$(dirname "$0")/../.."
BIN=${BIN:-out/bin}
BUILD=${BUILD:-out/build}

for file in "$BIN/ps2canvas" "$BUILD/inject.so"; do
	[ -x "$file" ] || {
		echo "Bail out! $file is not there: type make torture"
		exit 1
	}
done
for tool in python3 strace unshare mount; do
	command -v "$tool" >/dev/null || {
		echo "Bail out! $tool is not there: sh tests/install.sh test"
		exit 1
	}
done

# Thousands of runs sync each of their files: memory is the disk for that.
for folder in /dev/shm "${TMPDIR:-/tmp}"; do
	[ ! -d "$folder" ] || [ ! -w "$folder" ] || break
done
tmp=$(mktemp -d "$folder/torture.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

python3 -B tests/fault/torture.py --binary "$BIN/ps2canvas" \
    --inject "$BUILD/inject.so" --runner "${RUNNER:-}" "$@" "$tmp"
