"""What can go wrong around a run: other processes, the disk, the streams."""

import os
import pickle
import random
import re
import resource
import subprocess
import sys
import time

import judge
import syscalls
from judge import DONE, IO, LOCKED
from process import end, let_go_on, wait_until_stopped
from state import Kept, State

HERE = os.path.dirname(os.path.abspath(__file__))
LOCK_TEXT = re.compile(r"process \d+, started \S+Z\n\Z")


def look(torture, before, result, codes, tidy=True):
    """What is wrong behind a run and behind the next one."""
    after, problems = judge.after_fault(
        torture.program, before, result, codes, tidy, torture.rig.references)
    return problems + torture.rig.recover(after)


def namespace():
    """The command that gives a process mounts of its own. In a chroot the
    root is no mount whose propagation could be changed."""
    words = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-Urm"]
    if subprocess.run([*words, "true"], capture_output=True).returncode != 0:
        words += ["--propagation", "unchanged"]
    return words


def random_kills(torture, options):
    """Each run is killed after another part of the time that it takes."""
    chance = random.Random(options.seed)
    torture.rig.put("old")
    start = time.monotonic()
    torture.program.run("new")
    whole = time.monotonic() - start
    killed = 0
    for _ in range(options.kills):
        before = torture.rig.put(chance.choice(["first", "old", "left"]))
        process = torture.program.start(torture.program.command(
            "new", chance.choice(["-j1", "-j3"])))
        # No time to sleep through: it ends as soon as the run ends.
        if not end(process, chance.uniform(0, whole)):
            process.kill()
            process.wait()
            killed += 1
        result = torture.program.read_result(process)
        yield from look(torture, before, result, (DONE, -9))
    if killed < options.kills // 4:
        yield f"only {killed} of {options.kills} runs could be killed"


def second_run(torture, stopped, call):
    """What is wrong with a run that begins while another one is stopped."""
    kept = Kept(torture.program.out).digest()
    result = torture.program.run("new", prefix="again.")
    if result.code != LOCKED:
        yield f"the second run ends with {result.code}: {result.stderr!r}"
    # Right behind flock() the file still names the process before.
    if ".lock" not in call and f"process {stopped.pid}," not in result.stderr:
        yield f"the second run does not name the first: {result.stderr!r}"
    if "nothing was done" not in result.stderr or \
            not judge.HINT.search(result.stderr):
        yield f"the second run does not say enough: {result.stderr!r}"
    if Kept(torture.program.out).digest() != kept:
        yield "the second run touched what the first one makes"


def two_at_once(torture, options):
    """A second run at moments at which the first one holds the lock."""
    del options
    calls = "truncate,write,sync,rename,make"
    torture.rig.put("old")
    total = sum(torture.program.run("new", variables=torture.program.injected(
        calls)).totals[name] for name in calls.split(","))
    for n in range(3, total + 1, 15 if torture.short else 1):
        before = torture.rig.put("old")
        process = torture.program.start(
            torture.program.command("new"),
            torture.program.injected(calls, "stop", n))
        if not wait_until_stopped(process):
            yield f"it does not stop at call {n}"
            continue
        call = torture.program.read_result(process).call
        yield from second_run(torture, process, call)
        let_go_on(process)
        yield from look(torture, before, torture.program.finish(process),
                        (DONE,))


def read_only(torture, options):
    """An output folder that cannot be written, and one that cannot be made."""
    del options
    for base in ("old", "first"):
        before = torture.rig.put(base)
        folder = torture.program.out if base == "old" else \
            torture.program.scratch
        script = ('mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" &&'
                  ' shift && exec "$@"')
        process = torture.program.start(
            [*namespace(), "sh", "-c", script, "sh", folder,
             *torture.program.command("new", "--json")])
        yield from look(torture, before, torture.program.finish(process),
                        (IO,))


