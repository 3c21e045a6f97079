"""A project running as a server of its own."""

from __future__ import annotations

import json
import re
import secrets
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from course.errors import NotStarted, Unmet
from course.project.entry_points import Project, read_project
from course.project.tracebacks import errors_in
from course.testbed.clients.endpoint import Endpoint, WebSocketTarget
from course.testbed.clients.http import HttpClient, Response
from course.testbed.deadlines import deadline_s
from course.testbed.processes.environment import environment, python
from course.testbed.processes.forkserver_client import Forkserver
from course.testbed.processes.process import Process

Serve = Callable[[Sequence[str], Path, Mapping[str, str]], Process]
ENTRY = Path(__file__).with_name("daphne_entry.py")
START_UNITS = 10.0
ACCEPT_UNITS = 2  # how long Daphne waits for a consumer to accept
END_UNITS = 1  # how long it waits for a consumer to end after its connection
REPLY_UNITS = 5.0
MOST = 65535  # of anything that the server counts, a port among them
SETTLE_UNITS = 0.3
KILLED_FOR_LINGERING = "took too long to shut down and was killed"


class Site(Endpoint):
    """The project under check, served by Daphne on a port of its own."""

    def __init__(
        self,
        folder: Path,
        *,
        redis_url: str = "",
        serve: Serve | None = None,
        port: int = 0,
        options: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        name: str = "",
    ) -> None:
        """Begin to start the server, and return at once; everything below waits until it is up.

        `serve` starts it in another way than as a new program. Without a `port` the system picks one. `options` are
        more of Daphne's, `env` more of its environment. `name` is the only one by which it serves, behind a proxy.
        """
        super().__init__()
        self._options = options
        self._name = name
        self._env = dict(env or {})
        self._serve = serve or serve_cold
        self._folder = folder
        self._token = secrets.token_hex(8)
        self._redis_url = redis_url
        self._problem: NotStarted | None = None
        self._process: Process | None = None
        self._port = 0
        self._stopped = False
        self._log_begins = 0
        self._told: dict[str, int] = {}
        self.hung = False  # it answered nothing when it was to settle
        self._read_to = 0
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

    @property
    def log(self) -> str:
        """What the server has written since the check began."""
        return self._whole_log()[self._log_begins :]

    @property
    def errors(self) -> list[str]:
        """The errors in the log since the check began, each cut to the project's own lines."""
        return errors_in(self.log, self._folder)

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

    def only_runs(self, consumers: int) -> bool:
        """Wait until no more consumers run than these, for six seconds; tell whether it came to that."""
        return self._comes_down_to(consumers, END_UNITS + REPLY_UNITS)

    def consumers_end(self) -> None:
        """Wait until no consumer runs any more.

        Raises Unmet when Daphne had to kill one, a second after its connection was closed.
        """
        ended = self.only_runs(0)
        if KILLED_FOR_LINGERING in self.log:
            raise Unmet(
                "The connection is closed, but its consumer went on, until Daphne killed it.",
                expected="a consumer that ends with its connection",
                got=f"Application instance … {KILLED_FOR_LINGERING}.",
            )
        if not ended:
            raise Unmet("A consumer still runs.", expected="no running consumer", got=str(self._facts()))

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
        """Let the log of the next check begin here."""
        self._log_begins = len(self._whole_log())

    @property
    def started(self) -> bool:
        """Whether the server came up."""
        return self._port > 0

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
        if self._process.exit_code is None and not self._process.flooded:
            return ""
        if self._process.flooded:
            return "The project was stopped: it wrote more than 16 MB to its log."
        return f"The server ended in the middle, with exit code {self._process.exit_code}."

    def _launch_on(self, port: int) -> None:
        """Start a process that listens on this port, 0 for one that the system picks."""
        self._process = self._launch(self.project, port)
        self._port, self._stopped, self.accepted = 0, False, 0
        self._log_begins, self._read_to, self._told = 0, 0, {}

    def _launch(self, project: Project, port: int) -> Process:
        limits = ["--websocket_connect_timeout", str(round(deadline_s(ACCEPT_UNITS)) or 1)]
        limits += ["--application-close-timeout", str(round(deadline_s(END_UNITS)) or 1)]
        application = project.application or self._ask_for_application(project)
        daphne = [*limits, *self._options, "-b", "127.0.0.1", "-p", str(port), application]
        hangs_at = f"{time.time() + deadline_s(START_UNITS) - 1:.1f}"
        env = environment(self._folder, self._redis_url) | self._env
        return self._serve([self._token, hangs_at, *daphne], project.folder, env)

    def _ask_for_application(self, project: Project) -> str:
        """Let Django tell ASGI_APPLICATION where the settings do not hold it as a plain text."""
        code = f"from django.conf import settings; print('{self._token}', getattr(settings, 'ASGI_APPLICATION', ''))"
        env = environment(self._folder, self._redis_url) | self._env | {"DJANGO_SETTINGS_MODULE": project.settings}
        asking = Process(python("-c", code), cwd=project.folder, env=env)
        asking.wait(deadline_s(START_UNITS))
        asking.kill()
        told = re.search(rf"^{self._token} (\S+)\.(\w+)$", asking.output, re.MULTILINE)
        if told:
            return f"{told[1]}:{told[2]}"
        if self._token in asking.output:
            raise NotStarted(f"{project.settings} has no ASGI_APPLICATION, so there is nothing for Daphne to serve.")
        raise NotStarted(why_not(asking, self._folder))

    def _await_start(self) -> NotStarted | None:
        assert self._process
        self._process.wait_until(lambda: "port" in self._facts(), deadline_s(START_UNITS))
        facts = self._facts()
        if "port" in facts:
            self._port = facts["port"]
            return None
        problem = NotStarted(why_not(self._process, self._folder))
        self._process.kill()
        return problem

    def _comes_down_to(self, consumers: int, units: float) -> bool:
        assert self._process

        def fact() -> bool:
            facts = self._facts()
            return facts.get("running", 0) <= consumers and facts.get("opened", 0) >= self.accepted

        return self._process.wait_until(fact, deadline_s(units))

    def _facts(self) -> dict[str, int]:
        """Return what the server told last of each fact."""
        assert self._process
        new = self._process.since(self._read_to)
        for told in re.finditer(rb"\x1e%b(.*?)\x1e\n" % self._token.encode(), new):
            self._told |= _numbers(told[1])
        self._read_to += new.rfind(b"\n") + 1
        return self._told

    def _whole_log(self) -> str:
        if self._process is None:
            return ""
        return re.sub(rf"\x1e{self._token}.*?\x1e\n", "", self._process.output)


