"""Tells which lesson was saved."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

from watchfiles import DefaultFilter, watch

from course.catalog.lessons import ROOT, Lesson, lesson_of

QUIET_MS = 8  # how long it must be quiet after a save, so that a burst, such as a formatter's, is one
BURST_MS = 300  # how long a burst may last
NO_EVENTS = {"9p", "cifs", "drvfs", "fuse.sshfs", "nfs", "nfs4", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs"}
BUILT = (*DefaultFilter.ignore_dirs, "dist", ".angular")  # what `course run` builds at a save is no second save
NOT_WORK = (*DefaultFilter.ignore_entity_patterns, r"\.sqlite3", r"\.db$", r"4913", r"\.tmp$")


def saves(root: Path = ROOT, stop: threading.Event | None = None) -> Iterator[Lesson]:
    """Yield a lesson each time its files were saved, a burst of saves as one, until `stop` is set.

    File events tell of a save; on a file system that has none, the files are looked at three times a second.
    """
    folder = root / "lessons"
    work = DefaultFilter(ignore_dirs=BUILT, ignore_entity_patterns=NOT_WORK)
    poll = True if has_no_events(folder) else None
    for changes in watch(
        folder,
        watch_filter=work,
        step=QUIET_MS,
        debounce=BURST_MS,
        stop_event=stop,
        force_polling=poll,
        rust_timeout=500,
    ):
        for lesson in dict.fromkeys(lesson_of(Path(path), root) for _, path in sorted(changes)):
            if lesson:
                yield lesson


def has_no_events(folder: Path, mounts: Path = Path("/proc/mounts")) -> bool:
    """Tell whether `folder` lies on a file system that hands out no events: a network or a host's folder (Linux)."""
    if not mounts.exists():
        return False
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, point, fs, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        if folder.resolve().is_relative_to(point) and len(point) >= len(best):
            best, kind = point, fs
    return kind in NO_EVENTS
