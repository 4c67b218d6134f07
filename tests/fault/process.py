"""Starts ps2canvas, alone or with tests/fault/inject*.c preloaded."""

import os
import select
import shlex
import signal
import subprocess

import district

PATIENCE = 120          # seconds until a run counts as one that hangs


class Result:
    """How a run ended: code is negative when a signal ended it."""

    def __init__(self, code, stdout, stderr, call="", crash=""):
        self.code = code
        self.stdout = stdout
        self.stderr = stderr
        self.hit = False        # the call that was to go wrong was reached
        self.call = call        # which one it was, and its file
        self.totals = {}        # calls that were made, by their class
        self.crash = crash      # the library whose code crashed
        self.children = []      # (number of the call, exit code, the call)
        self.trace = ""
        self.arguments = ()

    def read_count(self, text):
        for line in text.splitlines():
            word, *rest = line.split(" ")
            if word == "hit":
                self.hit = True
                self.call = " ".join(rest[1:]).strip()
            elif word == "crash":
                self.crash = rest[0]
            elif word == "total":
                self.totals[rest[0]] = int(rest[1])
            else:
                self.children.append((int(rest[0]), int(rest[1]),
                                      " ".join(rest[2:])))


def end(process, seconds=None):
    """Waits for a process, without polling. Without seconds it must end;
    with them, says whether it ended in that time."""
    fd = os.pidfd_open(process.pid)
    ended = select.select([fd], [], [], PATIENCE if seconds is None else
                          seconds)[0]
    os.close(fd)
    if not ended and seconds is None:
        process.kill()
        process.wait()
        raise TimeoutError(f"a run hangs: {process.args}")
    if ended:
        process.wait()
    return bool(ended)


class Program:
    def __init__(self, binary, inject, runner, scratch):
        self.binary = os.path.abspath(binary)
        self.inject = os.path.abspath(inject)
        self.runner = shlex.split(runner)
        self.scratch = scratch
        self.out = os.path.join(scratch, "out")
        self.temporary = os.path.join(scratch, "tmp")
        os.mkdir(self.temporary)
        for version in district.NOW:
            self._write_input(version)
        self.environment = {
            "PATH": os.environ["PATH"], "LC_ALL": "C",
            "TMPDIR": self.temporary,
            **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")
               }}
        with open(binary, "rb") as f:
            self.sanitized = b"__asan_init" in f.read()
        if self.sanitized:
            self._sanitize()

    def _sanitize(self):
        """The injector stands in front of the sanitizer's library, and what
        minizip leaks when a write fails is no business of ours."""
        with open(self.path("suppressions"), "w") as f:
            f.write("leak:libminizip\n")
        for name, option in (
                ("ASAN_OPTIONS", "verify_asan_link_order=0:"
                 "allocator_may_return_null=1"),
                ("LSAN_OPTIONS", "print_suppressions=0:suppressions="
                 + self.path("suppressions"))):
            self.environment[name] = ":".join(filter(None, [
                self.environment.get(name), option]))

    def path(self, name):
        return os.path.join(self.scratch, name)

    def _write_input(self, version):
        exports = self.path(version)
        district.write(exports, version)
        with open(exports + ".ini", "w") as f:
            f.write(district.SETTINGS.format(exports=exports, out=self.out))

    def typed(self, version, moment, *words):
        """The command line with the settings of a version."""
        return [*self.runner, self.binary, "-c", self.path(version + ".ini"),
                "--now", moment, *words]

    def command(self, version, *arguments, now=None):
        return self.typed(version, district.NOW[now or version], "run",
                          *arguments)

    def injected(self, calls, mode="EIO", at=0, **more):
        """The environment in which call number at goes wrong."""
        return {
            "LD_PRELOAD": self.inject,
            "INJECT_PROGRAM": os.path.basename(self.binary),
            "INJECT_CALLS": calls, "INJECT_MODE": mode,
            "INJECT_AT": str(at), "INJECT_UNDER": self.out,
            "INJECT_COUNT": self.path("count"), **more}

    def traced(self):
        return {"INJECT_TRACE": self.path("trace")}

    def start(self, command, variables=None, prefix="", **options):
        """Starts it with its output in files; one that runs while another
        is stopped needs a prefix for their names."""
        for name in () if prefix else ("count", "trace"):
            with open(self.path(name), "w"):
                pass
        with open(self.path(prefix + "stdout"), "w") as out, \
                open(self.path(prefix + "stderr"), "w") as err:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL,
                stdout=options.pop("stdout", out),
                stderr=options.pop("stderr", err),
                env={**self.environment, **(variables or {})},
                close_fds=False, **options)
        process.prefix = prefix
        return process

    def finish(self, process):
        end(process)
        return self.read_result(process)

    def read_result(self, process):
        """What it said up to now; its code is None while it runs."""
        result = Result(process.returncode,
                        self.read(process.prefix + "stdout"),
                        self.read(process.prefix + "stderr"))
        result.arguments = process.args
        if not process.prefix:
            result.read_count(self.read("count"))
            result.trace = self.read("trace")
        return result

    def read(self, name):
        with open(self.path(name), encoding="utf-8",
                  errors="backslashreplace") as f:
            return f.read()

    def run(self, version, *arguments, now=None, variables=None, **options):
        return self.finish(self.start(self.command(
            version, *arguments, now=now), variables, **options))


def wait_until_stopped(process):
    """Waits until a process stops itself; False when it ends instead."""
    signal.signal(signal.SIGALRM, lambda *_: process.kill())
    signal.alarm(PATIENCE)
    _, status = os.waitpid(process.pid, os.WUNTRACED)
    signal.alarm(0)
    if os.WIFSTOPPED(status):
        return True
    process.returncode = os.waitstatus_to_exitcode(status)
    return False


def let_go_on(process):
    os.kill(process.pid, signal.SIGCONT)
