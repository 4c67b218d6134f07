"""Lets runs of ps2canvas go wrong in every way that can be had, and prints
TAP; torture.sh is what to call. operations 7 and 10."""

import argparse
import os
import shutil
import sys
from typing import NamedTuple

import judge
import scenarios
from judge import DONE, IO, NO_MEMORY, SIGINT, SIGTERM
from process import Program, let_go_on, wait_until_stopped
from state import Kept, State

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
    points: int = 4         # how many calls --short looks at

    def __str__(self):
        options = " ".join(self.arguments)
        return (f"{self.calls}: {self.mode} at every call, {options}, on "
                + BASES[self.base])


BASES = {
    "first": "no folder",
    "old": "yesterday's run",
    "left": "yesterday's run and what a killed run left",
}

PLAIN = ("-q", "-j1")
THREADS = ("-j3",)

CASES = [
    Case("write", "ENOSPC", (IO,)),
    Case("write", "ENOSPC+", (IO,)),
    Case("write", "EIO", (IO,)),
    Case("write", "short", (DONE,)),
    Case("write", "EINTR", (DONE,)),
    Case("sync", "EIO", (IO,)),
    Case("sync", "ENOSPC", (IO,)),
    Case("rename", "EIO", (IO,)),
    Case("rename", "ENOSPC", (IO,)),
    Case("rename", "EIO+", (IO,)),
    Case("open", "EIO", (DONE, IO)),
    Case("open", "EMFILE", (DONE, IO)),
    Case("open", "EMFILE+", (DONE, IO), tidy=False),
    Case("open", "EACCES", (DONE, IO)),
    Case("close", "EIO", (DONE, IO)),
    Case("make", "ENOSPC", (IO,)),
    Case("make", "EIO", (IO,)),
    Case("make", "ENOSPC+", (IO,)),
    Case("remove", "EIO", (DONE, IO), "left"),
    Case("remove", "EACCES", (DONE, IO), "left"),
    Case("remove", "EIO+", (DONE, IO), "left", tidy=False),
    Case("truncate", "EIO", (IO,)),
    Case("lock", "ENOLCK", (IO,)),
    Case("stdio", "ENOSPC", (IO,), points=10),
    Case("stdio", "ENOSPC+", (IO,)),
    Case("stdio", "short", (DONE, IO), points=6),
    Case("stdio", "EIO", (IO,)),
    Case("read", "EIO", (DONE, IO), points=8),
    Case("read", "EIO+", (DONE, IO), tidy=False),
    Case("read", "short", (DONE,)),
    Case("read", "EIO", (DONE, IO), "left"),
    Case("open", "EIO", (DONE, IO), "left"),
    Case(FILES, "EIO", (DONE, IO), "first", points=20),
    Case(FILES, "ENOSPC", (DONE, IO), "left", points=20),
    Case(FILES, "kill", (KILLED,), points=30),
    Case(FILES, "kill", (KILLED,), "first", points=10),
    Case(FILES, "kill", (KILLED,), "left", points=20),
    Case(FILES, "kill", (KILLED,), arguments=THREADS, points=10),
    Case(FILES, "int", (DONE, SIGINT), points=20),
    Case(FILES, "term", (DONE, SIGTERM), points=20),
    Case(FILES, "int-twice", (-2,), points=10),
    Case("thread", "EAGAIN", (DONE,), arguments=THREADS),
    Case("thread", "EAGAIN+", (DONE,), arguments=THREADS),
    Case("map", "null", (DONE, IO, NO_MEMORY)),
]
MEMORY_CASES = [
    Case("memory", "null", (DONE, NO_MEMORY), points=60),
    Case("memory", "null+", (NO_MEMORY,), arguments=PLAIN, points=20),
    Case("memory", "null", (DONE, NO_MEMORY), "first", THREADS, points=20),
]


class Tap:
    def __init__(self):
        self.tests = self.failures = 0

    def result(self, description, problems):
        self.tests += 1
        if problems:
            self.failures += 1
        print("not ok" if problems else "ok", self.tests, "-", description)
        for problem in problems[:40]:
            print("#", problem.replace("\n", "\n# "))
        sys.stdout.flush()


