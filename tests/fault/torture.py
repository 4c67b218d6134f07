"""Lets runs of ps2canvas go wrong in every way that can be had, and prints
TAP; torture.sh is what to call (operations 7, 10)."""

import argparse
import os
import sys
import zlib
from typing import NamedTuple

import decisions
import judge
import scenarios
from judge import DONE, IO, NO_MEMORY, SIGINT, SIGTERM
from process import Program, Result, let_go_on, wait_until_stopped
from rig import BASES, Rig

POINTS = 3              # --short looks at so many calls in a loop
CALLS_PER_POINT = 40    # at fewer where there are few
WHOLE = 11              # and at all where they are so few
KILLED = -9
FILES = "write,sync,rename,open,close,make,remove,truncate,lock,stdio"


class Case(NamedTuple):
    """One loop: the run is repeated, and its first, second, third ... call
    of these functions goes wrong, until a run meets no fault any more."""

    calls: str
    mode: str               # a trailing + makes all later calls go wrong too
    codes: tuple            # how a run that met the fault may end
    base: str = "old"       # what is in the output folder when it starts
    arguments: tuple = ("--json", "-j1")
    tidy: bool = True       # a run that fails can remove its stage

    def __str__(self):
        calls = "file calls" if self.calls == FILES else self.calls
        return (f"{calls}, {self.mode}, {' '.join(self.arguments)}, on "
                + BASES[self.base])


PLAIN = ("-q", "-j1")
THREADS = ("-j3",)

CASES = [
    Case("write", "ENOSPC", (IO,)),
    Case("write", "ENOSPC+", (IO,)),
    Case("write", "EIO", (IO,)),
    Case("write", "short", (DONE,)),
    Case("write", "EINTR", (DONE,)),
    Case("sync", "EIO", (IO,)),
    Case("sync", "ENOSPC+", (IO,)),
    Case("rename", "EIO", (IO,)),
    Case("rename", "ENOSPC+", (IO,)),
    Case("rename", "EIO", (IO,), "half"),
    Case("open", "EIO", (DONE, IO)),
    Case("open", "EMFILE", (DONE, IO)),
    Case("open", "EMFILE+", (DONE, IO), tidy=False),
    Case("open", "EACCES", (DONE, IO), "left"),
    Case("open", "EIO", (DONE, IO), "half"),
    Case("close", "EIO", (DONE, IO)),
    Case("make", "ENOSPC", (IO,)),
    Case("make", "EIO+", (IO,)),
    Case("remove", "EIO", (DONE, IO), "left"),
    Case("remove", "EACCES+", (DONE, IO), "left", tidy=False),
    Case("truncate", "EIO", (IO,)),
    Case("lock", "ENOLCK", (IO,)),
    Case("stdio", "ENOSPC", (DONE, IO)),
    Case("stdio", "EIO+", (DONE, IO)),
    Case("stdio", "short", (DONE, IO)),
    Case("read", "EIO", (DONE, IO)),
    Case("read", "EIO+", (DONE, IO), tidy=False),
    Case("read", "EIO", (DONE, IO), "left"),
    Case("read", "EIO", (DONE, IO), "half"),
    Case("read", "short", (DONE,)),
    Case(FILES, "EIO", (DONE, IO), "first", PLAIN),
    Case(FILES, "ENOSPC", (DONE, IO), "left", THREADS),
    Case(FILES, "kill", (KILLED,)),
    Case(FILES, "kill", (KILLED,), "first"),
    Case(FILES, "kill", (KILLED,), "left"),
    Case(FILES, "kill", (KILLED,), "half"),
    Case(FILES, "kill", (KILLED,), arguments=THREADS),
    Case(FILES, "int", (DONE, SIGINT)),
    Case(FILES, "term", (DONE, SIGTERM), arguments=PLAIN),
    Case(FILES, "int-twice", (-2,)),
    Case("map", "null", (DONE, IO, NO_MEMORY)),
]
# One thread: each allocation that fails is met by a child of its own.
MEMORY_CASES = [
    Case("memory", "null", (DONE, NO_MEMORY)),
    Case("memory", "null+", (DONE, NO_MEMORY), arguments=PLAIN),
    Case("memory", "null", (DONE, NO_MEMORY), "first", ("-j1", "-v")),
]


class Findings:
    """What was wrong, and at which calls."""

    def __init__(self, out):
        self.out = out
        self.where = {}
        self.faults = 0

    def add(self, n, call, problems):
        self.faults += 1
        place = f"{n} ({call})".replace(self.out, "OUT")
        for problem in problems:
            self.where.setdefault(problem.replace(self.out, "OUT"),
                                  []).append(place)

    def lines(self):
        for problem, places in self.where.items():
            more = len(places) - 8
            yield (f"{problem}; call {', '.join(places[:8])}"
                   + (f" and {more} more" if more > 0 else ""))
        if self.faults == 0:
            yield "no such call was made, so nothing went wrong"


