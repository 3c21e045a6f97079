"""The runs of the student's tests, which the checks of this lesson share."""

import pytest
from chat_suites import Suites

from course.judging.judge import judge_of


@pytest.fixture(scope="session")
def begun():
    """What was begun in this session; all of it ends with the session."""
    suites = []
    yield suites
    for one in suites:
        one.close()


@pytest.fixture
def suites(request, bed, begun):
    """The runs of the student's tests that this session's checks ask for."""
    if not begun:
        checks = {item.name for item in request.session.items}
        begun.append(Suites(bed.folder, checks, judge_of(request.config).seed, bed.cage))
    return begun[0]


@pytest.fixture
def notice(request, suites):
    """Proves that the student's tests notice the broken chat of the check that calls it."""
    return lambda: suites.notice(request.node.name)
