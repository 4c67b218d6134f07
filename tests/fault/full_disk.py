"""Runs on a small file system that is mounted here; called by scenarios.py
with mounts of its own. Prints what is wrong."""

import os
import pickle
import subprocess
import sys

import judge
from judge import DONE, IO

PAGE = 4096


class Disk:
    """A tmpfs with the output folder in it and no more room than it needs."""

    def __init__(self, rig):
        self.rig = rig
        self.folder = rig.program.path("disk")
        os.mkdir(self.folder)
        self._mount("size=8m,mode=700")
        rig.program.out = os.path.join(self.folder, "out")

    def _mount(self, options):
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs",
                        self.folder], check=True)

    def put(self, base, pages=None, files=None):
        """The base, and room for so many pages or files more."""
        self._mount("remount,size=8m,nr_inodes=1000")
        before = self.rig.put(base)
        used = os.statvfs(self.folder)
        if pages is not None:
            size = (used.f_blocks - used.f_bfree + pages) * PAGE
            self._mount(f"remount,size={size}")
        if files is not None:
            inodes = used.f_files - used.f_ffree + files
            self._mount(f"remount,nr_inodes={inodes}")
        return before


def loop(rig, disk, base, kind, step):
    """From no room at all until a run has enough."""
    code = None
    room = 0
    while code != DONE and room < 500:
        before = disk.put(base, **{kind: room})
        # Without a folder a size of 0 would be no limit.
        result = rig.program.run("new", "--json", "-o",
                                 f"output.dir={rig.program.out}")
        code = result.code
        after, problems = judge.after_fault(
            rig.program, before, result, (DONE, IO), True, rig.references)
        for problem in problems + rig.recover(after):
            yield f"{problem}; room for {room} {kind} more, {base}"
        room += step
    if room <= step or code != DONE:
        yield f"{kind}: the disk was never full, or always"


def main():
    with open(sys.argv[1], "rb") as f:
        rig, step = pickle.load(f)
    disk = Disk(rig)
    for base in ("old", "left"):
        for kind in ("pages", "files"):
            for problem in loop(rig, disk, base, kind, step):
                print(problem)


if __name__ == "__main__":
    main()
