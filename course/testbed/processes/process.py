"""Child processes that end with us, and whose output can be waited on."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol

from course.testbed.deadlines import deadline_s

SUPERVISOR = Path(__file__).with_name("supervisor.py")
MOST_OUTPUT_BYTES = 16 * 1024 * 1024
GRACE_S = 3.0


class Spawned(Protocol):
    """What `Process` needs of a started command: the part of `subprocess.Popen` that it uses."""

    stdin: IO[bytes] | None
    stdout: IO[bytes] | None
    returncode: int | None

    @property
    def pid(self) -> int:
        """Its process id."""

    def poll(self) -> int | None:
        """Return the exit code, or None while the command runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the exit code; raise subprocess.TimeoutExpired."""


Spawn = Callable[[Sequence[str], Path, Mapping[str, str] | None], Spawned]


def spawn_program(argv: Sequence[str], cwd: Path, env: Mapping[str, str] | None) -> Spawned:
    """Start a command as a program of its own, under a keeper of its own."""
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(SUPERVISOR), *argv],
        cwd=cwd,
        env=dict(env) if env is not None else None,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


class Process:
    """A command under a keeper, with its output (stdout and stderr in one) kept in memory.

    Output beyond 16 MB is a fault of the command: it is killed, and `flooded` says so.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] | None = None,
        spawn: Spawn | None = None,
    ) -> None:
        """Start the command; it runs until it ends or is stopped.

        `on_line` is given each line, and nothing is kept. `spawn` starts it in another way than as a new program.
        """
        self._output = bytearray()
        self._on_line = on_line
        self._changed = threading.Condition()
        self._ended = False
        self.flooded = False
        self._popen = (spawn or spawn_program)(argv, cwd, env)
        self._reader = threading.Thread(target=self._read, name=f"output of {argv[0]}", daemon=True)
        self._reader.start()

    @property
    def output(self) -> str:
        """Return all that the command has written up to now."""
        self._drain()
        with self._changed:
            return self._output.decode("utf-8", "replace")

    def since(self, offset: int) -> bytes:
        """Return what the command has written from byte `offset` on, up to now."""
        self._drain()
        with self._changed:
            return bytes(self._output[offset:])

    @property
    def exit_code(self) -> int | None:
        """Return the exit code, 128 + N after signal N, or None while the command runs."""
        if self._ended:  # the keeper closed the output, and ends at this moment
            self._popen.wait()
        return self._popen.poll()

    def wait_for(self, pattern: str, timeout_s: float) -> re.Match[bytes] | None:
        """Wait until the output matches `pattern`; None when the command ends or the time is over first."""
        compiled = re.compile(pattern.encode(), re.MULTILINE)
        found: list[re.Match[bytes]] = []
        searched = 0

        def look() -> bool:
            nonlocal searched
            found.extend(compiled.finditer(self._output, searched))
            searched = self._output.rfind(b"\n") + 1
            return bool(found)

        self.wait_until(look, timeout_s)
        return found[0] if found else None

    def wait_until(self, fact: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until `fact` is true, asked anew after each output; False at the end of the command or the time."""
        until = time.monotonic() + timeout_s
        with self._changed:
            while not fact():
                left = until - time.monotonic()
                if self._ended or left <= 0:
                    return fact()
                self._changed.wait(left)
        return True

    def wait(self, timeout_s: float | None) -> int | None:
        """Wait for the end of the command; return its exit code, or None when it still runs."""
        try:
            self._popen.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None
        self.kill()
        return self._popen.returncode

    def stop(self) -> None:
        """Ask the command to end, and after three seconds kill it with all that it started."""
        self._tell(b"term\n")
        try:
            self._popen.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            pass
        self.kill()

    def signal(self, number: int) -> bool:
        """Send the command a signal; tell whether that was possible: of a new program, only Linux says which it is."""
        pid = None if self.exit_code is not None else self._pid()
        if pid:
            os.kill(pid, number)
        return bool(pid)

    def kill(self) -> None:
        """Kill the command and all that it started."""
        assert self._popen.stdin is not None
        try:
            self._popen.stdin.close()
        except BrokenPipeError:
            pass  # the keeper has ended already
        self._popen.wait()
        self._reader.join(deadline_s(1))

    def _pid(self) -> int | None:
        """Return the process id of the command; a new program is a child of what was started, its keeper."""
        if not isinstance(self._popen, subprocess.Popen):
            return self._popen.pid
        children = Path(f"/proc/{self._popen.pid}/task/{self._popen.pid}/children")
        found = children.read_text().split() if children.exists() else []
        return int(found[0]) if found else None

    def _tell(self, word: bytes) -> None:
        assert self._popen.stdin is not None
        try:
            self._popen.stdin.write(word)
            self._popen.stdin.flush()
        except (BrokenPipeError, ValueError):
            pass  # the keeper has ended already

    def _read(self) -> None:
        """Take in the output as it comes, in a thread of its own."""
        assert self._popen.stdout is not None
        fd = self._popen.stdout.fileno()
        while not self._ended:
            _readable(fd, None)
            self._take(fd)
        self._popen.stdout.close()

    def _take(self, fd: int) -> None:
        with self._changed:
            if self._ended or not _readable(fd, 0):
                return
            chunk = os.read(fd, 65536)
            self._ended = not chunk
            if not self.flooded:
                self._output += chunk
            if self._on_line:
                self._hand_out(self._on_line)
            if len(self._output) > MOST_OUTPUT_BYTES and not self.flooded:
                self.flooded = True
                threading.Thread(target=self.kill, daemon=True).start()
            self._changed.notify_all()

    def _hand_out(self, on_line: Callable[[str], None]) -> None:
        """Give whole lines away, at the end also a line without one."""
        *lines, rest = bytes(self._output).split(b"\n")
        self._output[:] = b"" if self._ended else rest
        for line in [*lines, rest] if self._ended and rest else lines:
            on_line(line.decode("utf-8", "replace"))

    def _drain(self) -> None:
        """Take in what is written already, so that nothing said before now is missed."""
        if os.name == "nt":
            return  # pipes can't be asked there; the reader thread is at most a moment behind
        with self._changed:
            stdout = self._popen.stdout
            assert stdout is not None
            while not self._ended and not stdout.closed and _readable(stdout.fileno(), 0):
                self._take(stdout.fileno())


def _readable(fd: int, timeout_ms: int | None) -> bool:
    """Tell whether a read would not block; on Windows, where nobody can tell, say yes."""
    if os.name == "nt":
        return True
    poll = select.poll()
    poll.register(fd, select.POLLIN | select.POLLHUP)
    return bool(poll.poll(timeout_ms))
