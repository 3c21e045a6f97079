"""What the test bed's Daphne tells of itself and of its application, read out of its output."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.project.tracebacks import errors_in
from course.testbed.processes.process import Process

COUNTS = ("port", "opened", "running", "left")
MOST = 65535  # of anything that the server counts, a port among them
NO_ROUTE = "ValueError: No route found for path"  # how Channels refuses a path that nobody serves
NO_FAULT = (  # exceptions that a correct program lets out
    NO_ROUTE,
    "autobahn.exception.Disconnected: Attempt to send on a closed protocol",  # its client left at that moment
)


@dataclass(frozen=True)
class Raised:
    """An exception that nobody caught: of which `kind` of thing (websocket, http, view, task, coroutine), and where.

    `text` is the traceback, cut to the project's own frames, `chain` each of its links so, the cause first; `at_end`
    says that the application knew already that its client had left.
    """

    text: str
    kind: str
    path: str
    at_end: bool
    chain: tuple[str, ...]

    @property
    def says(self) -> str:
        """The exception's type and what it says: the last line, or of a coroutine that was not awaited the first."""
        lines = self.text.splitlines() or [""]
        return lines[0 if self.kind == "coroutine" else -1]


class ServerReports:
    """Reads a server's output as it grows; what belongs to the check that runs begins at `begin_check`."""

    def __init__(self, process: Callable[[], Process | None], token: str, folder: Path) -> None:
        """Read the output of `process()`, which may be replaced; `token` stands in each mark."""
        self._process = process
        self._mark = re.compile(rb"\x1e%b(.*?)\x1e\n" % token.encode(), re.DOTALL)
        self._folder = folder
        self.restart()

    def restart(self) -> None:
        """Begin with a new process, from which nothing was heard."""
        self._read_to = self._log_begins = 0
        self._counts: dict[str, int] = {}
        self._facts: dict[str, list[Any]] = {}

    def begin_check(self) -> None:
        """Let the log and the reports of the next check begin here."""
        self.counts()
        self._log_begins = len(self._output())
        self._facts = {}

    def counts(self) -> dict[str, int]:
        """Return what the server told last of each thing that it counts."""
        self._read()
        return self._counts

    @property
    def log(self) -> str:
        """What the server has written since the check began."""
        return self._mark.sub(b"", self._output()[self._log_begins :]).decode("utf-8", "replace")

    @property
    def raised(self) -> list[Raised]:
        """The exceptions that nobody caught since the check began, but those that a correct program lets out."""
        return [each for each in self._all_raised() if not each.says.startswith(NO_FAULT)]

    @property
    def unrouted(self) -> list[str]:
        """What Channels said of the paths for which the project has no route, each told once.

        That is no fault where a check asks for such a path, and the cause where it asks for one that must be served.
        """
        return list(dict.fromkeys(each.says for each in self._all_raised() if each.says.startswith(NO_ROUTE)))

    @property
    def ignored(self) -> list[str]:
        """The events that Daphne has taken and done nothing with, each told once."""
        return list(dict.fromkeys(str(told) for told in self._told("ignored")))

    @property
    def late(self) -> list[str]:
        """What consumers still sent when they had been told that their client was gone; often that is no fault."""
        return list(dict.fromkeys(str(told) for told in self._told("late")))

    @property
    def forbidden(self) -> list[str]:
        """The requests that Django's protection against CSRF has refused, each with its reason."""
        return list(dict.fromkeys(str(told) for told in self._told("forbidden")))

    @property
    def killed(self) -> list[str]:
        """The paths of the consumers that Daphne had to end, because they went on after their connection."""
        return [str(told) for told in self._told("killed")]

    @property
    def errors(self) -> list[str]:
        """What went wrong since the check began, each cut to the project's own lines: first what nobody caught.

        Then what the log holds beside that: a coroutine that nobody awaited, an exception that the project caught and
        logged, where a project that hangs is.
        """
        own = [each.text for each in self.raised if each.kind != "coroutine"]
        logged = [error for error in errors_in(self.log, self._folder) if error not in own]
        links = {link for each in self.raised for link in each.chain}
        return list(dict.fromkeys([*own, *(error for error in logged if error not in links)]))

    def _all_raised(self) -> list[Raised]:
        return [_raised(told, self._folder) for told in self._told("raised") if isinstance(told, dict)]

    def _told(self, kind: str) -> list[Any]:
        self._read()
        return self._facts.get(kind, [])

    def _output(self) -> bytes:
        process = self._process()
        return process.since(0) if process else b""

    def _read(self) -> None:
        """Take in the marks that are new; the project shares the output, so what stands in one may be anything."""
        process = self._process()
        if process is None:
            return
        new = process.since(self._read_to)
        end = 0
        for mark in self._mark.finditer(new):
            end = mark.end()
            try:
                facts = json.loads(mark[1])
            except (ValueError, RecursionError):
                continue
            for name, told in facts.items() if isinstance(facts, dict) else ():
                if name not in COUNTS:
                    self._facts.setdefault(name, []).append(told)
                elif type(told) is int and 0 <= told <= MOST:  # True is one by isinstance
                    self._counts[name] = told
        self._read_to += end


def _raised(told: dict[str, Any], folder: Path) -> Raised:
    text = str(told.get("text", ""))
    chain = tuple(errors_in(text, folder)) or (text,)
    return Raised(chain[-1], str(told.get("kind", "")), str(told.get("path", "")), bool(told.get("at_end")), chain)
