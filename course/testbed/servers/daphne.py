"""A project running as a server of its own: served by Daphne, asked over HTTP and WebSockets."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

from course.errors import NotStarted, Unmet
from course.project.entry_points import read_project
from course.testbed.clients.endpoint import Endpoint, WebSocketTarget
from course.testbed.clients.http import HttpClient, Response
from course.testbed.deadlines import deadline_s
from course.testbed.processes.environment import environment
from course.testbed.processes.process import Process, Spawn
from course.testbed.servers.daphne_launch import END_UNITS, START_UNITS, Serve, launch, serve_cold, why_not
from course.testbed.servers.server_reports import Raised, ServerReports

LINGER_UNITS = END_UNITS + 5.0  # in which Daphne must have ended a consumer that goes on
SETTLE_UNITS = 0.3


class Site(Endpoint):
    """The project under check, served by Daphne on a port of its own."""

    def __init__(
        self,
        folder: Path,
        *,
        redis_url: str = "",
        serve: Serve = serve_cold,
        spawn: Spawn | None = None,
        port: int = 0,
        options: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        name: str = "",
        label: str = "",
    ) -> None:
        """Begin to start the server, and return at once; everything below waits until it is up.

        `serve` starts it in another way than as a new program, and `spawn` all else of the project. Without a `port`
        the system picks one. `options` are more of Daphne's, `env` more of its environment. `name` is the only one by
        which it serves, behind a proxy. `label` is what timelines call it.
        """
        super().__init__()
        self.label = label
        self._options = options
        self._name = name
        self._serve = serve
        self._spawn = spawn
        self._env = environment(folder, redis_url) | dict(env or {})
        self._folder = folder
        self._token = secrets.token_hex(8)
        self._problem: NotStarted | None = None
        self._process: Process | None = None
        self._reports = ServerReports(lambda: self._process, self._token, folder)
        self._port = 0
        self._stopped = False
        self.hung = False  # it answered nothing when it was to settle
        try:
            self.project = read_project(folder)
            self._launch_on(port)
        except NotStarted as problem:
            self._problem = problem

    @property
    def host(self) -> str:
        """The server's "127.0.0.1:port".

        Raises NotStarted, with file and line, when it does not come up within ten seconds.
        """
        if not self._port and not self._problem:
            self._problem = self._await_start()
        if self._problem:
            raise self._problem
        return f"127.0.0.1:{self._port}"

    def url(self, path: str) -> str:
        """Return the full address of a path."""
        return f"http://{self.host}{path}"

    def websocket_target(self, path: str) -> WebSocketTarget:
        """Return how a WebSocket gets to a path."""
        return WebSocketTarget(f"ws://{self.host}{path}", f"http://{self.host}")

    def http_client(self) -> HttpClient:
        """Return a client that sends requests as a page of the site would."""
        return HttpClient(self.url(""))

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Response:
        """GET a path and return the answer, whatever its status; redirects are followed."""
        return self.http_client().get(path, headers)

    def post(self, path: str, data: object, headers: Mapping[str, str] | None = None) -> Response:
        """POST `data` as JSON and return the answer, whatever its status."""
        return self.http_client().post_json(path, data, headers)

    @property
    def log(self) -> str:
        """What the server has written since the check began."""
        return self._reports.log

    @property
    def errors(self) -> list[str]:
        """What went wrong since the check began, each cut to the project's own lines; what nobody caught is first."""
        return self._reports.errors

    @property
    def raised(self) -> list[Raised]:
        """The exceptions that nobody caught since the check began, whatever the project's LOGGING does with them."""
        return self._reports.raised

    @property
    def crash(self) -> str:
        """The first exception that nobody caught since the check began, in one line, or an empty text."""
        return next((each.says for each in self.raised), "")

    @property
    def reports(self) -> ServerReports:
        """All that the server tells of its application."""
        return self._reports

    def only_runs(self, consumers: int) -> bool:
        """Wait until no more consumers run than these, for six seconds; tell whether it came to that."""
        return self._comes_down_to(consumers, LINGER_UNITS)

    def consumers_end(self) -> None:
        """Wait until no consumer runs any more, and none of the tasks and timers that they have started.

        Raises Unmet when Daphne had to kill one, a second after its connection was closed, or the server is gone.
        """
        ended = self.only_runs(0)
        if self.why_dead:
            raise Unmet("With a connection, the server ended too.", expected="a server that goes on", got="none")
        if self._reports.killed:
            raise Unmet(
                "The connection is closed, but its consumer went on until Daphne killed it.",
                expected="a consumer that ends with its connection",
                got="Application instance … took too long to shut down and was killed.",
            )
        if not ended:
            counts = self._reports.counts()
            if not counts.get("running"):
                raise Unmet(
                    "The connection is closed, but a task or timer that its consumer has started goes on.",
                    expected="no task or timer that outlives its connection",
                    got=f"{counts.get('left', 0)} running",
                )
            raise Unmet("A consumer still runs.", expected="no running consumer", got=f"{counts['running']} running")

    def settle(self, still_open: int = 0) -> None:
        """Let the server write down what its consumers raised: those whose clients have left get the time to end.

        That is a second, after which Daphne ends them. One that raised may need it: on Python 3.11, a channel layer
        with a `socket_timeout` may miss that it is to stop, and holds the exception back until Daphne asks again.
        """
        self.hung = self.started and not self.responds()
        if self._process and self.hung:
            self._process.wait(deadline_s(SETTLE_UNITS))  # it may be on its way out
        elif self._process:
            self._comes_down_to(still_open, END_UNITS + SETTLE_UNITS)

    def begin_check(self) -> None:
        """Let the log and the reports of the next check begin here."""
        self._reports.begin_check()

    @property
    def started(self) -> bool:
        """Whether the server came up."""
        return self._port > 0

    @property
    def lives(self) -> bool:
        """Whether the server is up, and neither stopped nor gone by itself."""
        return self.started and not self._stopped and not self.why_dead

    @property
    def pid(self) -> int:
        """The process id of what was started last, a supervisor of it for one; 0 where nothing was."""
        return self._process.pid if self._process else 0

    def responds(self) -> bool:
        """Tell whether the server still answers HTTP, with whatever status, within a second."""
        try:
            with socket.create_connection(("127.0.0.1", self._port), deadline_s(1)) as probe:
                host = f"Host: {self._name}\r\nX-Forwarded-Proto: https\r\n" if self._name else ""
                probe.sendall(f"HEAD /course-probe HTTP/1.0\r\n{host}\r\n".encode())
                return bool(probe.recv(1))
        except OSError:
            return False

    def stop(self) -> None:
        """End the server and everything that it started, with -9: it can say and tidy up nothing."""
        self._stopped = True
        if self._process:
            self._process.kill()

    def start_again(self) -> None:
        """Start the server anew on its port, after `stop`; return when it is up.

        Raises NotStarted when it does not come up.
        """
        self._launch_on(self._port)
        assert self.host

    def end(self) -> None:
        """Ask the server to end, as who runs it would, and wait until it is gone."""
        self._stopped = True
        if self._process:
            self._process.stop()

    @property
    def why_dead(self) -> str:
        """Why the server is gone though nobody stopped it, or an empty text."""
        if self._stopped or not self._process or not self.started:
            return ""
        if self._process.exceeded:
            return f"The project was stopped: {self._process.exceeded}."
        code = self._process.exit_code
        return "" if code is None else f"The server ended in the middle, with exit code {code}."

    def _launch_on(self, port: int) -> None:
        """Start a process that listens on this port, 0 for one that the system picks."""
        self._process = launch(
            self.project, self._token, self._env, port=port, options=self._options, serve=self._serve, spawn=self._spawn
        )
        self._port, self._stopped, self.accepted = 0, False, 0
        self._reports.restart()

    def _await_start(self) -> NotStarted | None:
        assert self._process
        counts = self._reports.counts
        self._process.wait_until(lambda: "port" in counts(), deadline_s(START_UNITS))
        if "port" in counts():
            self._port = counts()["port"]
            return None
        problem = NotStarted(why_not(self._process, self._folder))
        self._process.kill()
        return problem

    def _comes_down_to(self, consumers: int, units: float) -> bool:
        """Wait until no more consumers run than these, and no task or timer of one that has ended."""
        assert self._process

        def fact() -> bool:
            counts = self._reports.counts()
            are_in = counts.get("opened", 0) >= self.accepted
            return are_in and counts.get("running", 0) <= consumers and not counts.get("left")

        return self._process.wait_until(fact, deadline_s(units))
