"""A plain Daphne, as one would run it in production, for a bench to measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from course.bench.process_usage import MIB
from course.errors import CourseError
from course.project.entry_points import read_project
from course.testbed.deadlines import deadline_s
from course.testbed.processes.environment import environment, python
from course.testbed.processes.process import Process

SERVE = (
    "import os; print('pid', os.getpid(), flush=True); from daphne.cli import CommandLineInterface as C; C.entrypoint()"
)
START_UNITS = 10.0


@dataclass(frozen=True)
class Daphne:
    """A Daphne that runs: where it is, and how much memory it takes."""

    host: str
    pid: int

    @property
    def memory_mb(self) -> float:
        """The memory in MiB that the process holds at this moment."""
        return float(psutil.Process(self.pid).memory_info().rss) / MIB


@contextmanager
def daphne(folder: Path, redis_url: str, *options: str, env: Mapping[str, str] | None = None) -> Iterator[Daphne]:
    """Serve the project in a folder; `options` are more of Daphne's, `env` is added to its environment.

    Raises CourseError when it does not come up.
    """
    project = read_project(folder)
    command = python("-c", SERVE, "-v", "1", *options, "-b", "127.0.0.1", "-p", "0", project.application)
    server = Process(command, cwd=project.folder, env=environment(folder, redis_url) | dict(env or {}))
    try:
        listens = server.wait_for(r"Listening on TCP address (\S+)", deadline_s(START_UNITS))
        pid = server.wait_for(r"^pid (\d+)", deadline_s(1))
        if not listens or not pid:
            raise CourseError(f"The server did not start: {server.output[-500:]}")
        yield Daphne(listens[1].decode(), int(pid[1]))
    finally:
        server.kill()