def file_sizes(torture, options):
    """A limit on the size of files: EFBIG instead of a signal."""
    del options
    for size in range(0, 32768, 8192 if torture.short else 256):
        before = torture.rig.put("old")
        process = torture.program.start(
            torture.program.command("new", "-q"), stderr=subprocess.PIPE,
            preexec_fn=lambda size=size: resource.setrlimit(
                resource.RLIMIT_FSIZE, (size, size)))
        end(process)
        result = torture.program.read_result(process)
        result.stderr = process.stderr.read().decode()
        process.stderr.close()
        yield from look(torture, before, result, (DONE, IO))
        if result.code == DONE and size < 1024:
            yield f"files of {size} bytes were enough"


def full_disk(torture, options):
    """A small file system, larger by one page or one file each time."""
    del options
    path = torture.program.path("rig.pickle")
    with open(path, "wb") as f:
        pickle.dump((torture.rig, 16 if torture.short else 1), f)
    process = subprocess.run(
        [*namespace(), sys.executable, "-B",
         os.path.join(HERE, "full_disk.py"), path],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    yield from process.stdout.decode().splitlines()
    if process.returncode != 0:
        yield f"full_disk.py ends with {process.returncode}"


def after_lost_output(torture, result, streams):
    """Behind a run that published and could not say so."""
    state = State(torture.program.out)
    yield from state.problems
    run = state.runs.get(state.current)
    if run is None or run.content != torture.rig.references.content["old"] or \
            state.accepted != state.current:
        yield f"{streams}: the run is not published and accepted"
    wanted = DONE if streams == "2" else IO
    if result.code != wanted:
        yield f"{streams}: it ends with {result.code}, not {wanted}"
    with open(os.path.join(torture.program.out, ".lock")) as f:
        text = f.read()
    if not LOCK_TEXT.match(text):
        yield f"{streams}: the output went to other files: {text[:60]!r}"


def closed_streams(torture, options):
    """Standard streams that are closed: nothing else takes their place."""
    del options
    for streams in ("1", "2", "01", "12", "012"):
        for arguments in ((), ("--json",)):
            torture.rig.put("old")
            process = torture.program.start(
                torture.program.command("new", *arguments),
                preexec_fn=lambda streams=streams: [
                    os.close(int(fd)) for fd in streams])
            yield from after_lost_output(
                torture, torture.program.finish(process), streams)


def full_output(torture, options):
    """Standard output on a full disk: the run is there, the result is not."""
    del options
    for arguments in (("--json",), ()):
        torture.rig.put("old")
        with open("/dev/full", "w") as full:
            result = torture.program.run("new", *arguments, stdout=full)
        yield from after_lost_output(torture, result, "/dev/full")
        yield from judge.message(result, ["the run"], True)


def gone_reader(torture, options):
    """A pipe that nobody reads any more: no message, and no signal."""
    del options
    torture.rig.put("old")
    reading, writing = os.pipe()
    os.close(reading)
    result = torture.program.run("new", "--json", stdout=writing)
    os.close(writing)
    yield from after_lost_output(torture, result, "a closed pipe")
    if judge.said(result):
        yield f"it says: {judge.said(result)!r}"


ALL = [
    ("old state or new when runs are killed at random moments",
     random_kills),
    ("a second run ends with 11, names the first and touches nothing",
     two_at_once),
    ("an output folder that cannot be written: 10 and the old state",
     read_only),
    ("old state or new at any limit of file sizes", file_sizes),
    ("old state or new on a file system of any size", full_disk),
    ("no other file takes the place of a closed stream", closed_streams),
    ("a result that finds no room on standard output: 10", full_output),
    ("a result that nobody reads: 10, without a word", gone_reader),
    ("all is synced before it is renamed, as strace sees it",
     syscalls.synced_before_renamed),
    ("old state or new when a run is killed at any system call",
     syscalls.kills),
    ("old state or new when a system call below a library fails",
     syscalls.errors),
]
