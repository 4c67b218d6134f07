"""What the output folder of ps2canvas must look like at any moment at which
no run is at work (operations 7)."""

import hashlib
import json
import os
import re
import stat

RUN_ID = re.compile(r"\d{8}T\d{6}Z-(\d{4,})\Z")
ZIP_NAME = re.compile(r"(canvas-sis-[a-z]+)-(.*)-([0-9a-f]{8})\.zip\Z")
LEFTOVER = (".stage.", ".link.")
POINTERS = ("current", "accepted")
MANIFEST = "manifest.json"
DECISIONS = "decisions.json"    # written after the run is published
PURGED = "purged.json"          # the runs that purge removed
# What says when a run was made, or looks at earlier ones.
DATED = ("report.html", "report.txt")


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def walk(folder, prefix=""):
    """Names of all files below a folder, and what is wrong with modes."""
    for entry in os.scandir(folder):
        mode = entry.stat(follow_symlinks=False).st_mode
        name = prefix + entry.name
        if stat.S_ISDIR(mode):
            if stat.S_IMODE(mode) != 0o700:
                yield name, f"{name}/ has mode {stat.S_IMODE(mode):o}"
            yield from walk(entry.path, name + "/")
        elif not stat.S_ISREG(mode):
            yield name, f"{name} is neither file nor folder"
        elif stat.S_IMODE(mode) != 0o600:
            yield name, f"{name} has mode {stat.S_IMODE(mode):o}"
        else:
            yield name, None


class Run:
    """A folder under runs/. problems is empty when it is whole."""

    def __init__(self, path):
        self.id = os.path.basename(path)
        self.number = 0
        self.manifest = {}
        self.manifest_sha256 = None
        self.decisions = None   # the bytes of that file
        self.accepted_after = False     # the last decision: which it replaces
        self.content = {}       # file -> SHA-256; a zip under its kind
        self.problems = list(self._read(path))

    def _read(self, path):
        match = RUN_ID.match(self.id)
        if match is None:
            yield f"runs/{self.id} is no run's name"
            return
        self.number = int(match[1])
        files = dict(walk(path))
        yield from filter(None, files.values())
        try:
            with open(os.path.join(path, MANIFEST), "rb") as f:
                data = f.read()
            self.manifest = json.loads(data)
            listed = {f["name"]: f for f in self.manifest["files"]}
        except (OSError, ValueError, KeyError, TypeError) as e:
            yield f"runs/{self.id} has no valid manifest.json: {e}"
            return
        self.manifest_sha256 = sha256(data)
        if self.manifest.get("run") != self.id:
            yield f"runs/{self.id} says that it is another run"
        files.pop(MANIFEST)
        if files.pop(DECISIONS, "none") != "none":
            yield from self._read_decisions(os.path.join(path, DECISIONS))
        for name in sorted(files.keys() ^ listed.keys()):
            yield (f"runs/{self.id}/{name} is " + (
                "in the manifest, but not there" if name in listed else
                "there, but not in the manifest"))
        for name in files.keys() & listed.keys():
            yield from self._read_file(path, name, listed[name])

    def _read_decisions(self, path):
        with open(path, "rb") as f:
            self.decisions = f.read()
        try:
            document = json.loads(self.decisions)
            last = document["decisions"][-1]
            if last["decision"] == "accepted":
                self.accepted_after = last["replaces"]
        except (ValueError, KeyError, TypeError, IndexError) as e:
            yield f"runs/{self.id}/{DECISIONS} is not valid: {e}"
            return
        if document.get("run") != self.id or \
                document.get("manifest_sha256") != self.manifest_sha256:
            yield f"runs/{self.id}/{DECISIONS} is about another run"

    def _read_file(self, path, name, listed):
        with open(os.path.join(path, name), "rb") as f:
            data = f.read()
        digest = sha256(data)
        if digest != listed["sha256"] or len(data) != listed["bytes"]:
            yield f"runs/{self.id}/{name} is not what the manifest says"
        match = ZIP_NAME.match(name)
        if match is not None:
            if match[2] != self.id or match[3] != digest[:8]:
                yield f"runs/{self.id}/{name} has another name than it should"
            name = match[1]
        if name not in DATED:
            self.content[name] = digest


