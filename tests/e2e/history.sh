#!/bin/sh
# The history of runs: approve, discard, accept, runs, show, verify, purge;
# prints TAP.
#
# Conditions stand in single quotes, for check evaluates them.
# shellcheck disable=SC2016,SC2034,SC2154
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. tests/e2e/tap.inc

out=$tmp/out
first=20261120T120000Z-0001
second=20261121T120000Z-0002
third=20261122T120000Z-0003
fourth=20261123T120000Z-0004
got=

# ps ARGUMENT...: runs ps2canvas on the folder of runs; $code, stdout and
# stderr in $tmp. The guard only warns and nothing is accepted by itself.
ps() {
	code=0
	# $RUNNER is a command with its arguments.
	# shellcheck disable=SC2086
	$RUNNER "$BIN/ps2canvas" -c fixtures/maple-valley/rollbook.ini \
	    -o "output.dir=$out" -o source.url=files:fixtures/maple-valley \
	    -o output.accept=manual -o guard.mode=warn \
	    -o guard.first_run=accept "$@" >"$tmp/stdout" 2>"$tmp/stderr" ||
	    code=$?
}

# value EXPRESSION FILE: $got is what Python makes of a JSON document d; the
# parts of a tuple stand with a blank between them.
value() {
	got=$(python3 -c 'import json, sys
d = json.load(open(sys.argv[2], encoding="utf-8"))
x = eval("(" + sys.argv[1] + ")")
print(*x) if isinstance(x, (tuple, list)) else print(x)' "$1" "$2" 2>&1) ||
	    true
}

make_runs() {	# make_runs DAY...: one run on each day of November
	for day; do
		ps --now "2026-11-${day}T12:00:00Z" -q run
		[ "$code" = 0 ] || {
			echo "Bail out! run ended with $code"
			cat "$tmp/stderr" >&2
			exit 1
		}
	done
}

hold() {	# hold DAY: one run that the guard holds
	ps --now "2026-11-${1}T12:00:00Z" -o guard.mode=enforce \
	    -o guard.blackout=2026-11-01..2026-11-30 -q run
	[ "$code" = 7 ] || {
		echo "Bail out! a run in a blackout ended with $code"
		cat "$tmp/stderr" >&2
		exit 1
	}
}

# start DAY...: a folder with runs of these days and no decisions. Making
# runs takes the time of this test, so each such folder is made once.
start() {
	made=$tmp/made.$(echo "$*" | tr ' ' -)
	rm -rf "$out"
	if [ ! -d "$made" ]; then
		make_runs "$@"
		cp -a "$out" "$made"
	else
		cp -a "$made" "$out"
	fi
}

# --- runs, show, and how a run is named

ps runs
check 'without a folder of runs there is nothing to list' \
    '[ $code = 2 ] && warns "make a first run"'

start 20 21 22
ps runs
check 'runs lists every run, the newest last' \
    '[ $code = 0 ] && [ "$(grep -c "^2026" "$tmp/stdout")" = 3 ] &&
    tail -1 "$tmp/stdout" | grep -q "^$third .*published.*current"'
ps --json runs
value 'd["schema"], len(d["runs"]), d["current"], d["accepted"],
len(d["runs"][2]["package"]["sha256"]), d["runs"][2]["verdict"]' "$tmp/stdout"
check 'runs --json has the same' \
    '[ "$got" = "rollbook-runs 3 $third None 64 published" ]'
for typed in 2 0002 $second 20261121 "$out/runs/$second" \
    "$out/runs/$second/"; do
	ps show "$typed"
	check "a run can be typed as $(echo "$typed" | sed "s|$tmp|TMP|")" \
	    '[ $code = 0 ] && says "$second: published"'
done
ps show current
check 'current is the run that was published last' \
    'says "$third: published, the current run"'
ps --json show latest
value 'd["manifest"]["run"], d["decisions"]' "$tmp/stdout"
check 'show --json prints the manifest with the decisions' \
    '[ "$got" = "$third None" ]'
for typed in 9 2026112 nothing .. ../../etc/passwd /etc "$out" \
    "$out/runs/$second/csv" .lock accepted; do
	before=$(state "$out")
	ps accept "$typed"
	check "$(echo "$typed" | sed "s|$tmp|TMP|") is no run" \
	    '[ $code = 2 ] && [ "$before" = "$(state "$out")" ]'
done
ps show 20261121T120000Z-0003
check 'an id that is nearly right is offered' \
    '[ $code = 2 ] && warns "Did you mean"'
ps --json show 9
value 'd["error"]["exit"]' "$tmp/stdout"
check 'with --json an error is a document too' \
    '[ $code = 2 ] && [ "$got" = 2 ]'

# --- accept

ps --now 2026-11-22T13:00:00Z accept 2 --reason 'uploaded by hand'
check 'accept points OUT/accepted at the run' \
    '[ $code = 0 ] && [ "$(readlink "$out/accepted")" = "runs/$second" ]'
value '[(x["decision"], x["time"], x["time_from"], x["uid"], x["reason"],
x["package"][:11], len(x["package_sha256"]), x["replaces"])
for x in d["decisions"]][0]' "$out/runs/$second/decisions.json"
check 'the acceptance is recorded with who, when, why and which package' \
    '[ "$got" = "accepted 2026-11-22T13:00:00Z --now $(id -u) uploaded by \
hand canvas-sis- 64 None" ]'
ps accept 2
value 'len(d["decisions"])' "$out/runs/$second/decisions.json"
check 'accepting it again changes nothing' \
    '[ $code = 0 ] && says "nothing was changed" && [ "$got" = 1 ]'
