"""The output folders from which runs start, what undisturbed runs make of
them, and the ordinary run that follows each run that went wrong."""

import os
import shutil
import sys

import judge
from judge import DONE
from state import Kept, State

BASES = {
    "first": "no folder",
    "old": "yesterday's run",
    "left": "yesterday's run and what a killed run left",
    "half": "today's run, killed before accepted moved",
    "held": "a run that the guard holds",
    "sent": "a run that waits to be accepted",
    "aged": "three runs, two of them old",
}


class Rig:
    def __init__(self, program):
        self.program = program
        self.references = judge.References()
        self.bases = {}
        self.recovered = {}     # digest of a folder -> what was wrong then
        self._learn()

    def put(self, base):
        """Makes the output folder what it is in a base; returns its State."""
        shutil.rmtree(self.program.out, ignore_errors=True)
        kept, state = self.bases[base]
        kept.put_back(self.program.out)
        return state

    def recover(self, before):
        """What is wrong behind an ordinary run that finds the output folder
        as it is now. It runs in a copy, once for folders that are alike."""
        kept = Kept(self.program.out)
        digest = kept.digest()
        if digest not in self.recovered:
            copy = self.program.path("copy")
            shutil.rmtree(copy, ignore_errors=True)
            kept.put_back(copy)
            result = self.program.run("new", "-q", "-o", f"output.dir={copy}",
                                      prefix="again.")
            self.recovered[digest] = judge.after_recovery(
                State(copy), before, result, self.references)
        return self.recovered[digest]

    def _keep(self, base):
        self.bases[base] = (Kept(self.program.out), State(self.program.out))

    def _undisturbed(self, version):
        """A run without a fault; a good state is all that it may leave."""
        result = self.program.run(version)
        state = State(self.program.out)
        if result.code != DONE or state.problems or state.leftovers or \
                state.accepted != state.current:
            sys.exit(f"Bail out! an undisturbed run ends with {result.code}:"
                     f" {result.stderr} {state.problems} {state.leftovers}")
        return state

    def _learn(self):
        content = self.references.content
        self._keep("first")
        state = self._undisturbed("new")
        content[None] = state.runs[state.current].content
        self.put("first")
        old = self._undisturbed("old").current
        self._keep("old")
        self.references.old = self.bases["old"][1].runs[old]
        state = self._undisturbed("new")
        content["old"] = state.runs[state.current].content
        state = self._undisturbed("new")
        content["new"] = state.runs[state.current].content
        if content["old"]["csv/users.csv"] == \
                self.references.old.content["csv/users.csv"]:
            sys.exit("Bail out! today's run is yesterday's")
        self._keep("aged")
        self._leave_behind()
        self._leave_half()
        self._leave_open("held", 7, "guard.mode=enforce",
                         "guard.blackout=2026-11-01..2026-11-30")
        self._leave_open("sent", DONE, "output.accept=manual")

    def _leave_open(self, base, code, *settings):
        """The base with a run that somebody has to decide about."""
        self.put("old")
        result = self.program.run(
            "new", *(word for setting in settings for word in ("-o", setting)))
        state = State(self.program.out)
        if result.code != code or state.problems or \
                state.accepted == state.newest.id:
            sys.exit(f"Bail out! {base}: {result.code} {result.stderr}")
        self._keep(base)

    def _kill_at_rename(self, behind, version):
        """Today, a run is killed at its last rename but so many."""
        self.put("old")
        renames = self.program.run(
            version, now="new",
            variables=self.program.injected("rename")).totals["rename"]
        before = self.put("old")
        self.program.run(version, now="new", variables=self.program.injected(
            "rename", "kill", renames - behind))
        return before, State(self.program.out)

    def _leave_behind(self):
        """The base with the whole stage of a run that was killed just before
        it became a run, with other zips than the next run makes but under
        its id, and with a link that a killed run had no time to move."""
        behind = 0
        before, state = self._kill_at_rename(behind, "old")
        while set(state.runs) != set(before.runs):
            behind += 1
            before, state = self._kill_at_rename(behind, "old")
        os.symlink("runs/" + before.current,
                   os.path.join(self.program.out, ".link.current"))
        self._keep("left")
        stage = [name for name, *_ in self.bases["left"][0].entries
                 if name.startswith(".stage.")]
        if len(stage) < 10:
            sys.exit("Bail out! a killed run leaves nothing to clean up")

    def _leave_half(self):
        """The base with a run that says of itself that Canvas holds it, and
        that was killed before the link said so too."""
        before, state = self._kill_at_rename(0, "new")
        if state.accepted != before.accepted or \
                state.baseline != state.current:
            sys.exit("Bail out! no acceptance can be interrupted")
        self._keep("half")
