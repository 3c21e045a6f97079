"""What the checks of lesson 16 share: a server that can be away, and how a page listens and is told of it."""

import json
from contextlib import contextmanager

from course.errors import Unmet
from course.testbed.deadlines import comes_true

STUDENT = "s1"
SUBSCRIBED = "Subscribed to s1 events."
SUCCESS = "SUCCESS: {}"
BACK_UNITS = 10.0


class Office:
    """Whoever opens sections and registers students, over HTTP."""

    def __init__(self, site, transcript, fresh):
        self.site = site
        self._transcript = transcript
        self._fresh = fresh

    @contextmanager
    def is_away(self):
        """Let the server be killed, and started again at the end; when a check fails meanwhile, the bed does it."""
        self._transcript.add("server", "·", "is killed")
        self.site.stop()
        yield
        self.site.start_again()
        self._transcript.add("server", "·", "is back, on the same port")

    def opens(self, site=None):
        """Open a section and return its key."""
        key = self._fresh.word()
        body = {"section": key, "title": self._fresh.text(), "seats": 10, "lab": None}
        status = (site or self.site).post("/sections/", body).status
        assert status == 201, f"POST for a new section was answered with HTTP {status}."
        return key

    def registers(self, section, site=None, student=STUDENT):
        """Give a student a seat."""
        self._transcript.add("office", "→", f"POST /registrations/ {student} for {section}")
        status = (site or self.site).post("/registrations/", {"student": student, "section": section}).status
        assert status < 300, f"The registration of {student} for {section} was answered with HTTP {status}."


def listens(page):
    """Subscribe, and wait until the server says so."""
    page.click("#subscribe")
    page.waits_for_texts("#events li", [SUBSCRIBED])


def is_subscribed(page, times):
    """Wait until the page has subscribed so many times; it may be waiting for its next attempt."""
    if not comes_true(lambda: page.count("#events [data-type=subscribe]") >= times, BACK_UNITS):
        raise Unmet(
            f"{page.name}'s page is not subscribed, although the server is there.",
            expected=f"{times} times {SUBSCRIBED!r}",
            got=json.dumps(page.texts("#events li")),
        )


def is_refused(page):
    """Tell whether the last attempt has failed, and the page has noticed: its clock stands still in between."""
    page.let_time_pass(0.01)
    return page.refusals == page.attempts - len(sockets_of(page))


def says(page, command):
    page.type("#command", command)
    page.press("Enter")


def sockets_of(page):
    """Return the WebSockets that the server has accepted."""
    return [socket for socket in page.sockets if socket.accepted]


def assert_calm(page):
    uncaught = [error for error in page.errors if error.startswith("Uncaught")]
    assert not uncaught, f"The console shows: {uncaught[0]}"


def outcomes_of(page):
    return page.texts("#events [data-type=SUCCESS]")
