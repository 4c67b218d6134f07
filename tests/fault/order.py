"""Whether what a run did reaches the disk in the right order: every file and
folder of the stage before the rename that publishes it, the folder of runs
before "current" moves, and the output folder at last (operations 7)."""

import os
import re

WRITES = {"create", "write", "pwrite", "fwrite", "fflush", "fseek", "fseeko",
          "fclose"}
MAKES = {"create", "mkdir", "symlink", "unlink"}
SYNCS = {"fsync", "fdatasync"}


class Disk:
    """Which files and folders have changes that may not be on the disk."""

    def __init__(self, out):
        self.out = out
        self.dirty = set()
        self.files = 0          # that were synced

    def see(self, call, path, to):
        if call in SYNCS:
            self.files += path in self.dirty
            self.dirty.discard(path)
        if call in WRITES:
            self.dirty.add(path)
        if call == "rename":
            self._rename(path, to)
        if call in MAKES:
            self.dirty.add(os.path.dirname(path))
        if call == "mkdir":
            self.dirty.add(path)
        if call == "unlink":
            self.dirty.discard(path)

    def _rename(self, path, to):
        self.dirty = {to + p[len(path):]
                      if p == path or p.startswith(path + "/") else p
                      for p in self.dirty}
        self.dirty |= {os.path.dirname(path), os.path.dirname(to)}

    def dirty_in(self, folder):
        return sorted(p for p in self.dirty
                      if p == folder or p.startswith(folder + "/"))


def problems(events, out, published=True):
    """What is wrong with (call, path, to) events of a run that published, or
    of a command that decided or removed something."""
    disk = Disk(out)
    runs = os.path.join(out, "runs")
    pointers = [os.path.join(out, name) for name in ("current", "accepted")]
    seen = set()
    for call, path, to in events:
        if call == "rename":
            for p in disk.dirty_in(path):
                yield f"{p} is not synced before it becomes {to}"
            if to in pointers:
                for p in disk.dirty_in(runs):
                    yield f"{p} is not synced before {to} moves"
            seen |= {to, os.path.dirname(to)}
        disk.see(call, path, to)
    if not published:
        # A file or run that left its place is gone once runs/ is synced.
        moved = not seen.isdisjoint(pointers)
        for p in disk.dirty_in(out if moved else runs):
            if not p.endswith("/.lock"):
                yield f"{p} is not synced at the end"
        return
    if not seen.issuperset([runs, *pointers]):
        yield "no run was published and accepted"
    for p in disk.dirty_in(out):
        if not p.endswith("/.lock"):
            yield f"{p} is not synced at the end"
    if disk.files < 10:
        yield f"only {disk.files} files and folders were synced"


def of_injector(text):
    for line in text.splitlines():
        yield tuple(line.split("\t"))


STRACE_CALLS = {
    "openat": "create", "mkdirat": "mkdir",
    "symlinkat": "symlink", "renameat": "rename", "renameat2": "rename",
    "unlinkat": "unlink", "write": "write", "pwrite64": "pwrite",
    "fsync": "fsync", "fdatasync": "fdatasync",
}
STRACE_LINE = re.compile(r"(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")
STRACE_FD = re.compile(r"\d+<([^>]*)>")


def of_strace(text):
    """The same events from the output of strace -f -y."""
    for line in text.splitlines():
        match = STRACE_LINE.match(line)
        if match is None or match[1] not in STRACE_CALLS or match[3] == "-1":
            continue
        call, arguments = STRACE_CALLS[match[1]], match[2]
        if match[1] == "openat" and "O_CREAT" not in arguments:
            continue
        if call in SYNCS or call in ("write", "pwrite"):
            file = STRACE_FD.match(arguments)
            if file is not None:
                yield call, file[1], ""
            continue
        texts = re.findall(r'"([^"]*)"', arguments)
        folders = re.findall(r"(?:AT_FDCWD|\b\d+)<([^>]*)>", arguments)
        paths = [os.path.normpath(os.path.join(folder, text)) for folder, text
                 in zip(folders, texts[-len(folders):])]
        yield call, paths[0], paths[1] if len(paths) > 1 else ""
