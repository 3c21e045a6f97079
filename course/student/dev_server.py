"""A lesson's project as it is run while one works on it: reloading, in one terminal."""

from __future__ import annotations

import os
import re
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from course.catalog.lessons import Lesson
from course.errors import CourseError, NotStarted
from course.project.scratch_copy import scratch
from course.student.dev_worker import DevWorker
from course.testbed.deadlines import LOOK_AGAIN_S
from course.testbed.processes.environment import python
from course.testbed.processes.process import Process
from course.testbed.servers.redis_server import Redis
from course.testbed.tools import node, node_packages

TIME = re.compile(r"^\d\d:\d\d:\d\d(?= )")  # what RQ begins its lines with

# What a project that takes its settings from the environment finds there while one works on it.
ON_A_DESK = {
    "DJANGO_DEBUG": "1",
    "DJANGO_SECRET_KEY": "for-your-desk-only",
    "DJANGO_ALLOWED_HOSTS": "localhost,127.0.0.1",
}


def serve(lesson: Lesson, *, solved: bool, port: int, echo: Callable[[str], None]) -> int:
    """Run `manage.py runserver` and what the lesson needs until Ctrl-C; return the exit code.

    The student's own folder is served, so that a save reloads; with `solved` a scratch copy. Each line of output
    goes to `echo`. Raises CourseError when the port is taken.
    """
    need_port(port)
    echo(f"{lesson.slug} starts. Stop with Ctrl-C.")
    with ExitStack() as stack:
        folder = stack.enter_context(scratch(lesson, solved=True)) if solved else lesson.starter
        env = _environment()
        if "nginx" in lesson.needs:
            env |= ON_A_DESK
        if "redis" in lesson.needs:
            redis = stack.enter_context(Redis())
            env["REDIS_URL"] = redis.url
            echo(f"redis  │ {'embedded, ' if redis.embedded else ''}{redis.url}")
        if "database" in lesson.needs:
            _migrate(folder, env, lambda line: echo(f"tables │ {line}"))
        if "node" in lesson.needs:
            stack.callback(_builder(folder, solved, lambda line: echo(f"build  │ {line}")))
        if "worker" in lesson.needs:
            stack.callback(_worker(folder, env, lambda line: echo(f"worker │ {line}")).stop)
        command = python("manage.py", "runserver", f"127.0.0.1:{port}")
        server = Process(command, cwd=folder, env=env, on_line=lambda line: echo(f"web    │ {line}"))
        stack.callback(server.kill)
        told = f"{lesson.slug} at http://127.0.0.1:{port}/   Stop with Ctrl-C."
        threading.Thread(target=_tell_once_it_answers, args=(server, port, lambda: echo(told)), daemon=True).start()
        try:
            return server.wait(None) or 0
        except KeyboardInterrupt:
            return 0


def _tell_once_it_answers(server: Process, port: int, tell: Callable[[], None]) -> None:
    """Call `tell` when the server listens, which it says to nobody: a project that does not load yet does later."""
    while not answers(port):
        time.sleep(LOOK_AGAIN_S)
        if server.exit_code is not None:
            return
    tell()


def _migrate(folder: Path, env: dict[str, str], echo: Callable[[str], None]) -> None:
    """Bring the project's database up to date; what is in it stays."""
    migration = Process(python("manage.py", "migrate", "--no-input"), cwd=folder, env=env, on_line=echo)
    try:
        migration.wait(None)
    finally:
        migration.kill()


def _builder(folder: Path, scratched: bool, echo: Callable[[str], None]) -> Callable[[], None]:
    """Build the project's client, at each save anew; return what ends that."""
    try:
        found, client = node.need(), node_packages.client_of(folder)
        if scratched:
            node_packages.provide(client, echo)
            node_packages.link(client)
        else:
            _install(found, client, echo)
    except (CourseError, NotStarted) as error:
        echo(f"{error} You see the page as it was built before.")
        return lambda: None
    argv = [found.npm, "run", "watch", *node.QUIET]
    return Process(argv, cwd=client, env=node.environment(), on_line=echo).kill


def _install(found: node.Node, client: Path, echo: Callable[[str], None]) -> None:
    """Install the packages of the lock file beside it, where an editor looks for them, if they are not there yet."""
    lock, done = client / "package-lock.json", client / "node_modules" / ".package-lock.json"
    if done.is_file() and done.stat().st_mtime >= lock.stat().st_mtime:
        return
    echo("npm gets the client's packages (once, about 50 MB)")
    problem = node_packages.install(found, client, echo)
    if problem:
        raise node.NoNode(f"npm could not get the client's packages. {problem}")


def _worker(folder: Path, env: dict[str, str], echo: Callable[[str], None]) -> DevWorker:
    def tell(line: str) -> None:
        """Hand on a line with the time here: Django lets a worker's clock go by the project's TIME_ZONE."""
        echo(TIME.sub(time.strftime("%H:%M:%S"), line))

    def start() -> Process:
        return Process(python("manage.py", "rqworker"), cwd=folder, env=env, on_line=tell)

    return DevWorker(folder, start, echo)


def _environment() -> dict[str, str]:
    """Return our environment, in which mistakes with coroutines are told.

    A coroutine that nobody awaits is printed (Daphne hides the warning), with the line that made it; and so is a
    step that keeps the event loop busy for longer than 0.1 s.
    """
    env = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO_")}
    told = {"PYTHONWARNINGS": "error:coroutine:RuntimeWarning", "PYTHONASYNCIODEBUG": "1"}
    return env | told | {"PYTHONUNBUFFERED": "1"}


def answers(port: int) -> bool:
    """Tell whether a server listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def need_port(port: int) -> None:
    """Raise CourseError where no server of ours could listen on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise CourseError(f"The system does not let you use port {port}.", "Choose one from 1024 on.") from None
        except OSError:
            other = port + 1 if port < 65535 else port - 1
            remedy = f"Stop what uses it, or choose another: --port {other}"
            raise CourseError(f"Port {port} is in use.", remedy) from None


def is_free(port: int) -> bool:
    """Tell whether a server could listen on a port of this machine."""
    try:
        need_port(port)
    except CourseError:
        return False
    return True
