"""Attempts to get something that failed: noted in a file, so that not each run tries again."""

from __future__ import annotations

import time
from pathlib import Path

RETRY_S = 3600.0


def failed_lately(note: Path) -> bool:
    """Tell whether an attempt failed less than an hour ago."""
    return note.exists() and time.time() - note.stat().st_mtime < RETRY_S


def note_outcome(note: Path, *, failed: bool) -> None:
    """Note that an attempt failed just now, or forget an earlier failure."""
    if failed:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.touch()
    else:
        note.unlink(missing_ok=True)
