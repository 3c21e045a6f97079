"""The one unit of time that everything waits in.

A slow machine sets COURSE_TIME_SCALE (a number, 1 by default) and every deadline grows with it.
"""

import os
import time
from collections.abc import Callable

from course.errors import CourseError

LOOK_AGAIN_S = 0.02
patience = 1.0  # how much of its time a check waits for what a client is to hear or see; a run that fails has less


def deadline_s(units: float = 1.0) -> float:
    """Return how many seconds to wait for something that takes at most `units` seconds on a usual machine.

    Raises CourseError when COURSE_TIME_SCALE is not a number above 0.
    """
    text = os.environ.get("COURSE_TIME_SCALE", "1")
    try:
        scale = float(text)
    except ValueError:
        scale = 0.0
    if not 0 < scale < 1000:
        raise CourseError(f"COURSE_TIME_SCALE is '{text}'; it takes a number above 0 and below 1000.")
    return units * scale


def patience_s(units: float) -> float:
    """Return how many seconds to wait for what a client is to hear or see: `deadline_s`, by the patience of the run."""
    return deadline_s(units) * patience


def comes_true(fact: Callable[[], bool], units: float) -> bool:
    """Wait until `fact` is true, for what tells nobody when it changes and has to be asked again and again."""
    until = time.monotonic() + patience_s(units)
    while not fact():
        if time.monotonic() > until:
            return False
        time.sleep(LOOK_AGAIN_S)
    return True
