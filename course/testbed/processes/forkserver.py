"""A parent that has imported what every project imports, and forks its processes: `python -P forkserver.py SOCKET`.

A new Python needs 0.3 s to import Django, Channels and Daphne; a fork has them at once. The parent never imports a
project, and nothing that it imports reads a setting or opens a file, so that a forked process behaves as a new one.
Requests come over a Unix socket: a length, then JSON, with two pipes attached: the supervisor's leash and the output.
"""

import gc
import importlib
import json
import logging.config
import os
import runpy
import signal
import socket
import struct
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

HERE = Path(__file__).parent
BY_MANAGE = ("django.core.management",)  # what manage.py imports before the project's settings are read
BY_SERVER = (  # what serve.py and a project's asgi.py do
    "asyncio",
    "faulthandler",
    "twisted.internet.asyncioreactor",  # but not the reactor itself: two processes must not share its selector
    "twisted.internet.endpoints",
    "twisted.logger",
    "twisted.web.http",
    "autobahn.twisted.websocket",
    "daphne.access",
    "daphne.endpoints",
    "daphne.http_protocol",
    "daphne.ws_protocol",
    "django.core.asgi",
)
LATER = (
    "django.core.checks",
    "django.core.management.commands.migrate",
    "django.contrib.auth.hashers",
    "django.contrib.messages.storage.fallback",
    "django.contrib.sessions.middleware",
    "django.contrib.staticfiles.handlers",
    "django.db.backends.sqlite3.base",
    "django.forms",
    "django.middleware.csrf",
    "django.shortcuts",
    "django.template.backends.django",
    "django.views.generic",
    "channels.consumer",
    "channels.db",
    "channels.generic.websocket",
    "channels.layers",
    "channels.routing",
    "channels.security.websocket",
    "channels.sessions",
    "channels_redis.core",
    "rest_framework.serializers",
    "rq.worker",
)
PRELOAD = (*BY_MANAGE, *BY_SERVER, *LATER)
LOGGERS: dict[str, set[str]] = {}  # the loggers that there are once a module is imported, in the order of the imports


class Forked:
    """A forked process, as far as the supervisor needs it."""

    def __init__(self, pid: int) -> None:
        """Take over the process."""
        self.pid = pid

    def wait(self) -> int:
        """Return its exit code, or minus the signal that ended it."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def terminate(self) -> None:
        """Ask it to end."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            pass  # ended by itself meanwhile


def main(preload: Sequence[str] = PRELOAD, become: Callable[[list[str]], None] | None = None) -> None:
    """Import what projects import, then fork a process for each request, until we are killed.

    `become` is what it does with its arguments: to run a script, unless something else is given.
    """
    for name in preload:
        importlib.import_module(name)
        LOGGERS[name] = set(logging.root.manager.loggerDict)
    # By its path, for a project may have a package called `course`.
    supervisor = SimpleNamespace(**runpy.run_path(str(HERE / "supervisor.py")))
    gc.collect()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(sys.argv[1])
        door.listen()
        names = sorted({name.partition(".")[0] for name in sys.modules})
        print(f"ready {json.dumps(names)}", flush=True)  # noqa: T201 - whoever started it waits for this line
        while True:
            caller, _ = door.accept()
            _reap()
            request, pipes = _receive(caller)
            if request and os.fork() == 0:
                door.close()
                _keep_fork(request, pipes, caller, supervisor, become or _run)
            for fd in pipes:
                os.close(fd)
            caller.close()


def _keep_fork(
    request: dict[str, Any],
    pipes: list[int],
    caller: socket.socket,
    supervisor: SimpleNamespace,
    become: Callable[[list[str]], None],
) -> None:
    """Be the supervisor of one process, and tell the caller its number, then its exit code; never return."""
    leash, output = pipes
    os.dup2(leash, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    for fd in pipes:
        os.close(fd)
    supervisor.prepare()
    pid = os.fork()
    if pid == 0:
        caller.close()
        supervisor.default_signals()
        os.setsid()  # it is where a new program would be: in a session, a folder and an environment of its own
        with open(os.devnull) as nothing:  # noqa: PTH123 - a file descriptor is what is wanted
            os.dup2(nothing.fileno(), 0)
        os.chdir(request["cwd"])
        os.environ.clear()
        os.environ.update(request["env"])
        become(request["arguments"])
        raise SystemExit(0)
    _tell(caller, pid)
    _tell(caller, supervisor.keep(Forked(pid)))
    os._exit(0)


def _tell(caller: socket.socket, number: int) -> None:
    try:
        caller.sendall(struct.pack("i", number))
    except OSError:
        pass  # the caller is gone, and with it soon what was forked


def _run(arguments: list[str]) -> None:
    """Be what `python SCRIPT …` would have been; a script of ours is run with `-P`, and its folder is not searched."""
    script = Path(arguments[0]).absolute()
    is_ours = script.is_relative_to(HERE.parent)
    if not is_ours:
        sys.path.insert(0, str(script.parent))
    _spare_loggers(LOGGERS[PRELOAD[-1]] - LOGGERS[(BY_SERVER if is_ours else BY_MANAGE)[-1]])
    sys.argv = arguments
    sys.modules["__main__"] = module = ModuleType("__main__")
    module.__file__ = str(script)
    exec(compile(script.read_bytes(), script, "exec"), vars(module))


def _spare_loggers(later: set[str]) -> None:
    """Let a project's LOGGING disable no logger that a new program would not have yet when LOGGING is read.

    `disable_existing_loggers` is on unless a project says otherwise.
    """
    disable = logging.config._handle_existing_loggers  # type: ignore[attr-defined]  # private; nothing public tells

    def spare(existing: list[str], *others: object) -> None:
        disable([name for name in existing if name not in later], *others)

    logging.config._handle_existing_loggers = spare  # type: ignore[attr-defined]  # private; nothing public tells


def _receive(caller: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Return a request and its pipes; the request is empty where the caller was killed before it had sent all."""
    size, pipes, _, _ = socket.recv_fds(caller, 4, 2)
    wanted = struct.unpack("i", size)[0] if len(size) == 4 else 0
    text = b""
    while len(text) < wanted and (part := caller.recv(wanted - len(text))):
        text += part
    return json.loads(text) if wanted and len(text) == wanted else {}, list(pipes)


def _reap() -> None:
    """Collect the supervisors that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        pass  # there is none


if __name__ == "__main__":
    main()
