"""Child processes that end with us, and whose output can be waited on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol

from course.testbed.deadlines import comes_true
from course.testbed.processes.process_output import MOST_OUTPUT_BYTES, ProcessOutput
from course.testbed.processes.supervisor import command_below

SUPERVISOR = Path(__file__).with_name("supervisor.py")
GRACE_S = 3.0
BEGIN_UNITS = 3.0  # for a program to be loaded


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


def supervised(argv: Sequence[str]) -> list[str]:
    """Return the command that runs another one under a supervisor, which ends when its standard input closes."""
    return [sys.executable, "-I", "-S", str(SUPERVISOR), *argv]


def spawn_program(
    argv: Sequence[str], cwd: Path, env: Mapping[str, str] | None, stderr: int | IO[bytes] = subprocess.STDOUT
) -> Spawned:
    """Start a command as a program of its own, under a supervisor of its own; `stderr` is where its errors go."""
    return subprocess.Popen(
        supervised(argv),
        cwd=cwd,
        env=dict(env) if env is not None else None,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
    )


class Process:
    """A command under a supervisor, with its output (stdout and stderr in one) kept in memory.

    One that writes more than 16 MB is killed, and `exceeded` says so.
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
        self._popen = (spawn or spawn_program)(argv, cwd, env)
        assert self._popen.stdout is not None
        self._out = ProcessOutput(self._popen.stdout, f"output of {argv[0]}", on_line, self.kill)

    @property
    def output(self) -> str:
        """Return all that the command has written up to now."""
        return self.since(0).decode("utf-8", "replace")

    @property
    def exceeded(self) -> str:
        """What was too much, for which it was killed, as "it wrote more than 16 MB to its log"; or an empty text."""
        if self._out.flooded:
            return f"it wrote more than {MOST_OUTPUT_BYTES // 1024 // 1024} MB to its log"
        used = getattr(self._popen, "exceeded", "")  # of the cage that it is in
        return f"it used {used}" if used else ""

    @property
    def pid(self) -> int:
        """The process id of the command, or of the supervisor that it is a child of."""
        return self._popen.pid

    def since(self, offset: int) -> bytes:
        """Return what the command has written from byte `offset` on, up to now."""
        return self._out.since(offset)

    @property
    def exit_code(self) -> int | None:
        """Return the exit code, 128 + N after signal N, or None while the command runs."""
        if self._out.ended:  # the supervisor closed the output, and ends at this moment
            self._popen.wait()
        return self._popen.poll()

    def wait_for(self, pattern: str, timeout_s: float) -> re.Match[bytes] | None:
        """Wait until the output matches `pattern`; None when the command ends or the time is over first."""
        compiled = re.compile(pattern.encode(), re.MULTILINE)
        found: list[re.Match[bytes]] = []
        searched = 0

        def look(kept: bytearray) -> bool:
            nonlocal searched
            found.extend(compiled.finditer(kept, searched))
            searched = kept.rfind(b"\n") + 1
            return bool(found)

        self._out.wait_until(look, timeout_s)
        return found[0] if found else None

    def wait_until(self, fact: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until `fact` is true, asked anew after each output; False at the end of the command or the time."""
        return self._out.wait_until(lambda _: fact(), timeout_s)

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
        assert self._popen.stdin is not None
        try:
            self._popen.stdin.write(b"term\n")
            self._popen.stdin.flush()
        except (BrokenPipeError, ValueError):
            pass  # the supervisor has ended already
        try:
            self._popen.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            pass
        self.kill()

    def signal(self, number: int) -> bool:
        """Send the command a signal; tell whether that was possible: of a new program, only Linux says which it is."""
        if self.exit_code is not None:
            return False
        pid = self._popen.pid
        if isinstance(self._popen, subprocess.Popen):  # that is its supervisor, and the command a child of it
            comes_true(lambda: self.exit_code is not None or bool(command_below(self._popen.pid)), BEGIN_UNITS)
            pid = command_below(pid)
        if pid:
            os.kill(pid, number)
        return bool(pid)

    def kill(self) -> None:
        """Kill the command and all that it started."""
        assert self._popen.stdin is not None
        try:
            self._popen.stdin.close()
        except BrokenPipeError:
            pass  # the supervisor has ended already
        self._popen.wait()
        self._out.join()


def run_to_end(
    argv: Sequence[str],
    within_s: float,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] | None = None,
    spawn: Spawn | None = None,
) -> tuple[int | None, str]:
    """Run a command, and return its exit code, None when it was killed as the time was over, and what it has written.

    It works in the folder for temporary files unless it is told where.
    """
    process = Process(argv, cwd=cwd or Path(tempfile.gettempdir()), env=env, on_line=on_line, spawn=spawn)
    try:
        code = process.wait(within_s)
    finally:
        process.kill()
    return code, process.output
