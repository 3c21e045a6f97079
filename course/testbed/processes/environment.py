"""What processes of a project are started with: our Python, and an environment that changes nothing of their ways."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def python(*arguments: str) -> list[str]:
    """Return the command that runs our Python."""
    return [sys.executable, *arguments]


def environment(folder: Path, redis_url: str) -> dict[str, str]:
    """Return the environment of the project's processes: ours, without what would change their ways."""
    dropped = ("DJANGO_", "PYTEST_", "PYTHON", "COVERAGE_", "COURSE_")
    env = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
    env |= {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(folder), "HOME": str(folder)}
    return env | ({"REDIS_URL": redis_url} if redis_url else {})
