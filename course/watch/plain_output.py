"""`course watch --plain`: save → verdict as lines, for screen readers and logs."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import closing

from course.catalog.lessons import Lesson
from course.results import Report
from course.student.file_watching import saves
from course.testbed.processes.forkserver_client import Forkserver
from course.testbed.shared import SharedParts


def watch_plainly(lesson: Lesson, check: Callable[..., Report], say: Callable[[str], None]) -> None:
    """Check a lesson, and then each that is saved, the check that failed last time first; until Ctrl-C.

    `check` checks a lesson and tells what it finds; it takes `first` and `shared` as `session.run_checks` does.
    """
    saved: queue.SimpleQueue[Lesson] = queue.SimpleQueue()
    threading.Thread(target=_hear_saves, args=(saved,), daemon=True).start()
    with closing(SharedParts(Forkserver())) as shared:
        failing = check(lesson, shared=shared).first_failure
        say("\nWatching lessons/. Save a file and its lesson is checked again. Stop with Ctrl-C.")
        while True:
            before, lesson = lesson, saved.get()
            first = failing.name if failing and lesson == before else ""
            failing = check(lesson, first=first, shared=shared).first_failure


def _hear_saves(saved: queue.SimpleQueue[Lesson]) -> None:
    for lesson in saves():
        saved.put(lesson)
