"""Patience is spent once in a run: what three checks have waited for in vain, no other waits for."""

from __future__ import annotations

import pytest

from course.errors import NotRun
from course.testbed.failed_waits import FailedWaits

TEA = "the tea"


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> FailedWaits:
    monkeypatch.setenv("COURSE_TIME_SCALE", "1")
    return FailedWaits()


def wait_in_vain(waits: FailedWaits, checks: int) -> list[float]:
    """Let so many checks wait in vain; return how long each would have waited."""
    limits = []
    for _ in range(checks):
        waits.begin_check()
        limits.append(waits.limit_s(TEA, 3.0))
        waits.failed(TEA)
    return limits


def test_the_second_check_waits_less_and_the_fourth_is_not_run(waits: FailedWaits) -> None:
    """The first wait takes its full time, two more prove it shortly, and then it is known."""
    assert wait_in_vain(waits, 3) == [3.0, 0.5, 0.5]

    waits.begin_check()
    with pytest.raises(NotRun, match="Three checks have waited in vain for the tea"):
        waits.limit_s(TEA, 3.0)


def test_a_short_wait_does_not_grow(waits: FailedWaits) -> None:
    """Where a check waits for less than the short time anyway, it still does."""
    wait_in_vain(waits, 1)

    assert waits.limit_s(TEA, 0.2) == 0.2


def test_one_check_may_wait_as_often_as_it_likes(waits: FailedWaits) -> None:
    """Three waits of one check prove nothing about the others."""
    waits.begin_check()
    for _ in range(5):
        waits.failed(TEA)
    waits.begin_check()

    assert waits.limit_s(TEA, 3.0) == 0.5


def test_what_has_come_once_is_waited_for_by_every_check(waits: FailedWaits) -> None:
    """A project that can do it at all may do it again, so no check is spared."""
    waits.came(TEA)
    wait_in_vain(waits, 4)

    assert waits.limit_s(TEA, 3.0) == 0.5
    assert waits.limit_s("the cake", 3.0) == 3.0