ps accept 1
check 'an older run needs a reason' \
    '[ $code = 2 ] && warns "older than the run that Canvas holds" &&
    [ "$(readlink "$out/accepted")" = "runs/$second" ]'
ps accept 1 --reason 'Canvas was restored'
check 'with a reason Canvas may go back' \
    '[ $code = 0 ] && [ "$(readlink "$out/accepted")" = "runs/$first" ] &&
    says "Canvas went back"'
ps --json accept 3
value 'd["run"], d["decisions"][0]["replaces"]' "$tmp/stdout"
check 'accept --json prints the decisions of the run' \
    '[ "$got" = "$third $first" ]'
ps discard 1
check 'a run that was in Canvas cannot be discarded' \
    '[ $code = 2 ] && warns "cannot be discarded"'
rm "$out/accepted"
ps --json runs
value 'd["accepted"]' "$tmp/stdout"
check 'a link that was removed by hand means that no run is accepted' \
    '[ "$got" = None ]'
ln -s runs/20260101T000000Z-0099 "$out/accepted"
ps --json runs
value 'd["accepted"]' "$tmp/stdout"
check 'a link that dangles counts as none and is logged' \
    '[ "$got" = None ] && warns "counts as none"'

# --- held, approved, discarded

start 20 21
ps accept 1
hold 22
ps show latest
check 'a held run says so, why, and what to type' \
    'says "$third: held" && says "GUARD-BLACKOUT: today is in 2026-11-01" &&
    says "ps2canvas approve $third --reason TEXT"'
cp "$out/runs/$third/manifest.json" "$tmp/manifest.json"
sed -i 's/today is in/today \\u001b[31mis in/' "$out/runs/$third/manifest.json"
ps show latest
check 'what stands in a file cannot steer the terminal' \
    'says "today \\u{1b}[31mis in"'
cp "$tmp/manifest.json" "$out/runs/$third/manifest.json"
ps accept 3
check 'a held run is not accepted' \
    '[ $code = 7 ] && [ "$(readlink "$out/accepted")" = "runs/$first" ]'
for reason in '' '   ' "$(printf 'two\nlines')" "$(printf 'esc\033[31m')" \
    "$(printf 'Ren\351')"; do
	ps approve 3 --reason "$reason"
	check "\"$(printf %s "$reason" | tr -c 'A-Za-z \n' '?' |
	    tr '\n' '/')\" is no reason" \
	    '[ $code = 2 ] && [ ! -e "$out/runs/$third/decisions.json" ]'
done
ps approve 3
check 'an approval needs a reason' '[ $code = 2 ]'
ps approve 2 --reason 'new school'
check 'what the guard let pass needs no approval' \
    '[ $code = 2 ] && warns "nothing to approve"'
ps --now 2026-11-22T13:00:00Z approve 3 --reason 'new school'
value '[(x["decision"], x["reason"], x["until"], x["package_sha256"])
for x in d["decisions"]][0]' "$out/runs/$third/decisions.json"
zip=$(echo "$out/runs/$third"/canvas-sis-*.zip)
check 'an approval is bound to the package and to 24 hours' \
    '[ $code = 0 ] && [ "$got" = "approved new school 2026-11-23T13:00:00Z \
$(sha256sum "$zip" | cut -d " " -f 1)" ]'
check 'with accept = manual it says what comes next' \
    'says "ps2canvas accept $third" &&
    [ "$(readlink "$out/accepted")" = "runs/$first" ]'
