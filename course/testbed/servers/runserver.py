"""A project's own `manage.py runserver`."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable
from pathlib import Path

from course.errors import NotStarted
from course.project.tracebacks import errors_in
from course.testbed.clients.http import HttpClient, Response
from course.testbed.deadlines import LOOK_AGAIN_S, deadline_s
from course.testbed.processes.ports import free_port
from course.testbed.processes.process import Process
from course.testbed.servers.daphne_launch import START_UNITS, why_not

TRIES = 3


class Runserver:
    """The project as `manage.py runserver` serves it: with Daphne's runserver, or with Django's own."""

    def __init__(self, folder: Path, start: Callable[..., Process]) -> None:
        """Begin to start it, and return at once; what needs an answer waits until it is up.

        `start` is given the arguments of manage.py.
        """
        self._folder = folder
        self._start = start
        self._problem: NotStarted | None = None
        self._up = False
        self._log_begins = 0
        self._begin()

    @property
    def host(self) -> str:
        """Its "127.0.0.1:port".

        Raises NotStarted, with file and line, when it does not come up within ten seconds.
        """
        if not self._up and not self._problem:
            self._problem = self._await_start()
        if self._problem:
            raise self._problem
        return f"127.0.0.1:{self._port}"

    @property
    def output(self) -> str:
        """All that it has written since it was started."""
        return self._process.output

    @property
    def banner(self) -> str:
        """The line in which it says what kind of server it is: "Starting …"; empty where there is none."""
        said = re.search(r"^Starting .*$", self.output, re.MULTILINE) if self.host else None
        return said[0] if said else ""

    @property
    def log(self) -> str:
        """What it has written since the check began."""
        return self.output[self._log_begins :]

    @property
    def errors(self) -> list[str]:
        """The errors in the log since the check began, each cut to the project's own lines."""
        return errors_in(self.log, self._folder)

    @property
    def why_dead(self) -> str:
        """Why it is gone though it was up, or an empty text."""
        if not self._up or self._process.exit_code is None:
            return ""
        return f"manage.py runserver ended in the middle, with exit code {self._process.exit_code}."

    def url(self, path: str) -> str:
        """Return the full address of a path."""
        return f"http://{self.host}{path}"

    def get(self, path: str) -> Response:
        """GET a path and return the answer, whatever its status; redirects are followed."""
        return HttpClient(self.url("")).get(path)

    def begin_check(self) -> None:
        """Let the log of the next check begin here."""
        self._log_begins = len(self.output)

    def _begin(self) -> None:
        self._port = free_port()
        self._process = self._start("runserver", "--noreload", f"127.0.0.1:{self._port}")

    def _await_start(self) -> NotStarted | None:
        for _ in range(TRIES):  # another program may take the port between our look and the server's start
            self._up = self._listens()
            if self._up or not re.search("already in use", self.output):
                break
            self._process.kill()
            self._begin()
        if self._up:
            return None
        problem = NotStarted(why_not(self._process, self._folder, "manage.py runserver"))
        self._process.kill()
        return problem

    def _listens(self) -> bool:
        """Wait until the port answers: neither Django nor Daphne says when it does."""
        until = time.monotonic() + deadline_s(START_UNITS)
        while self._process.exit_code is None and time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self._port), deadline_s(1)).close()
                return True
            except OSError:
                self._process.wait(LOOK_AGAIN_S)
        return False
