#!/bin/sh
# The decimal numbers of the grades against python's, on 20,000 random
# questions; prints TAP.
# shellcheck disable=SC2154
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. tests/e2e/tap.inc

python3 tests/e2e/decimal_pairs.py \
    "${BUILD:-out/build}/unit/test_decimal" >"$tmp/wrong" 2>&1 ||
	[ -s "$tmp/wrong" ] || echo failed >"$tmp/wrong"
silent 'decimal numbers are those of an independent implementation' \
    "$tmp/wrong"

finish
