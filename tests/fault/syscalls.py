"""Faults one level deeper, with strace: also what libraries call inside
themselves."""

import re

import judge
import order
from judge import DONE, IO, NO_MEMORY

SOURCE = 4
SAMPLE = 75             # --short looks at every call of this number
LINE = re.compile(r"(?:\d+ +)?(\w+)\(")

# Calls that libraries make by themselves, and how they fail. Not brk(): the
# kernel answers it with an address, whatever happens.
ERRORS = {
    "write": "ENOSPC", "lseek": "EIO", "fcntl": "EMFILE", "fstat": "EIO",
    "newfstatat": "EIO", "getdents64": "EIO", "readlink": "EIO",
    "mmap": "ENOMEM", "munmap": "ENOMEM", "madvise": "EINVAL",
    "fadvise64": "EINVAL",
}


def strace(torture, *arguments):
    """strace does not get along with the search for leaks."""
    variables = {}
    if torture.program.sanitized:
        variables["ASAN_OPTIONS"] = torture.program.environment[
            "ASAN_OPTIONS"] + ":detect_leaks=0"
    command = torture.program.command("new", "--json", "-j1")
    process = torture.program.start(
        ["strace", "-f", *arguments,
         *command[command.index(torture.program.binary):]], variables)
    return torture.program.finish(process)


def log(torture, *arguments):
    """What strace writes about an undisturbed run."""
    torture.rig.put("old")
    result = strace(torture, "-y", "-o", torture.program.path("log"),
                    *arguments)
    if result.code != DONE:
        raise RuntimeError(f"strace: {result.code}: {result.stderr}")
    return torture.program.read("log")


def synced_before_renamed(torture, options):
    del options
    calls = ",".join(order.STRACE_CALLS)
    events = list(order.of_strace(log(torture, "-e", "trace=" + calls)))
    yield from order.problems(events, torture.program.out)
    torture.rig.put("old")
    result = torture.program.run("new", "--json", "-j1", variables={
        **torture.program.injected(""), **torture.program.traced()})
    for call in ("fsync", "rename", "symlink"):
        seen = [[e for e in some if e[0] == call] for some in (
            events, order.of_injector(result.trace))]
        if len(seen[0]) != len(seen[1]):
            yield (f"strace sees {len(seen[0])} calls of {call}, the"
                   f" injector {len(seen[1])}")


def calls_behind_lock(torture):
    """Each system call behind the moment at which the lock is asked for: its
    name, and the how-manieth of that name it is."""
    counts = {}
    behind = False
    for line in log(torture).splitlines():
        match = LINE.match(line)
        if match is None:
            continue
        name = match[1]
        counts[name] = counts.get(name, 0) + 1
        behind = behind or name == "flock"
        if behind and name not in ("exit_group", "exit"):
            yield name, counts[name]


def fault(torture, name, count, what, codes):
    before = torture.rig.put("old")
    result = strace(torture, "-qq", "-o", "/dev/null", "-e", f"trace={name}",
                    "-e", f"inject={name}:{what}:when={count}")
    result.call = name
    after, problems = judge.after_fault(
        torture.program, before, result, codes, False,
        torture.rig.references)
    for problem in problems + torture.rig.recover(after):
        yield f"{problem}; {name} number {count}"


def sampled(torture, calls):
    calls = list(calls)
    return calls[SAMPLE // 2::SAMPLE] if torture.short else calls


def kills(torture, options):
    del options
    for name, count in sampled(torture, calls_behind_lock(torture)):
        yield from fault(torture, name, count, "signal=SIGKILL", (-9,))


def errors(torture, options):
    del options
    calls = [call for call in calls_behind_lock(torture) if call[0] in ERRORS]
    for name, count in sampled(torture, calls):
        yield from fault(torture, name, count, f"error={ERRORS[name]}",
                         (DONE, SOURCE, IO, NO_MEMORY))
