"""What must be true after a run during which something went wrong, and after
an ordinary run behind it."""

import json
import os
import re

import district
import order
from state import State, sha256

# The exit codes of the architecture, without those of things that the tests
# do not do.
DONE, IO, LOCKED, NO_MEMORY, SIGINT, SIGTERM = 0, 10, 11, 70, 130, 143

NOTHING = re.compile(r"nothing was (?:published|done|written|read|"
                     r"removed)")
# What is said of a run that is there already, or of any moment.
LATER = re.compile(r"is published|was recorded|the work is done|runs were removed")
ALWAYS = re.compile(r"was not finished|nothing is decided unless|"
                    r"the error cannot be written")
HINT = re.compile(r"^(?:  |error:   )\S.*[.!]?$", re.M)
NO_MEMORY_LINE = re.compile(r"^out of memory\b.*\. \S.* run .*again", re.M)
CRASH = re.compile(r"Sanitizer|runtime error:|Segmentation|Assertion|"
                   r"stack smashing|free\(\)|malloc\(\)|==\d+==")
NAMES = {name for rows in district.STUDENTS.values() for row in rows
         for name in row.split(",")[3:5] if name}


class References:
    """What undisturbed runs make of today's exports: by what is accepted
    when they start (nothing, "old" or "new"), file -> SHA-256."""

    def __init__(self):
        self.content = {}
        self.old = None         # the Run of yesterday

    def of(self, state):
        if state.baseline is None:
            return self.content[None]
        return self.content["old" if state.baseline == self.old.id else
                            "new"]


def said(result):
    """What a run said, without its warnings."""
    lines = result.stderr.splitlines()
    return "\n".join(line for line in lines if not line.startswith(
        "warning: "))[:400]


def message(result, made, moved):
    """What is wrong with what a failed run says."""
    text = said(result)
    if result.code in (DONE, LOCKED) or result.code < 0:
        return
    if CRASH.search(text):
        yield f"it crashes: {text}"
    if any(re.search(rf"\b{name}\b", text) for name in NAMES):
        yield "it names a person"
    if NOTHING.search(text) and made and not LATER.search(text):
        yield (f"exit {result.code} says \"{NOTHING.search(text)[0]}\", but"
               " the run is there whole"
               + (" and is current" if moved else ""))
    if LATER.search(text) and not made and not ALWAYS.search(text):
        yield f"it speaks of a run that is not there: {text!r}"
    if not any(r.search(text) for r in (NOTHING, LATER, ALWAYS)):
        yield (f"exit {result.code} does not say what was not done:"
               f" {text!r}")
    if not HINT.search(text) and not NO_MEMORY_LINE.search(text):
        yield f"exit {result.code} has no hint: {text!r}"


def document(result, made):
    """What is wrong with the JSON document on standard output."""
    if result.code < 0 or result.code == NO_MEMORY or \
            result.call.startswith("fflush"):
        return
    try:
        parsed = json.loads(result.stdout)
    except ValueError as e:
        yield f"exit {result.code} leaves no JSON document: {e}"
        return
    if result.code == DONE and [parsed] != [run.manifest for run in made]:
        yield "the JSON document is not the manifest that was published"
    if result.code != DONE and (
            parsed.get("schema") != "rollbook-error" or
            parsed["error"].get("exit") != result.code or
            not parsed["error"].get("hint")):
        yield f"exit {result.code}: the JSON document says {parsed!r}"


def new_run(run, before, after, references):
    """What is wrong with a run that was made of today's exports."""
    last = before.newest
    number = 1 if last is None else last.number + 1
    if run.number != number:
        yield f"the run has the number {run.number} instead of {number}"
    for key, wanted in (
            ("previous_run", last and last.id),
            ("previous_manifest_sha256", last and last.manifest_sha256),
            ("previous_decisions_sha256", last and last.decisions and
             sha256(last.decisions))):
        if run.manifest.get(key) != wanted:
            yield (f"{key} is {run.manifest.get(key)} in the manifest"
                   f" instead of {wanted}")
    wanted = references.of(before)
    for name in sorted(wanted.keys() | run.content.keys()):
        if run.content.get(name) != wanted.get(name):
            yield f"{name} is not what an undisturbed run gives"
    if after.accepted == run.id and run.accepted_after != before.baseline:
        yield "accepted names a run of which decisions.json says otherwise"


def changes(before, after, references):
    """What is wrong with what is there now, after what was there before."""
    yield from after.problems
    for name, run in before.runs.items():
        now = after.runs.get(name)
        if now is None or (now.manifest_sha256, now.decisions,
                           now.content) != (run.manifest_sha256,
                                            run.decisions, run.content):
            yield f"the earlier run {name} was touched"
    made = [run for name, run in after.runs.items()
            if name not in before.runs]
    if len(made) > 1:
        yield "one run made two"
    for run in made:
        yield from new_run(run, before, after, references)
    new = {run.id for run in made}
    if after.current not in new | {before.current}:
        yield f"current went from {before.current} to {after.current}"
    if after.accepted not in new | {before.accepted, before.baseline}:
        yield f"accepted went from {before.accepted} to {after.accepted}"


def excused(result):
    """Whether a fault in a library, which nothing here can mend, made it
    end so, when memory was refused: minizip 1.1 writes to what malloc() gave
    it, libcrypto 3.0 takes a lock that it could not make, and glibc calls a
    conversion unknown or ends the program while it looks for a user."""
    return (
        (result.code == -11 and result.crash == "libminizip.so.1") or
        (result.code == -11 and result.crash in ("libc.so.6", "libcrypto.so.3")
         and result.call.endswith(" libcrypto.so.3")) or
        (result.code == -6 and "nss_database.c" in result.stderr) or
        (result.code == IO and "the C library cannot convert" in
         result.stderr))


def temporary_files(folder):
    left = os.listdir(folder)
    if left:
        yield f"temporary files are left: {left}"


def after_fault(program, before, result, codes, tidy, references):
    """All that is wrong behind a run that met a fault. codes: how it may
    end; tidy: a run that fails must leave no stage."""
    after = State(program.out)
    made = [run for name, run in after.runs.items()
            if name not in before.runs]
    moved = after.current != before.current
    accepted = after.accepted != before.accepted
    problems = list(changes(before, after, references))
    if result.code not in codes and not excused(result):
        problems.append(f"it ends with {result.code}: {said(result)!r}")
    if result.code == DONE and not (moved and accepted):
        problems.append("it ends with 0, but current or accepted has not"
                        " moved")
    problems += message(result, made, moved)
    if result.code >= 0 and result.code != NO_MEMORY:
        problems += temporary_files(program.temporary)
        stages = [n for n in after.leftovers if n.startswith(".stage.")]
        if tidy and stages and not before.leftovers:
            problems.append(f"exit {result.code} leaves {stages}")
    if "--json" in result.arguments:
        problems += document(result, made)
    if result.code == DONE and result.trace:
        problems += order.problems(order.of_injector(result.trace),
                                   program.out)
    return after, problems


def after_recovery(after, before, result, references):
    """All that is wrong behind the ordinary run that follows."""
    problems = list(changes(before, after, references))
    if result.code != DONE:
        problems.append(f"it ends with {result.code}: {said(result)!r}")
    if after.current in (None, before.current) or \
            after.accepted != after.current:
        problems.append("current or accepted has not moved")
    if after.leftovers:
        problems.append(f"it leaves {after.leftovers}")
    return [f"the next run: {p}" for p in problems]
