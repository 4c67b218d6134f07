#!/bin/sh
# Who may include whom, as the table below says; prints TAP.
# A line: folder, the folders it may include, then header=file pairs: a
# third-party header and the one .c that may include it.
set -eu
cd "$(dirname "$0")/.."

table='base      base
roster    base roster
source    base roster source
canvas    base roster canvas
pack      base pack
history   base pack history
compare   base canvas pack history compare
deliver   base deliver
grades    base pack canvas grades'

headers='csv.h base/csvio.c
cjson/cJSON.h base/json.c
curl/curl.h base/net_curl.c
ini.h base/conf.c
openssl/evp.h base/hash.c
openssl/crypto.h base/hash.c
openssl/ssl.h base/net_peer.c
openssl/x509.h base/net_peer.c
utf8proc.h base/utf8.c
minizip/zip.h pack/zip.c
zlib.h pack/zip.c
minizip/unzip.h base/unzip.c'

n=0
bad=0
result() {	# result DESCRIPTION LINES: ok when LINES is empty
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		echo "$2" | sed 's/^/# /'
		bad=1
	fi
}

echo "$table" | while read -r folder allowed; do
	[ -d "src/$folder" ] || continue
	echo "$folder $allowed"
done >"${TMPDIR:-/tmp}/layers.$$"
trap 'rm -f "${TMPDIR:-/tmp}/layers.$$"' EXIT
while read -r folder allowed; do
	pattern=$(echo "$allowed" | tr ' ' '|')
	result "src/$folder includes only $allowed" \
	    "$(grep -n '#include "' -r "src/$folder" |
		grep -Ev "#include \"($pattern)/" || true)"
done <"${TMPDIR:-/tmp}/layers.$$"

while read -r header file; do
	result "$header is included by src/$file alone" \
	    "$(grep -rlF "#include <$header>" src | grep -v "^src/$file\$" ||
		true)"
done <<EOT
$headers
EOT

result 'every third-party header is in the table' \
    "$(grep -rhoE '#include <[a-z0-9]+/[A-Za-z0-9_]+\.h>' src | sort -u |
	grep -vE '<(sys|arpa|netinet|minizip|openssl|cjson|curl)/' || true)"
result 'file names are unique across folders' \
    "$(find src -name '*.[ch]' -printf '%f\n' | sort | uniq -d)"
result 'every .c but the mains has one header of its name' \
    "$(find src -name '*.c' ! -name ps2canvas.c ! -name canvas2pt.c |
	while read -r f; do [ -f "${f%.c}.h" ] || echo "$f"; done)"
result 'only date.c asks the clock for the time of day' \
    "$(grep -nE '\b(time|gettimeofday)\(|CLOCK_REALTIME' -r src \
	--include='*.c' | grep -vE 'src/base/date.c|[a-z_]time\(' || true)"
result 'the top level holds what the README says' \
    "$(git ls-tree --name-only HEAD 2>/dev/null | grep -vxE \
	'Makefile|src|templates|fixtures|tests|out|README\.md|\..*' || true)"
result 'every folder has a README.md' \
    "$(git ls-files 2>/dev/null | grep / | grep -v '^fixtures/golden/.*/' |
	sed 's,/[^/]*$,,' | grep -vE \
	'^(fixtures/(golden|lint|canvas-courses)/[^/]+|tests/fuzz/corpus|\.ci)' | sort -u |
	while read -r d; do [ -f "$d/README.md" ] || echo "$d"; done)"
echo "1..$n"
exit $bad
