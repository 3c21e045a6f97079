"""No check holds a run for minutes: a bound on each, and less patience once the same thing has failed three times."""

from __future__ import annotations

import re
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from course.catalog.lessons import Lesson
from course.errors import Unmet
from course.results import Failure
from course.testbed import deadlines
from course.testbed.deadlines import deadline_s

CHECK_UNITS, SLOW_UNITS = 30.0, 60.0
TESTS_UNITS = 150.0  # where a check waits for the student's own tests: each run of them has a limit of its own
SAME_FAILURES = 3  # with the same evidence, after which a run waits less for what will not come
LITTLE_PATIENCE = 1 / 3


def limit_of(lesson: Lesson, *, slow: bool) -> float:
    """Return how long a check of a lesson may take."""
    if not lesson.server:
        return TESTS_UNITS
    return SLOW_UNITS if slow else CHECK_UNITS


@contextmanager
def at_most(units: float) -> Iterator[None]:
    """Break off what takes longer, with Unmet; outside of the main thread, and on Windows, nobody can do that."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def is_over(number: int, frame: FrameType | None) -> None:
        raise Unmet(f"The check had not finished after {deadline_s(units):g} s and was stopped.", got="no end")

    before = signal.signal(signal.SIGALRM, is_over)
    signal.setitimer(signal.ITIMER_REAL, deadline_s(units))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Patience:
    """Counts failures by their evidence, and lets all waits for a client be shorter once one has come three times."""

    def __init__(self) -> None:
        """Begin with full patience."""
        self._seen = Counter[str]()
        deadlines.patience = 1.0

    def take(self, failure: Failure) -> None:
        """Take in a failure."""
        differs = r'"[^"]*"|\d+|\S*/\S*'  # by chance, or from check to check
        evidence = re.sub(differs, "…", f"{failure.message} | {failure.got}")
        self._seen[evidence] += 1
        if self._seen[evidence] >= SAME_FAILURES:
            deadlines.patience = LITTLE_PATIENCE

    def end(self) -> None:
        """Leave full patience to whoever waits for something after the run."""
        deadlines.patience = 1.0
