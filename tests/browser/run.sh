#!/bin/sh
# Makes a report with much in it and looks at it in headless Chromium.
# Usage: run.sh; BIN names the programs' folder, OUT where pictures go.
set -eu
cd "$(dirname "$0")/../.."
bin=${BIN:-out/bin}
out=${OUT:-out}/browser
mkdir -p "$out"
for tool in chromium node npm; do
	command -v "$tool" >/dev/null || {
		echo "browser: $tool is missing; type: make browser" >&2
		exit 3
	}
done
cp tests/browser/package.json tests/browser/report.cjs "$out"
[ -d "$out/node_modules/axe-core" ] ||
    (cd "$out" && npm install --silent --no-audit --no-fund)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r fixtures/maple-valley "$work/in"
night() {
	"$bin/ps2canvas" -q -c fixtures/maple-valley/rollbook.ini \
	    --now "$1T12:00:00Z" -o "source.url=files:$work/in" \
	    -o "output.dir=$work/out" -o guard.minimum=5 run || [ $? = 7 ]
}
night 2026-11-23
sed -i 's/Alder/<img src=x onerror=alert(1)> Alder/' "$work/in/schools.csv"
sed -i '2,60d' "$work/in/cc.csv"
night 2026-11-24
node "$out/report.cjs" "$work/out/current/report.html" "$out"
