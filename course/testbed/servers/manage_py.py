"""Runs of a project's own `manage.py`: any command, and those that a server stands on, migrate and collectstatic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from course.errors import NotStarted
from course.project.entry_points import read_project
from course.project.scratch_copy import files_of
from course.project.tracebacks import errors_in
from course.testbed.deadlines import deadline_s
from course.testbed.processes.environment import environment, python
from course.testbed.processes.forkserver_client import Forkserver
from course.testbed.processes.process import Process, Spawn

PREPARE_UNITS = 30.0


class ManagePy(Process):
    """A run of the project's own `manage.py`; `wait` for its end, then ask what it `says`."""

    def __init__(
        self,
        *arguments: str,
        folder: Path,
        manage_in: Path,
        redis_url: str,
        env: Mapping[str, str] | None = None,
        parent: Forkserver | None = None,
        spawn: Spawn | None = None,
    ) -> None:
        """Start it in `manage_in`, where the manage.py of the project in `folder` is; `env` is added to its own.

        It is forked from `parent` where there is one, but for `runserver`, which may start itself anew; where
        there is none, `spawn` may start it in another way than as a new program.
        """
        self._folder = folder
        its_own = environment(folder, redis_url) | dict(env or {})
        fork = parent.fork_in(manage_in) if parent and arguments[0] != "runserver" else None
        script = ["manage.py", *arguments]
        super().__init__(script if fork else python(*script), cwd=manage_in, env=its_own, spawn=fork or spawn)

    @property
    def says(self) -> str:
        """What it has written; of a traceback the project's own lines."""
        return "\n".join(errors_in(self.output, self._folder)) or self.output.strip()


class Manage:
    """Runs `manage.py`: `with manage("check") as command: …`."""

    def __init__(
        self,
        folder: Path,
        redis_url: Callable[[], str],
        env: Mapping[str, str],
        parent: Forkserver | None,
        spawn: Spawn | None = None,
    ) -> None:
        """Run the one of the project in `folder`; `redis_url` is asked for at each run, `env` added to each.

        For `parent` and `spawn` see `ManagePy`.
        """
        self._folder = folder
        self._redis_url = redis_url
        self._env = env
        self._parent = parent
        self._spawn = spawn
        self._begun: list[ManagePy] = []

    @contextmanager
    def __call__(self, *arguments: str, without: str = "", env: Mapping[str, str] | None = None) -> Iterator[ManagePy]:
        """Run `manage.py` with these arguments; it is ended when the block is left.

        `env` is added to its environment, the variable `without` taken out. Raises NotStarted where there is no
        manage.py, or it names no settings.
        """
        command = self._start(*arguments, env={k: v for k, v in {**self._env, **(env or {})}.items() if k != without})
        try:
            yield command
        finally:
            command.kill()

    def begin(self, *arguments: str) -> ManagePy:
        """Begin to run `manage.py`, which ends with us at the latest; raises NotStarted as above."""
        command = self._start(*arguments, env=self._env)
        self._begun.append(command)
        return command

    def close(self) -> None:
        """End what was begun."""
        for command in self._begun:
            command.kill()

    @cached_property
    def _manage_in(self) -> Path:
        """Return the folder of manage.py; read once, for the worker is started in a thread, and `ast` has no lock."""
        return read_project(self._folder).folder

    def _start(self, *arguments: str, env: Mapping[str, str]) -> ManagePy:
        return ManagePy(
            *arguments,
            folder=self._folder,
            manage_in=self._manage_in,
            redis_url=self._redis_url(),
            env=env,
            parent=self._parent,
            spawn=self._spawn,
        )


class Migration:
    """The project's database, made anew by `manage.py migrate`: one that somebody has worked with may hold anything."""

    def __init__(self, folder: Path, manage: Manage) -> None:
        """Begin."""
        for path in files_of(folder):
            if path.suffix == ".sqlite3":
                path.unlink()
        self._command = _begin(manage, "migrate", "--no-input")

    def succeeds(self) -> bool:
        """Wait for its end; tell whether the tables are there, or none could be asked for."""
        return self._command is None or self._command.wait(deadline_s(PREPARE_UNITS)) == 0

    def need(self) -> None:
        """Wait until the tables are there; raise NotStarted, with what `migrate` says, when that fails."""
        code = self._command.wait(deadline_s(PREPARE_UNITS)) if self._command else 0
        if code is None:
            raise NotStarted(f"manage.py migrate did not end within {deadline_s(PREPARE_UNITS):g} s.")
        if code and self._command:
            raise NotStarted(f"manage.py migrate ended with exit code {code}.\n{self._command.says}")

    def stop(self) -> None:
        """Give up."""
        if self._command:
            self._command.kill()


class StaticFiles:
    """The project's static files, collected in one folder by `manage.py collectstatic`."""

    def __init__(self, manage: Manage) -> None:
        """Begin."""
        self._command = _begin(manage, "collectstatic", "--no-input")

    def complaint(self) -> str:
        """Wait until they are there; return why there are none, or an empty text."""
        code = self._command.wait(deadline_s(PREPARE_UNITS)) if self._command else 0
        return "" if code == 0 or not self._command else self._command.says or f"exit code {code}"


def _begin(manage: Manage, *arguments: str) -> ManagePy | None:
    """Begin a command; None where there is no manage.py that names settings, which the server tells better."""
    try:
        return manage.begin(*arguments)
    except NotStarted:
        return None
