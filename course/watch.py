"""Save → verdict: tells which lesson was saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from watchfiles import DefaultFilter, watch

from course.catalog import ROOT, Lesson, lesson_of

QUIET_MS = 60  # a burst of saves, such as a formatter's, is one


def saves(folder: Path = ROOT / "lessons") -> Iterator[Lesson]:
    """Yield a lesson each time one of its files was saved, until Ctrl-C."""
    ignored = (*DefaultFilter.ignore_dirs, "__pycache__")
    patterns = (*DefaultFilter.ignore_entity_patterns, r"\.sqlite3")
    only_work = DefaultFilter(ignore_dirs=ignored, ignore_entity_patterns=patterns)
    for changes in watch(folder, watch_filter=only_work, step=QUIET_MS, debounce=1600, raise_interrupt=True):
        for lesson in dict.fromkeys(lesson_of(Path(path)) for _, path in changes):
            if lesson:
                yield lesson
