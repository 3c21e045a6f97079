"""After a key or a click, a window settles: on the page that it leads to, or where it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from course.testbed.browser.open_page import OpenPage
from course.testbed.clients.transcript import Transcript

WritePage = Callable[..., str]
FORM = "<form><input id=n><button id=b>Go</button></form><script>document.forms[0].onsubmit = (e) => {{ {} }}</script>"


@pytest.mark.parametrize("do", ["click", "press"])
def test_a_script_that_leads_away_is_followed(open_page: OpenPage, page: WritePage, do: str) -> None:
    """A script calls location.assign: after `settle` the other page is shown."""
    page("<p id=p>tea</p>", name="room")
    ana = open_page(page(FORM.format("e.preventDefault(); location.assign('/room')"), name="door"))
    ana.click("#b") if do == "click" else ana.press("Enter", "#n")
    ana.settle()

    assert ana.path == "/room"
    assert ana.count("#p") == 1


def test_a_way_to_nowhere_is_followed_too(open_page: OpenPage, page: WritePage) -> None:
    """An error page is a page: after `settle` its path is the window's."""
    ana = open_page(page(FORM.format("e.preventDefault(); location.assign('/no/such/page')"), name="door"))
    ana.click("#b")
    ana.settle()

    assert ana.path == "/no/such/page"


def test_who_stays_is_not_waited_for(open_page: OpenPage, page: WritePage) -> None:
    """Where nothing is loaded, `settle` goes on at once."""
    ana = open_page(page(FORM.format("e.preventDefault()"), name="door"))
    ana.click("#b")
    ana.settle()

    assert ana.path == "/door"


def test_a_step_within_the_page_is_no_journey(open_page: OpenPage, page: WritePage) -> None:
    """A fragment and the history change the address, and load nothing."""
    ana = open_page(
        page(FORM.format("e.preventDefault(); location.hash = 'x'; history.pushState(null, '', '?y')"), name="door")
    )
    ana.click("#b")
    ana.settle()

    assert ana.path == "/door?y"


def test_a_page_that_leaves_by_itself_is_told_of(
    open_page: OpenPage, page: WritePage, page_transcript: Transcript
) -> None:
    """A form that nobody has stopped loads the page anew, and the timeline says so."""
    ana = open_page(page(FORM.format(""), name="door"))
    ana.press("Enter", "#n")
    ana.settle()

    assert "the page leaves for /door?" in [event.what for event in page_transcript.events()]
