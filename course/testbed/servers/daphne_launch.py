"""How Daphne is started on a project: as a new program or as a fork, with limits that suit a check."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from course.errors import NotStarted
from course.project.entry_points import Project
from course.project.tracebacks import errors_in
from course.testbed.deadlines import deadline_s
from course.testbed.processes.environment import python
from course.testbed.processes.forkserver_client import Forkserver
from course.testbed.processes.process import Process, Spawn

Serve = Callable[[Sequence[str], Path, Mapping[str, str]], Process]
ENTRY = Path(__file__).with_name("daphne_entry.py")
START_UNITS = 10.0
ACCEPT_UNITS = 3  # how long Daphne waits for a consumer to accept
END_UNITS = 1  # how long it waits for a consumer to end after its connection


def launch(
    project: Project,
    token: str,
    env: Mapping[str, str],
    *,
    port: int,
    options: Sequence[str],
    serve: Serve,
    spawn: Spawn | None = None,
) -> Process:
    """Start Daphne on a project; with port 0 the system picks one. `options` are more of Daphne's.

    `spawn` starts what asks the project for its application, in another way than as a new program.

    Raises NotStarted where nobody can tell which application is to be served.
    """
    limits = ["--websocket_connect_timeout", str(round(deadline_s(ACCEPT_UNITS)) or 1)]
    limits += ["--application-close-timeout", str(round(deadline_s(END_UNITS)) or 1)]
    application = project.application or _ask_for_application(project, token, env, spawn)
    daphne = [*limits, *options, "-b", "127.0.0.1", "-p", str(port), application]
    hangs_at = f"{time.time() + deadline_s(START_UNITS) - 1:.1f}"
    return serve([token, hangs_at, str(project.folder), *daphne], project.folder, env)


def serve_cold(arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Process:
    """Run daphne_entry.py with these arguments as a new program."""
    return Process(python("-P", str(ENTRY), *arguments), cwd=cwd, env=env)


def serve_spawned(spawn: Spawn) -> Serve:
    """Return what runs daphne_entry.py with some arguments, as a program that `spawn` starts."""

    def serve(arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Process:
        return Process(python("-P", str(ENTRY), *arguments), cwd=cwd, env=env, spawn=spawn)

    return serve


def serve_forked(parent: Forkserver) -> Serve:
    """Return what runs daphne_entry.py with some arguments as a fork of a preloaded parent, where there can be one."""

    def serve(arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Process:
        fork = parent.fork_in(cwd)
        if fork is None:
            return serve_cold(arguments, cwd, env)
        return Process([str(ENTRY), *arguments], cwd=cwd, env=env, spawn=fork)

    return serve


def why_not(process: Process, folder: Path, name: str = "The server") -> str:
    """Say why a process did not come up, with file and line where there is one."""
    if process.exceeded:
        return f"The project was stopped before it was up: {process.exceeded}."
    errors = errors_in(process.output, folder)
    if process.exit_code is None:
        where = f" It was here:\n{errors[-1]}" if errors else ""
        return f"The project did not start within {deadline_s(START_UNITS):g} s.{where}"
    if errors:
        return errors[-1]
    said = "\n".join(line for line in process.output.splitlines()[-5:] if not line.startswith("\x1e"))
    return f"{name} ended with exit code {process.exit_code} before it was up.\n{said}".strip()


def _ask_for_application(project: Project, token: str, env: Mapping[str, str], spawn: Spawn | None) -> str:
    """Let Django tell ASGI_APPLICATION where the settings do not hold it as a plain text."""
    code = f"from django.conf import settings; print('{token}', getattr(settings, 'ASGI_APPLICATION', ''))"
    settings = {**env, "DJANGO_SETTINGS_MODULE": project.settings}
    asking = Process(python("-c", code), cwd=project.folder, env=settings, spawn=spawn)
    hangs = asking.wait(deadline_s(START_UNITS)) is None
    why_it_hangs = why_not(asking, project.folder) if hangs else ""  # while it does
    asking.kill()
    told = re.search(rf"^{token} (\S+)\.(\w+)$", asking.output, re.MULTILINE)
    if told:
        return f"{told[1]}:{told[2]}"
    if token in asking.output:
        raise NotStarted(f"{project.settings} has no ASGI_APPLICATION, so there is nothing for Daphne to serve.")
    raise NotStarted(why_it_hangs or why_not(asking, project.folder))