ps --now 2026-11-23T13:00:00Z show 3
check 'the approval is in force for 24 hours' 'says "$third: approved"'
ps --now 2026-11-23T13:00:01Z show 3
check 'and void a second later' 'says "$third: held"'
ps --now 2026-11-24T12:00:00Z accept 3
check 'what was uploaded while it was in force can be accepted later' \
    '[ $code = 0 ] && [ "$(readlink "$out/accepted")" = "runs/$third" ]'

hold 23
ps -o output.accept=auto approve latest --reason 'rollover'
value '[x["decision"] for x in d["decisions"]]' \
    "$out/runs/$fourth/decisions.json"
check 'with accept = auto one command approves and accepts' \
    '[ $code = 0 ] && [ "$(readlink "$out/accepted")" = "runs/$fourth" ] &&
    [ "$got" = "approved accepted" ]'
ps approve 4 --reason again
check 'approving again changes nothing' \
    '[ $code = 0 ] && says "nothing was changed"'

start 20
hold 21
make_runs 22
ps approve 2 --reason 'too late'
check 'a held run cannot be approved once there is a newer one' \
    '[ $code = 2 ] && warns "newer"'
ps show 2
check 'it is superseded' 'says "$second: superseded"'
ps accept 2
check 'and it is not accepted' '[ $code = 7 ]'

start 20
hold 21
ps discard 2 --reason 'wrong school year'
value 'd["decisions"][0]["decision"]' "$out/runs/$second/decisions.json"
check 'a held run can be discarded' \
    '[ $code = 0 ] && [ "$got" = discarded ] && [ -d "$out/runs/$second/csv" ]'
ps approve 2 --reason 'changed my mind'
check 'what was discarded is never approved' '[ $code = 2 ]'
ps accept 2
check 'nor accepted' '[ $code = 2 ] && [ ! -e "$out/accepted" ]'
ps discard 2
check 'discarding it again changes nothing' \
    '[ $code = 0 ] && says "nothing was changed"'

rm -rf "$out"
hold 20
zip=$(echo "$out/runs/$first"/canvas-sis-*.zip)
printf x | dd of="$zip" bs=1 seek=40 conv=notrunc 2>"$tmp/dd"
ps approve 1 --reason 'looks fine'
check 'a package that was changed is not approved' \
    '[ $code = 6 ] && warns "$(basename "$zip")" &&
    [ ! -e "$out/runs/$first/decisions.json" ]'

start 20
python3 -c 'import fcntl, subprocess, sys
with open(sys.argv[1], "a") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    sys.exit(subprocess.call(sys.argv[2:]))' "$out/.lock" \
    "$BIN/ps2canvas" -c fixtures/maple-valley/rollbook.ini \
    -o "output.dir=$out" accept 1 >"$tmp/stdout" 2>"$tmp/stderr" &&
    code=0 || code=$?
check 'nothing is decided while a run holds the lock' \
    '[ $code = 11 ] && [ ! -e "$out/accepted" ]'

# --- verify

start 20 21 22 23
ps accept 2
make_runs 24
ps verify
check 'verify finds nothing wrong with what was just made' \
    '[ $code = 0 ] && grep -q "^OK   5 runs" "$tmp/stdout" &&
    [ "$(wc -l <"$tmp/stdout")" = 1 ]'
cp -a "$out" "$tmp/whole"
again() {
	rm -rf "$out"
	cp -a "$tmp/whole" "$out"
}
sed -i 's/active/activE/' "$out/runs/$second/csv/users.csv"
ps verify
check 'one changed byte is found, by file' \
    '[ $code = 6 ] && says "BAD  $second/csv/users.csv  changed" &&
    [ "$(grep -c ^BAD "$tmp/stdout")" = 2 ]'
ps --json verify 2
value '[x["run"] + "/" + x["file"] for x in d["bad"]]' "$tmp/stdout"
check 'verify --json lists what is bad' \
    '[ $code = 6 ] && [ "$got" = "$second/csv/users.csv" ]'
