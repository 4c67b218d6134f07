#!/bin/sh
# What validate says is what a linter of other make says, of clean packages
# and of packages with a fault in them; prints TAP.
#
# Conditions stand in single quotes, for check evaluates them.
# shellcheck disable=SC2016,SC2034,SC2154
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. tests/e2e/tap.inc

compare=tests/oracle/lint_compare.py
golden=fixtures/golden

# agrees RULE OPTION... PACKAGE...: `python3 -B` writes no bytecode here.
agrees() {
	rule=$1
	shift
	code=0
	python3 -B "$compare" "$@" >"$tmp/stdout" 2>"$tmp/stderr" || code=$?
	check "$rule" '[ $code = 0 ]'
}

agrees "a package of every kind of file has nothing but notes" \
    "$BIN" fixtures/lint/all-kinds/package
agrees "the packages of the golden cases are judged alike" \
    "$BIN" "$golden"/emails/want/csv "$golden"/hostile-names/want/csv \
    "$golden"/leavers-deleted/want/csv "$golden"/mode-course/want/csv
agrees "packages with a fault that was planted are judged alike" \
    --faults 50 --seed 1 "$BIN" fixtures/lint/all-kinds/package \
    "$golden"/courses-of-the-district/want/csv \
    "$golden"/enrollment-dates/want/csv

finish
