"""Writes files that are there whole or not at all, whatever ends the process or the machine meanwhile."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from course.errors import CourseError


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file beside its place, wait until the disk has it, and put it there.

    Raises CourseError where that can't be done: a full disk, a folder that nobody may write to.
    """
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _put(path, data)
    except OSError as error:
        raise CourseError(
            f"{path} can't be written: {error.strerror}.",
            "Make room, or name another folder with --out; then type the same command: what is judged stays judged.",
        ) from None


def _put(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}-{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Let the disk know the new name too; Windows does that by itself, and has no way to ask."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
