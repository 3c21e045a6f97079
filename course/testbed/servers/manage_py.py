"""One run of a project's `manage.py`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from course.project.tracebacks import errors_in
from course.testbed.processes.environment import environment, python
from course.testbed.processes.forkserver_client import Forkserver
from course.testbed.processes.process import Process


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
    ) -> None:
        """Start it in `manage_in`, where the manage.py of the project in `folder` is; `env` is added to its own.

        It is forked from `parent` where there is one, but for `runserver`, which may start itself anew.
        """
        self._folder = folder
        its_own = environment(folder, redis_url) | dict(env or {})
        fork = parent.fork_in(manage_in) if parent and arguments[0] != "runserver" else None
        script = ["manage.py", *arguments]
        super().__init__(script if fork else python(*script), cwd=manage_in, env=its_own, spawn=fork)

    @property
    def says(self) -> str:
        """What it has written; of a traceback the project's own lines."""
        return "\n".join(errors_in(self.output, self._folder)) or self.output.strip()