class State:
    """What is in an output folder. problems is empty when it is sound."""

    def __init__(self, out):
        self.runs = {}
        self.pointers = dict.fromkeys(POINTERS)
        self.leftovers = []
        self.purged = None      # the bytes of that file
        self.prepared = None    # the run that accepted is about to name
        self.problems = []
        if os.path.lexists(out):
            self.problems += self._read(out)

    def _read(self, out):
        for name in sorted(os.listdir(out)):
            path = os.path.join(out, name)
            if name == ".link.accepted":
                self.prepared = os.path.basename(os.readlink(path))
            if name.startswith(LEFTOVER):
                self.leftovers.append(name)
            elif name in POINTERS:
                yield from self._read_pointer(path, name)
            elif name == PURGED:
                with open(path, "rb") as f:
                    self.purged = f.read()
            elif name not in (".lock", "runs"):
                yield f"{name} has no business in the output folder"
        runs = os.path.join(out, "runs")
        for name in os.listdir(runs) if os.path.isdir(runs) else ():
            self.runs[name] = Run(os.path.join(runs, name))
            yield from self.runs[name].problems
        for name, run in self.pointers.items():
            if run is not None and run not in self.runs:
                yield f"{name} names {run}, which is not there"
        for run in self.runs.values():
            if run.accepted_after == self.accepted and run.id not in (
                    self.accepted, self.prepared):
                yield (f"{DECISIONS} says that Canvas holds {run.id},"
                       " accepted does not, and no run will set it right")
        numbers = [run.number for run in self.runs.values()]
        if len(set(numbers)) < len(numbers):
            yield "two runs have one number"

    def _read_pointer(self, path, name):
        if not os.path.islink(path):
            yield f"{name} is no link"
            return
        target = os.readlink(path)
        if os.path.dirname(target) != "runs":
            yield f"{name} points at {target}"
        self.pointers[name] = os.path.basename(target)

    def decided(self):
        """What decisions and purge change; nothing else is theirs."""
        return (self.current, self.accepted, self.purged,
                {name: run.decisions for name, run in self.runs.items()})

    @property
    def current(self):
        return self.pointers["current"]

    @property
    def accepted(self):
        return self.pointers["accepted"]

    @property
    def newest(self):
        return max(self.runs.values(), key=lambda run: run.number,
                   default=None)

    @property
    def baseline(self):
        """The run that the next one compares with: an acceptance that was
        recorded counts, also when the link had no time to move."""
        prepared = self.runs.get(self.prepared)
        if prepared is not None and \
                prepared.accepted_after == self.accepted:
            return prepared.id
        return self.accepted


class Kept:
    """A folder as it is now, kept in memory to be put back many times."""

    def __init__(self, folder):
        self.entries = []
        if os.path.lexists(folder):
            self._keep(folder, "")

    def _keep(self, folder, name):
        path = os.path.join(folder, name)
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            self.entries.append((name, mode, os.readlink(path)))
        elif stat.S_ISDIR(mode):
            self.entries.append((name, mode, None))
            for entry in sorted(os.listdir(path)):
                self._keep(folder, os.path.join(name, entry))
        else:
            with open(path, "rb") as f:
                self.entries.append((name, mode, f.read()))

    def digest(self):
        """Differs when anything but the text in .lock differs."""
        return sha256(repr([entry for entry in self.entries
                            if entry[0] != ".lock"]).encode())

    def put_back(self, folder):
        """Makes the folder, which must not be there."""
        for name, mode, data in self.entries:
            path = os.path.join(folder, name) if name else folder
            if data is None:
                os.mkdir(path, stat.S_IMODE(mode))
            elif stat.S_ISLNK(mode):
                os.symlink(data, path)
            else:
                fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL,
                             stat.S_IMODE(mode))
                os.write(fd, data)
                os.close(fd)