ps verify 3
check 'verify RUN is about that run alone' '[ $code = 0 ]'
again
: >"$out/runs/$third/csv/more.csv"
chmod 644 "$out/runs/$third/findings.csv"
rm "$out/runs/$third/crosswalk.csv"
ps verify 3
check 'so are files that are extra, open to others or missing' \
    '[ $code = 6 ] && says "csv/more.csv  extra" &&
    says "findings.csv  mode 0644" && says "crosswalk.csv  missing"'
again
sed -i 's/"warning"/"Warning"/' "$out/runs/$second/manifest.json"
ps verify
check 'a changed manifest breaks the chain' \
    '[ $code = 6 ] && says "BAD  $second/manifest.json  changed"'
again
rm -r "${out:?}/runs/$third"
ps verify
check 'a run that was removed by hand leaves a gap' \
    '[ $code = 6 ] &&
    says "BAD  $fourth/manifest.json  the run before it is gone"'
again
rm "$out/runs/$fourth/manifest.json"
ps verify
check 'a run without its manifest is found' \
    '[ $code = 6 ] && says "BAD  $fourth/manifest.json"'
ps runs
check 'and the others are still listed' \
    '[ $code = 0 ] && [ "$(grep -c "^2026" "$tmp/stdout")" = 5 ] &&
    grep -q "^$fourth .*damaged" "$tmp/stdout"'

# --- purge

again
ps --now 2027-03-01T00:00:00Z -o output.keep_runs=1 -o output.keep_days=60 \
    -n purge
check 'purge -n names what would go and changes nothing' \
    '[ $code = 0 ] && [ "$(grep -c "^would remove" "$tmp/stdout")" = 3 ] &&
    [ -d "$out/runs/$first" ] && [ ! -e "$out/purged.json" ]'
for limits in 'keep_runs=5 keep_days=0' 'keep_runs=1 keep_days=101'; do
	# shellcheck disable=SC2086
	set -- $limits
	ps --now 2027-03-01T00:00:00Z -o "output.$1" -o "output.$2" purge
	check "$limits keeps all: a run goes only when both let it go" \
	    '[ $code = 0 ] && says "0 runs removed, 5 kept"'
done
ps --now 2027-03-01T00:00:00Z -o output.keep_runs=1 -o output.keep_days=60 \
    purge
check 'purge removes what is old' \
    '[ $code = 0 ] && [ ! -e "$out/runs/$first" ] &&
    [ ! -e "$out/runs/$third" ] && [ ! -e "$out/runs/$fourth" ]'
check 'but neither the accepted run nor the newest' \
    '[ -d "$out/runs/$second" ] &&
    [ -d "$out/runs/20261124T120000Z-0005" ] &&
    says "kept    $second: Canvas holds it"'
value '[x["run"] for x in d["purged"]]' "$out/purged.json"
check 'it records what it removed' '[ "$got" = "$first $third $fourth" ]'
ps verify
check 'and the chain stays whole' '[ $code = 0 ]'
make_runs 25
ps verify
check 'a run after a purge continues it' '[ $code = 0 ]'

start 10 12 14 16 18 20
for day in 10 12 14 16; do
	ps --now "2026-11-${day}T13:00:00Z" accept "$(((day - 8) / 2))"
done
ps --now 2026-11-20T13:00:00Z -o output.keep_runs=1 -o output.keep_days=0 \
    -o guard.baseline_days=7 purge
check 'what the guard compares with, now or soon, is kept' \
    '[ $code = 0 ] && [ ! -e "$out/runs/20261110T120000Z-0001" ] &&
    [ -d "$out/runs/20261112T120000Z-0002" ] &&
    [ -d "$out/runs/20261114T120000Z-0003" ] &&
    [ ! -e "$out/runs/20261118T120000Z-0005" ]'

# --- what lies on the disk

check 'nothing in the folder of runs is open to others' \
    '[ -z "$(find "$out" ! -type l -perm /077)" ]'
check 'decisions and purged runs name nobody of the district' \
    '! grep -rqE "@|Whitaker|Raman|CANARY" "$out"/runs/*/decisions.json \
    "$out/purged.json"'
for command in runs 'show latest' verify; do
	# shellcheck disable=SC2086
	set -- $command
	code=0
	"$BIN/ps2canvas" -c fixtures/maple-valley/rollbook.ini \
	    -o "output.dir=$out" "$@" >/dev/full 2>"$tmp/stderr" || code=$?
	check "$command says so when its result cannot be written" \
	    '[ $code = 10 ]'
done

finish
