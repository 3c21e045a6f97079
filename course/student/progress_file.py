"""progress.toml as a document: one change at a time, all of it or nothing, and what we do not know is kept."""

from __future__ import annotations

import copy
import datetime
import json
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from course.errors import CourseError

HEAD = "# Your progress in Channels on the Wire. Yours to keep: course updates leave this file alone.\n"


def read(path: Path) -> dict[str, Any]:
    """Return what the file holds; without one, nothing. Raises CourseError where it can't be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:  # no TOML, no UTF-8
        raise unreadable(path, error) from None


def unreadable(path: Path, why: Exception) -> CourseError:
    """Return the error for a file that can't be read; it is left as it is."""
    return CourseError(f"{path} can't be read: {why}.", f"Fix it, or move it away: mv {path} {path}.old")


@contextmanager
def changing(path: Path) -> Iterator[dict[str, Any]]:
    """Hand out what the file holds, and write it back when it was changed; another command waits meanwhile.

    Raises OSError where it can't be written; then it is what it was.
    """
    with _alone(path.parent):
        data = read(path)
        before = copy.deepcopy(data)
        yield data
        if data != before:
            _write(path, data)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a lock on the folder, for which no file is needed."""
    if sys.platform == "win32":
        yield  # a folder can't be locked there
        return
    import fcntl

    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _write(path: Path, data: dict[str, Any]) -> None:
    draft = path.with_suffix(".tmp")
    try:
        draft.write_text(HEAD + _document(data), encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _document(data: dict[str, Any]) -> str:
    """Return TOML: values first, then a table for each lesson; below that, everything is a value."""
    values = {key: value for key, value in data.items() if not isinstance(value, dict)}
    lines = [f"\n{_key(key)} = {_value(value)}" for key, value in values.items()]
    for name in sorted(data.keys() - values.keys()):
        lines.append(f"\n[{_key(name)}]")
        for key, value in data[name].items():
            parts = value.items() if isinstance(value, dict) and value else []
            lines += [f"{_key(key)}.{_key(part)} = {_value(held)}" for part, held in parts]
            lines += [] if parts else [f"{_key(key)} = {_value(value)}"]
    return "\n".join([*lines, ""])


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(_value(part) for part in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_key(key)} = {_value(part)}' for key, part in value.items())}}}"
    return repr(value)


def _key(name: str) -> str:
    """Return a key as TOML writes it: bare where it may be, else in quotes (those of JSON are the same)."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _value(name)
