#!/bin/sh
# Nights of small random districts, ordinary and bad ones: what Canvas holds
# in the end is what the roster says; prints TAP. tests/oracle/nights.py has
# the rules, and options for longer stretches.
#
#   BIN     the folder of ps2canvas, default out/bin
#   NIGHTS  more arguments of nights.py: "--seed 100 --districts 50"
set -eu
cd "$(dirname "$0")/../.."
BIN=$(cd "${BIN:-out/bin}" && pwd)
if [ ! -x "$BIN/ps2canvas" ]; then
	echo "Bail out! $BIN/ps2canvas is not there: type make"
	exit 1
fi
# $NIGHTS are arguments, the last of one kind counts.
# shellcheck disable=SC2086
exec python3 -B tests/oracle/nights.py --bin "$BIN/ps2canvas" \
    --seed 1 --districts 4 --nights 8 --guard ${NIGHTS:-}
