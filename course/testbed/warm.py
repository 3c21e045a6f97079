"""Servers at the speed of a fork, where there is one."""

from __future__ import annotations

import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from course.testbed.deadlines import deadline_s
from course.testbed.process import Process
from course.testbed.server import environment, python, serve_cold
from course.workspace import PREFIX

FORKSERVER = Path(__file__).with_name("forkserver.py")
TELL_OF_COROUTINES = ("-W", "error:coroutine:RuntimeWarning")
CAN_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")


class Forkserver:
    """A preloaded parent of servers; it lives until `close`.

    Where `fork` is missing (Windows), servers are started as new programs, with the same outcome.
    """

    def __init__(self, script: Path = FORKSERVER, flags: Sequence[str] = TELL_OF_COROUTINES) -> None:
        """Begin to preload, and return at once; `script` is a parent of its kind, run by a Python with these flags."""
        self._folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self._process: Process | None = None
        self._taken: set[str] | None = None
        if CAN_FORK:
            argv = python("-P", *flags, str(script), str(self._socket))
            self._process = Process(argv, cwd=self._folder, env=environment(self._folder, ""))

    def serve(self, arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Process:
        """Start a server; `arguments` are those of serve.py."""
        return self.fork(arguments, cwd, env) or serve_cold(arguments, cwd, env)

    def fork(self, arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Process | None:
        """Fork a process with these arguments, or return None where a new program has to do.

        That is where `fork` is missing, and a project with a module of a name that is preloaded: its own comes first.
        """
        if self._process is None or self._preloaded() & _own_names(cwd):
            return None
        return Process(arguments, cwd=cwd, env=env, spawn=self._fork)

    def close(self) -> None:
        """End the parent, and with it what is left of its servers."""
        if self._process:
            self._process.kill()
        shutil.rmtree(self._folder, ignore_errors=True)  # the sweep of a later run takes what is in use

    @property
    def _socket(self) -> Path:
        return self._folder / "door"

    def _preloaded(self) -> set[str]:
        """Return the top-level names that the parent has imported; wait for it the first time."""
        if self._taken is None:
            assert self._process
            ready = self._process.wait_for(r"^ready (.*)$", deadline_s(20))
            assert ready, f"The preloaded parent did not start: {self._process.output}"
            self._taken = set(json.loads(ready[1]))
        return self._taken

    def _fork(self, arguments: Sequence[str], cwd: Path, env: Mapping[str, str] | None) -> ForkedServer:
        leash_end, leash = os.pipe()
        output, output_end = os.pipe()
        request = json.dumps({"arguments": list(arguments), "cwd": str(cwd), "env": dict(env or {})}).encode()
        caller = socket.socket(socket.AF_UNIX)
        caller.connect(str(self._socket))
        socket.send_fds(caller, [struct.pack("i", len(request))], [leash_end, output_end])
        caller.sendall(request)
        os.close(leash_end)
        os.close(output_end)
        return ForkedServer(caller, os.fdopen(leash, "wb"), os.fdopen(output, "rb", buffering=0))


class ForkedServer:
    """A forked server, with the part of `subprocess.Popen` that `Process` uses."""

    def __init__(self, caller: socket.socket, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        """Hear of its end through `caller`."""
        self._caller = caller
        self.stdin: IO[bytes] | None = stdin
        self.stdout: IO[bytes] | None = stdout
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the exit code; one whose keeper was killed has the code of SIGKILL."""
        if self.returncode is None:
            self._caller.settimeout(timeout)
            try:
                told = self._caller.recv(4)
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired("a forked server", timeout or 0) from None
            self.returncode = struct.unpack("i", told)[0] if told else 128 + 9
            self._caller.close()
        return self.returncode


def _own_names(folder: Path) -> set[str]:
    """Return the names of the modules and packages that lie in a project's folder."""
    return {path.stem for path in folder.iterdir() if path.is_dir() or path.suffix == ".py"}
