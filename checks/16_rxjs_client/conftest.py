"""Who opens sections and pages in the checks of this lesson."""

import pytest
from service_page import STUDENT, Office


@pytest.fixture
def office(site, transcript, fresh):
    """Whoever opens sections and registers students; its server can be away."""
    return Office(site, transcript, fresh)


@pytest.fixture
def enter(open_page, visit, logged_in):
    """Opens the registration page for a student who is logged in."""

    def enter(student=STUDENT):
        page = open_page("/", name=student, cookies=logged_in(visit(student)).cookies)
        page.settle()
        return page

    return enter
