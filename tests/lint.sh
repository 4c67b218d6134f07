#!/bin/sh
# clang-tidy, cppcheck, shellcheck, mandoc and the form of the sources.
# Usage: lint.sh; every tool must be there.
set -u
cd "$(dirname "$0")/.." || exit
bad=0
for tool in clang-tidy cppcheck clang-format shellcheck mandoc; do
	command -v "$tool" >/dev/null || {
		echo "lint: $tool is missing; type: make test" >&2
		exit 3
	}
done
say() {
	echo "lint: $*"
}
sources=$(find src fixtures/gen_district -name '*.c' | sort)
flags='-std=c11 -D_GNU_SOURCE -Isrc'

say clang-format
find src fixtures tests -name '*.[ch]' -print0 |
    xargs -0 clang-format --dry-run -Werror || bad=1
say clang-tidy
echo "$sources" | xargs -P "$(nproc)" -n 4 sh -c '
	clang-tidy --quiet "$@" -- '"$flags"' 2>/dev/null' lint || bad=1
say cppcheck
cppcheck --std=c11 --quiet --enable=warning,performance,portability \
    --inline-suppr --error-exitcode=1 -D_GNU_SOURCE -Isrc \
    --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches \
    --suppress=unknownMacro src || bad=1
say shellcheck
find tests fixtures -name '*.sh' -print0 | xargs -0 shellcheck || bad=1
say mandoc
mandoc -Tlint -Wwarning src/*.[15] || bad=1
say layers
sh tests/layers.sh | grep '^not ok' && bad=1
exit "$bad"
