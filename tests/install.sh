#!/bin/sh
# Installs the Debian or Ubuntu packages that are missing, and says which.
# Usage: install.sh run|test|lint|browser; NO_INSTALL=1 refuses instead of installing.
set -eu
build='gcc libc6-dev make libcsv-dev libcjson-dev
libcurl4-openssl-dev libminizip-dev zlib1g-dev libinih-dev libssl-dev libutf8proc-dev tzdata'
tests='libcmocka-dev libmicrohttpd-dev openssl curl faketime perl python3 unzip strace time util-linux'
lint='clang libclang-rt-14-dev clang-tidy clang-format cppcheck shellcheck mandoc'
browser='chromium nodejs npm fonts-dejavu-core'
case ${1:-test} in
run) want=$build ;;
test) want="$build $tests" ;;
lint) want="$build $tests $lint" ;;
browser)
	want=$build
	for tool in chromium node npm; do
		command -v "$tool" >/dev/null || want="$build $browser"
	done
	;;
*)
	echo 'usage: install.sh run|test|lint|browser' >&2
	exit 2
	;;
esac
missing=
for package in $want; do
	dpkg-query -W -f='${Status}' "$package" 2>/dev/null |
	    grep -q 'install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "${NO_INSTALL:-0}" = 1 ]; then
	echo "These packages are missing:$missing" >&2
	echo "NO_INSTALL=1 is set, so nothing was installed. Type:" >&2
	echo "  sudo apt-get install$missing" >&2
	exit 3
fi
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
echo "Installing with apt-get:$missing" >&2
$sudo apt-get update -qq
# The list is meant to be split.
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends $missing >/dev/null