def _numbers(told: bytes) -> dict[str, int]:
    """Return what the server told; the project shares its output, so it may be anything."""
    try:
        facts = json.loads(told)
    except (ValueError, RecursionError):
        return {}
    items = facts.items() if isinstance(facts, dict) else ()
    return {key: value for key, value in items if isinstance(value, int) and 0 <= value <= MOST}


def serve_forked(parent: Forkserver) -> Serve:
    """Return what runs daphne_entry.py with some arguments as a fork of a preloaded parent, where there can be one."""

    def serve(arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Process:
        fork = parent.fork_in(cwd)
        if fork is None:
            return serve_cold(arguments, cwd, env)
        return Process([str(ENTRY), *arguments], cwd=cwd, env=env, spawn=fork)

    return serve


def serve_cold(arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Process:
    """Run daphne_entry.py with these arguments as a new program."""
    return Process(python("-P", str(ENTRY), *arguments), cwd=cwd, env=env)


def why_not(process: Process, folder: Path, name: str = "The server") -> str:
    """Say why a process did not come up, with file and line where there is one."""
    if process.flooded:
        return "The project was stopped: it wrote more than 16 MB to its log before it was up."
    errors = errors_in(process.output, folder)
    if process.exit_code is None:
        where = f" It was here:\n{errors[-1]}" if errors else ""
        return f"The project did not start within {deadline_s(START_UNITS):g} s.{where}"
    if errors:
        return errors[-1]
    said = "\n".join(line for line in process.output.splitlines()[-5:] if not line.startswith("\x1e"))
    return f"{name} ended with exit code {process.exit_code} before it was up.\n{said}".strip()
