"""The one unit of time that everything waits in.

A slow machine sets COURSE_TIME_SCALE (a number, 1 by default) and every deadline grows with it.
"""

import os

from course.errors import CourseError


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
