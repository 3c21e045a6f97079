"""One run of a project's `manage.py`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from course.testbed.process import Process
from course.testbed.server import environment, python
from course.tracebacks import errors_in


class Command(Process):
    """A run of the project's own `manage.py`; `wait` for its end, then ask what it `says`."""

    def __init__(
        self, *arguments: str, folder: Path, manage_in: Path, redis_url: str, env: Mapping[str, str] | None = None
    ) -> None:
        """Start it in `manage_in`, where the manage.py of the project in `folder` is; `env` is added to its own."""
        self._folder = folder
        its_own = environment(folder, redis_url) | dict(env or {})
        super().__init__(python("manage.py", *arguments), cwd=manage_in, env=its_own)

    @property
    def says(self) -> str:
        """What it has written; of a traceback the project's own lines."""
        return "\n".join(errors_in(self.output, self._folder)) or self.output.strip()
