"""Commands that change what is known of runs that are there: each meets a
fault at each of its calls, is typed again, and an ordinary run follows."""

import re
import shutil
from typing import NamedTuple

import judge
import order
from judge import DONE, IO, NO_MEMORY, SIGINT
from rig import BASES
from state import Kept, State

KILLED = -9
CALLS = ("write,sync,rename,open,close,make,remove,truncate,lock,stdio,"
         "read")
TODAY = "2026-11-24T13:00:00Z"
MUCH_LATER = "2027-06-01T12:00:00Z"
NOT_WHOLE = 6           # a package that cannot be read is not whole
NOTHING_DONE = re.compile(r"nothing was (?:done|written)")
NOTHING_REMOVED = re.compile(r"nothing was removed")


class Command(NamedTuple):
    base: str
    words: tuple
    now: str = TODAY

    def __str__(self):
        return f"{self.words[0]}, on {BASES[self.base]}"


COMMANDS = [
    Command("held", ("approve", "latest", "--reason", "as announced")),
    Command("held", ("discard", "latest")),
    Command("sent", ("accept", "latest", "-o", "output.accept=manual")),
    Command("aged", ("purge", "-o", "output.keep_runs=1", "-o",
                     "output.keep_days=0"), MUCH_LATER),
]

# Calls, what befalls them, and how the command may end then.
FAULTS = [
    (CALLS, "EIO", (DONE, IO, NOT_WHOLE)),
    (CALLS, "EMFILE+", (DONE, IO, NOT_WHOLE)),
    (CALLS, "kill", (KILLED,)),
    (CALLS, "int", (DONE, SIGINT)),
    ("write,read", "short", (DONE,)),
    ("memory", "null", (DONE, NO_MEMORY)),
]


def line(torture, command, out=None):
    more = () if out is None else ("-o", f"output.dir={out}")
    return torture.program.typed("new", command.now, *command.words,
                                 "--json", *more)


def undisturbed(torture, command):
    """The State that the command is there for, and how many calls of each
    class it makes."""
    program = torture.program
    before = torture.rig.put(command.base)
    result = program.finish(program.start(line(torture, command),
                                          program.injected("")))
    wanted = State(program.out)
    if result.code != DONE or wanted.problems or wanted.leftovers or \
            wanted.decided() == before.decided():
        raise RuntimeError(f"{command}: {result.code}: {result.stderr}"
                           f" {wanted.problems} {wanted.leftovers}")
    return wanted, result.totals


def third_state(after, before, wanted):
    """What is neither as it was nor as it should become."""
    yield from after.problems
    for name in sorted(after.runs.keys() - before.runs.keys()):
        yield f"the run {name} came from nowhere"
    for name, run in before.runs.items():
        now = after.runs.get(name)
        if now is None:
            if name in wanted.runs or after.purged != wanted.purged:
                yield f"the run {name} is gone and not recorded as purged"
            continue
        if (now.manifest_sha256, now.content) != (run.manifest_sha256,
                                                  run.content):
            yield f"the run {name} was touched"
        if now.decisions != run.decisions and (
                name not in wanted.runs or
                now.decisions != wanted.runs[name].decisions):
            yield f"the decisions about {name} are neither old nor new"
    for what in ("current", "accepted", "purged"):
        if getattr(after, what) not in (getattr(before, what),
                                        getattr(wanted, what)):
            yield f"{what} is neither old nor new"


def after_fault(torture, result, before, wanted, codes):
    """All that is wrong behind a command that met a fault."""
    program = torture.program
    after = State(program.out)
    changed = after.decided() != before.decided()
    problems = list(third_state(after, before, wanted))
    if result.code not in codes and not judge.excused(result):
        problems.append(f"it ends with {result.code}: {judge.said(result)!r}")
    if result.code == DONE and after.decided() != wanted.decided():
        problems.append("it ends with 0, but did not do its work")
    said = judge.said(result)
    if (changed and NOTHING_DONE.search(said)) or (
            after.runs.keys() != before.runs.keys() and
            NOTHING_REMOVED.search(said)):
        problems.append(f"it did something, and says {said!r}")
    # What a decision made is no run: what was said of it is looked at above.
    problems += judge.message(result, ["it"] if judge.LATER.search(said) and
                              changed else [], False)
    # A result that could not be written out is no document of an error.
    if result.code not in (DONE, NO_MEMORY) and \
            "the work is done" not in said:
        problems += judge.document(result, [])
    problems += judge.temporary_files(program.temporary) \
        if result.code >= 0 and result.code != NO_MEMORY else []
    if result.code == DONE:
        problems += order.problems(order.of_injector(result.trace),
                                   program.out, published=False)
    return problems


def after_again(torture, command, wanted):
    """What is wrong when the same is typed again, and with the next run."""
    program = torture.program
    kept = Kept(program.out)
    key = (command, kept.digest())
    if key in torture.rig.recovered:
        return torture.rig.recovered[key]
    copy = program.path("copy")
    shutil.rmtree(copy, ignore_errors=True)
    kept.put_back(copy)
    result = program.finish(program.start(line(torture, command, copy),
                                          prefix="again."))
    state = State(copy)
    problems = [f"typed again: {p}" for p in state.problems]
    if result.code != DONE:
        problems.append(f"typed again: it ends with {result.code}:"
                        f" {judge.said(result)!r}")
    if state.decided() != wanted.decided() or state.leftovers:
        problems.append(f"typed again: the work is not done, or"
                        f" {state.leftovers} are left")
    result = program.run("new", "-q", "-o", f"output.dir={copy}",
                         now=None, prefix="again.")
    problems += judge.after_recovery(State(copy), state, result,
                                     torture.rig.references)
    torture.rig.recovered[key] = problems
    return problems


def loop(torture, command, fault, findings):
    """The same as for runs: its first, second, third ... call goes wrong."""
    program = torture.program
    calls, mode, codes = fault
    wanted, totals = undisturbed(torture, command)
    total = sum(totals[name] for name in calls.split(","))
    for n in torture.sample((command, calls, mode), total) if torture.short \
            else range(1, total + 50):
        before = torture.rig.put(command.base)
        result = program.finish(program.start(line(torture, command), {
            **program.injected(calls, mode, n), **program.traced()}))
        problems = after_fault(torture, result, before, wanted,
                               codes if result.hit else (DONE,))
        problems += after_again(torture, command, wanted)
        if not result.hit:
            findings.where.update({f"without a fault: {p}": []
                                   for p in problems})
            break
        findings.add(n, result.call, problems)
    return findings
