"""One unit of time, scaled in one place."""

from __future__ import annotations

import pytest

from course.errors import CourseError
from course.testbed.deadlines import deadline_s


def test_a_unit_is_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a scale, a deadline of n units is n seconds."""
    monkeypatch.delenv("COURSE_TIME_SCALE", raising=False)

    assert deadline_s() == 1.0
    assert deadline_s(2.5) == 2.5


def test_a_slow_machine_waits_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """COURSE_TIME_SCALE stretches every deadline."""
    monkeypatch.setenv("COURSE_TIME_SCALE", "1.5")

    assert deadline_s(2) == 3.0


@pytest.mark.parametrize("text", ["", "fast", "0", "-1", "nan", "inf", "1000", "1e9", "1,5"])
def test_a_scale_that_is_no_number_is_told(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """A scale that can't be meant is a clear error, and no endless wait."""
    monkeypatch.setenv("COURSE_TIME_SCALE", text)

    with pytest.raises(CourseError, match="takes a number above 0 and below 1000"):
        deadline_s()