class Torture:
    def __init__(self, program, short, seed=1):
        self.program = program
        self.short = short
        self.seed = seed
        self.rig = Rig(program)
        self.totals = {}

    def total(self, case):
        """How many calls of its functions an undisturbed run makes."""
        key = (case.base, case.arguments)
        if key not in self.totals:
            self.rig.put(case.base)
            self.totals[key] = self.program.run(
                "new", *case.arguments, variables=self.program.injected(
                    "")).totals
        return sum(self.totals[key][c] for c in case.calls.split(","))

    def sample(self, name, total):
        """The calls that --short looks at: spread over all of them, from a
        place on that the name and the seed give."""
        points = total if total <= WHOLE else max(
            1, min(POINTS, total // CALLS_PER_POINT))
        start = zlib.crc32(f"{self.seed} {name}".encode()) % max(1, total)
        return sorted(1 + (start + i * total // points) % total
                      for i in range(points)) if total > 0 else []

    def loop(self, case):
        findings = Findings(self.program.out)
        total = self.total(case)
        for n in self.sample(case, total) if self.short else range(
                1, total + 50):
            result, problems = self.point(case, n)
            if not result.hit:
                problems = [f"without a fault: {p}" for p in problems]
                findings.where.update({p: [] for p in problems})
                break
            findings.add(n, result.call, problems)
        return findings

    def point(self, case, n):
        before = self.rig.put(case.base)
        result = self.program.run(
            "new", *case.arguments, variables={**self.program.injected(
                case.calls, case.mode, n), **self.program.traced()})
        after, problems = judge.after_fault(
            self.program, before, result, case.codes if result.hit else
            (DONE,), case.tidy, self.rig.references)
        return result, problems + self.rig.recover(after)

    def forking_loop(self, case):
        """The same for faults that end a run at once: one run meets them
        all, each in a child."""
        findings = Findings(self.program.out)
        n, step = 1, 1
        if self.short:
            total = self.total(case)
            step = max(1, total // POINTS)
            n = self.sample(case, total)[0] % step + 1
        while n is not None:
            n = self.forking_run(case, n, step, findings)
        return findings

    def forking_run(self, case, at, step, findings):
        """Goes on from a call; returns where to go on, or None."""
        before = self.rig.put(case.base)
        process = self.program.start(
            self.program.command("new", *case.arguments),
            self.program.injected(case.calls, case.mode, at,
                                  INJECT_FORK=str(step)))
        seen, said = 0, ""
        stopped = True
        while stopped:
            stopped = wait_until_stopped(process)
            result = self.program.read_result(process)
            if len(result.children) > seen:
                seen = len(result.children)
                n, code, call = result.children[-1]
                self.judge_child(case, before, Result(
                    code, result.stdout, result.stderr[len(said):], call,
                    result.crash), n, findings)
                at = n + step
            said = result.stderr
            if stopped:
                let_go_on(process)
        return None if result.totals else at

    def judge_child(self, case, before, result, n, findings):
        result.arguments = case.arguments
        after, problems = judge.after_fault(
            self.program, before, result, case.codes, case.tidy,
            self.rig.references)
        findings.add(n, result.call, problems + self.rig.recover(after))


class Tap:
    def __init__(self):
        self.tests = self.failures = 0

    def result(self, description, problems):
        self.tests += 1
        self.failures += len(problems) > 0
        print("not ok" if problems else "ok", self.tests, "-", description)
        for problem in problems[:40]:
            print("#", problem.replace("\n", "\n# "))
        sys.stdout.flush()


def arguments():
    parser = argparse.ArgumentParser(prog="torture.sh")
    parser.add_argument("--short", action="store_true",
                        help=f"{POINTS} calls of each kind alone")
    parser.add_argument("--kills", type=int, metavar="N",
                        help="how many runs are killed at random moments")
    parser.add_argument("--seed", type=int, default=1, metavar="N",
                        help="which moments, and which calls with --short")
    parser.add_argument("--only", default="", metavar="TEXT",
                        help="the tests alone whose names hold it")
    parser.add_argument("--binary", help=argparse.SUPPRESS, required=True)
    parser.add_argument("--inject", help=argparse.SUPPRESS, required=True)
    parser.add_argument("--runner", help=argparse.SUPPRESS, default="")
    parser.add_argument("scratch", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.kills is None:
        options.kills = 10 if options.short else 300
    return options


def main():
    options = arguments()
    program = Program(options.binary, options.inject, options.runner,
                      os.path.realpath(options.scratch))
    torture = Torture(program, options.short, options.seed)
    tap = Tap()
    # A runner has an allocator of its own.
    cases = [(case, torture.loop) for case in CASES] + [
        (case, torture.forking_loop) for case in MEMORY_CASES
        if not options.runner]
    for case, loop in cases:
        if options.only in str(case):
            findings = loop(case)
            tap.result(f"old state or new at all of {findings.faults} faults:"
                       f" {case}", list(findings.lines()))
    for command in decisions.COMMANDS:
        for fault in decisions.FAULTS:
            name = (f"{'memory' if fault[0] == 'memory' else 'file calls'},"
                    f" {fault[1]}, {command}")
            if options.only not in name or (
                    options.runner and fault[0] == "memory"):
                continue
            findings = decisions.loop(torture, command, fault,
                                      Findings(program.out))
            tap.result(f"old state or new at all of {findings.faults} faults:"
                       f" {name}", list(findings.lines()))
    for description, run in scenarios.ALL:
        if options.only in description:
            tap.result(description, list(run(torture, options)))
    print(f"1..{tap.tests}")
    return tap.failures > 0


if __name__ == "__main__":
    sys.exit(main())
