"""Processes of a project at the speed of a fork, where there is one."""

from __future__ import annotations

import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from course.project.scratch_copy import PREFIX
from course.testbed.deadlines import deadline_s
from course.testbed.processes.environment import environment, python
from course.testbed.processes.process import Process, Spawn

FORKSERVER = Path(__file__).with_name("forkserver.py")
SIZE = struct.calcsize("i")
CAN_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")


class Forkserver:
    """A preloaded parent of a project's processes; it lives until `close`.

    Where `fork` is missing (Windows), they are started as new programs, with the same outcome.
    """

    def __init__(self, script: Path = FORKSERVER, place: Path | None = None, spawn: Spawn | None = None) -> None:
        """Begin to preload, and return at once; `script` is a parent of its kind, which is told where this one is.

        Its folder is made in `place`, and `spawn` starts it in another way than as a program of ours.
        """
        self._folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place))
        self._process: Process | None = None
        self._taken: set[str] | None = None
        if CAN_FORK:
            argv = python("-P", str(script), str(self._socket), str(FORKSERVER))
            self._process = Process(argv, cwd=self._folder, env=environment(self._folder, ""), spawn=spawn)

    def fork_in(self, folder: Path) -> Spawn | None:
        """Return what forks a process that works in a folder, or None where a new program has to do.

        That is where `fork` is missing, and a project with a module of a name that is preloaded: its own comes first.
        """
        if not CAN_FORK:
            return None
        own = {path.stem for path in folder.iterdir() if path.is_dir() or path.suffix == ".py"}
        return None if self._preloaded() & own else self._fork

    @property
    def address(self) -> str:
        """What a process of ours needs to join in (see `JoinedForkserver`); wait until it is ready."""
        return json.dumps([str(self._folder), sorted(self._preloaded())]) if CAN_FORK else ""

    def close(self) -> None:
        """End the parent, and with it what is left of its processes."""
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
            ready = self._process.wait_for(r"^ready (.*)$", deadline_s(60))
            assert ready, f"The preloaded parent did not start: {self._process.output}"
            self._taken = set(json.loads(ready[1]))
        return self._taken

    def _fork(self, arguments: Sequence[str], cwd: Path, env: Mapping[str, str] | None) -> ForkedProcess:
        leash_end, leash = os.pipe()
        output, output_end = os.pipe()
        request = json.dumps({"arguments": list(arguments), "cwd": str(cwd), "env": dict(env or {})}).encode()
        caller = socket.socket(socket.AF_UNIX)
        caller.connect(str(self._socket))
        socket.send_fds(caller, [struct.pack("i", len(request))], [leash_end, output_end])
        caller.sendall(request)
        os.close(leash_end)
        os.close(output_end)
        return ForkedProcess(caller, os.fdopen(leash, "wb"), os.fdopen(output, "rb", buffering=0))


class JoinedForkserver(Forkserver):
    """A preloaded parent that another process of ours has started, and ends."""

    def __init__(self, address: str) -> None:
        """Use the parent at an address that is not empty."""
        folder, taken = json.loads(address)
        self._folder = Path(folder)
        self._taken = set(taken)

    def close(self) -> None:
        """Leave it to those who have started it."""


class ForkedProcess:
    """A forked process, with the part of `subprocess.Popen` that `Process` uses."""

    def __init__(self, caller: socket.socket, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        """Hear of its number and of its end through `caller`."""
        self._caller = caller
        self._heard = threading.Condition()
        self._is_hearing = False
        self._is_over = False
        self._told = b""
        self.stdin: IO[bytes] | None = stdin
        self.stdout: IO[bytes] | None = stdout
        self.returncode: int | None = None

    @property
    def pid(self) -> int:
        """Its process id; 0 where its supervisor was killed before it could tell."""
        return self._number(0, None) or 0

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the exit code; one whose supervisor was killed has the code of SIGKILL."""
        if self.returncode is None:
            code = self._number(1, timeout)
            self.returncode = 128 + 9 if code is None else code
        return self.returncode

    def _number(self, which: int, timeout: float | None) -> int | None:
        """Return what the supervisor tells: 0 is the process id, 1 the exit code; None when it tells no more."""
        end = SIZE * (which + 1)
        while len(self._told) < end and not self._is_over:
            self._hear(end, timeout)
        if len(self._told) < end:
            return None
        number: int = struct.unpack_from("i", self._told, end - SIZE)[0]
        return number

    def _hear(self, end: int, timeout: float | None) -> None:
        """Take in what the supervisor tells, up to byte `end`: one thread reads, the others wait for what it hears."""
        with self._heard:
            if len(self._told) >= end or self._is_over:
                return
            if self._is_hearing:
                if not self._heard.wait(timeout):
                    raise subprocess.TimeoutExpired("a forked process", timeout or 0)
                return
            self._is_hearing = True
        told = None
        try:
            self._caller.settimeout(timeout)
            told = self._caller.recv(2 * SIZE)
        except (TimeoutError, BlockingIOError):
            raise subprocess.TimeoutExpired("a forked process", timeout or 0) from None
        finally:
            with self._heard:
                self._is_hearing = False
                if told is not None:
                    self._told += told
                    self._is_over = not told or len(self._told) == 2 * SIZE
                    if self._is_over:
                        self._caller.close()
                self._heard.notify_all()