class Torture:
    def __init__(self, program, short):
        self.program = program
        self.short = short
        self.references = judge.References()
        self.bases = {}

    def put(self, base):
        """Makes the output folder what it is in a base; returns its State."""
        shutil.rmtree(self.program.out, ignore_errors=True)
        kept, state = self.bases[base]
        kept.put_back(self.program.out)
        return state

    def keep(self, base):
        self.bases[base] = (Kept(self.program.out), State(self.program.out))

    def undisturbed(self, version):
        """A run without a fault; a good state is all that it may leave."""
        result = self.program.run(version)
        state = State(self.program.out)
        if result.code != DONE or state.problems or state.leftovers:
            sys.exit(f"Bail out! an undisturbed run ends with {result.code}:"
                     f" {result.stderr} {state.problems} {state.leftovers}")
        return state

    def accept(self, run):
        """What the package's upload would do, should the run not do it."""
        link = os.path.join(self.program.out, "accepted")
        if os.path.lexists(link):
            os.unlink(link)
        os.symlink(f"runs/{run}", link)

    def learn(self):
        """Makes the bases, and what undisturbed runs make of them."""
        content = self.references.content
        shutil.rmtree(self.program.out, ignore_errors=True)
        self.keep("first")
        state = self.undisturbed("new")
        content[None] = state.runs[state.current].content
        self.put("first")
        old = self.undisturbed("old").current
        self.accept(old)
        self.keep("old")
        self.references.old = self.bases["old"][1].runs[old]
        state = self.undisturbed("new")
        content["old"] = state.runs[state.current].content
        self.accept(state.current)
        state = self.undisturbed("new")
        content["new"] = state.runs[state.current].content
        if len({c["csv/users.csv"] for c in (
                content["old"], self.references.old.content)}) == 1:
            sys.exit("Bail out! today's run is yesterday's")
        self.leave_behind()

    def leave_behind(self):
        """The base with the stage of a run that was killed at its last
        moment, under the id that the next run gets, and with its link."""
        before = self.put("old")
        total = self.program.run("new", variables=self.program.injected(
            "rename", "kill", 0)).total
        self.put("old")
        self.program.run("new", variables=self.program.injected(
            "rename", "kill", total - 1))
        os.symlink("runs/" + before.current,
                   os.path.join(self.program.out, ".link.current"))
        self.keep("left")
        if len(self.bases["left"][1].leftovers) != 2:
            sys.exit("Bail out! a killed run leaves nothing to clean up")

    def total(self, case):
        self.put(case.base)
        return self.program.run("new", *case.arguments, variables=
                                self.program.injected(case.calls, case.mode,
                                                      0)).total

    def places(self, case):
        """The numbers of the calls that are to go wrong; the last one is
        behind the end when all are wanted."""
        total = self.total(case)
        if not self.short:
            return range(1, total + 100), total
        step = max(1, -(-total // case.points))
        return sorted({*range(1, total + 1, step), total}), total

    def loop(self, case):
        """All that is wrong, and how many faults there were."""
        found = {}
        places, total = self.places(case)
        hits = 0
        for n in places:
            result, problems = self.point(case, n)
            hits += result.hit
            where = f"{n} ({result.call})".replace(self.program.out, "OUT")
            for problem in problems:
                found.setdefault(problem.replace(self.program.out, "OUT"),
                                 []).append(where)
            if not result.hit:
                break
        problems = [f"{problem}; call {', '.join(where[:8])}"
                    + (f" and {len(where) - 8} more" if len(where) > 8
                       else "") for problem, where in found.items()]
        if total == 0 or hits == 0:
            problems.append("no such call was made")
        if not self.short and hits not in (total, total + 1) and \
                case.calls != "memory" and not case.mode.endswith("+"):
            problems.append(f"{total} calls were made, {hits} went wrong")
        return hits, problems

    def point(self, case, n):
        before = self.put(case.base)
        result = self.program.run(
            "new", *case.arguments, variables=self.program.injected(
                case.calls, case.mode, n, trace=case.calls != "memory"))
        codes = case.codes if result.hit else (DONE,)
        after, problems = judge.after_fault(
            self.program, before, result, codes, case.tidy, self.references)
        again = self.program.run("new", "-q")
        problems += judge.after_recovery(self.program, after, again,
                                         self.references)
        return result, problems


def main():
    parser = argparse.ArgumentParser(prog="torture.sh")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--kills", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--binary", required=True)
    parser.add_argument("--inject", required=True)
    parser.add_argument("--runner", default="")
    parser.add_argument("scratch")
    options = parser.parse_args()
    program = Program(options.binary, options.inject, options.runner,
                      os.path.realpath(options.scratch))
    torture = Torture(program, options.short)
    torture.learn()
    tap = Tap()
    # A runner's own allocations are no business of ours.
    cases = CASES + ([] if options.runner else MEMORY_CASES)
    for case in cases:
        if options.only in str(case):
            hits, problems = torture.loop(case)
            tap.result(f"{case}: {hits} faults", problems)
    for description, run in scenarios.ALL:
        if options.only in description:
            tap.result(description, list(run(torture, options)))
    print(f"1..{tap.tests}")
    return tap.failures > 0


if __name__ == "__main__":
    sys.exit(main())
