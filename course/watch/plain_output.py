"""`course watch --plain`: save → verdict as lines, for screen readers and logs."""

from __future__ import annotations

import queue
import threading
from contextlib import closing

from course.catalog.lessons import Lesson
from course.cli.checking import check
from course.console import out
from course.student.file_watching import saves
from course.testbed.shared import SharedParts


def watch_plainly(lesson: Lesson) -> None:
    """Check a lesson, and then each that is saved, the check that failed last time first; until Ctrl-C."""
    saved: queue.SimpleQueue[Lesson] = queue.SimpleQueue()
    threading.Thread(target=_hear_saves, args=(saved,), daemon=True).start()
    with closing(SharedParts()) as lasting:
        failing = check(lesson, plain=True, lasting=lasting).first_failure
        out.print("\nWatching lessons/. Save a file and its lesson is checked again. Stop with Ctrl-C.")
        while True:
            before, lesson = lesson, saved.get()
            hand = failing.name if failing and lesson == before else ""
            failing = check(lesson, plain=True, first=hand, lasting=lasting).first_failure


def _hear_saves(saved: queue.SimpleQueue[Lesson]) -> None:
    for lesson in saves():
        saved.put(lesson)
