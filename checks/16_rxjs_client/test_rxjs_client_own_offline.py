"""Offline, and back at once: `messages` tells how long the page waits, and the browser's `online` event ends the wait.

While the server is away, listeners get {"type": "offline", "message": "offline, next try in 4 s"} for each wait.
"""

import re

import pytest
from service_page import SUCCESS, assert_calm, is_refused, is_subscribed, listens, outcomes_of

from course.errors import Unmet
from course.testbed.deadlines import comes_true

LINES = "#events [data-type=offline]"
SHAPE = re.compile(r"offline, next try in (\d+) s")
WAITS = 6
LONGEST_S = 6  # with chance
EARLIER_S = 1.5  # than the number says: it is rounded up, and the clock has run a little while the page was refused
LATER_S = 0.2
AT_ONCE_S = 0.1


@pytest.mark.own
def test_offline_is_told(enter, office):
    """For each wait, listeners are told once "offline, next try in 4 s", and the number is true.

    1. Which of your functions knows how long the next wait is? It is called once for each wait.
    2. A listener can't tell where a message comes from. Pass one to the Subject that all of them hear.
    3. In `delay`, keep the wait in a constant. `this.told.next({ type: "offline", message: … })`, with `Math.ceil`
       for the seconds, comes before the timer.
    """
    page = enter()
    listens(page)
    with office.is_away():
        is_lost(page)
        for _ in range(WAITS):
            fails_again(page)
            known, wait_s = page.attempts, waits_of(page)[-1]
            assert page.count(LINES) == known, (
                f"The connection was lost and {known - 1} attempts have failed. "
                f"That makes {known} waits, but listeners were told of {page.count(LINES)}."
            )
            early_s = max(0.0, wait_s - EARLIER_S)
            if early_s:
                page.let_time_pass(early_s)
                assert page.attempts == known, f"Listeners were told to wait {wait_s} s, but the page tried earlier."
            page.let_time_pass(min(wait_s, LONGEST_S) - early_s + LATER_S)
            assert page.attempts > known, f"Listeners were told to wait {wait_s} s, but the page waits for longer."
        first, *_, last = waits_of(page)
        assert first <= 1, f"The first attempt comes within a second, but listeners were told {first} s."
        assert first < last <= LONGEST_S, f"The waits grow up to four seconds, but listeners were told {last} s."


@pytest.mark.own
def test_online_ends_the_wait(enter, office):
    """When the browser comes online, the page tries once at once, and if that fails, it goes on as before.

    1. Who comes out of a tunnel should not have to wait for a timer. Two things may end a wait now. Which of them does?
    2. `window` fires an event when the network is back. RxJS makes an Observable of any event.
    3. `fromEvent` makes one of `window` and "online". `race` takes two Observables, and goes on with the one that is
       first. What `retry` waits for in `delay` may be any Observable.
    """
    page = enter()
    listens(page)
    with office.is_away():
        is_lost(page)
        for _ in range(WAITS):
            fails_again(page)
            page.let_time_pass(LONGEST_S + LATER_S)
        fails_again(page)
        for _ in range(2):
            known = page.attempts
            comes_online(page, times=2)
            page.let_time_pass(AT_ONCE_S)
            tried = page.attempts - known
            assert tried, "The browser is online again, but the page waits until its time is over."
            assert tried == 1, f"The browser is online again, and the page has opened {tried} WebSockets at once."
            fails_again(page)
            assert page.count(LINES) == page.attempts, "The early attempt has failed, and listeners were not told."
        page.let_time_pass(LONGEST_S + LATER_S)
        assert page.attempts > known + 1, "The early attempt has failed, and there was no other."


@pytest.mark.own
def test_online_is_no_reason_to_connect(enter, office):
    """Where the page waits for nothing, coming online changes nothing, and nobody is told to be offline.

    1. The event may come at any time: before Subscribe, during a good connection, after Unsubscribe.
    2. A listener that is there for the length of a wait hears nothing before and after it.
    3. Keep no listener of your own. The Observable that `delay` returns is unsubscribed with the rest, by
       `unsubscribe()` too.
    """
    page, other = enter(), enter()
    comes_online(page)
    listens(page)
    comes_online(page)
    office.registers(first := office.opens())
    page.waits_for_text("#latest", SUCCESS.format(first))
    page.click("#unsubscribe")
    comes_true(lambda: not page.open_sockets, 3)
    comes_online(page)
    page.click("#subscribe")
    is_subscribed(page, 2)
    assert page.attempts == 2, f"The page was subscribed twice, and has opened {page.attempts} WebSockets."
    assert page.count(LINES) == 0, f"Nothing was lost, but the page shows {page.texts(LINES)[0]!r}."

    listens(other)
    with office.is_away():
        other.waits_for_refusals(1)
        other.click("#unsubscribe")
        known, told = other.attempts, other.count(LINES)
        assert told, "The server was killed, and listeners were not told that the page is offline."
        comes_online(other)
        other.let_time_pass(LONGEST_S)
        assert other.attempts == known, "After Unsubscribe, the browser came online, and the page has connected."
        assert other.count(LINES) == told, "After Unsubscribe, listeners were told of a next attempt."
        page.waits_for_refusals(2)
        comes_online(page)
    is_subscribed(page, 3)
    office.registers(second := office.opens())
    page.waits_for_text("#latest", SUCCESS.format(second))
    assert outcomes_of(page) == [SUCCESS.format(section) for section in (first, second)]
    assert page.open_sockets == 1, f"The page has {page.open_sockets} open WebSockets."
    assert_calm(page)


def is_lost(page):
    """Wait until the page has noticed that the connection is lost; its clock stands still then."""

    def is_told():
        page.let_time_pass(0.01)
        return page.count(LINES)

    if not comes_true(is_told, 5):
        wanted = "offline, next try in 1 s"
        raise Unmet(f"{page.name}'s page was not told that it is offline.", expected=wanted, got="no such message")


def fails_again(page):
    """Wait until the attempt has failed that is under way; the page's clock stands still then, at the next wait."""
    if not comes_true(lambda: is_refused(page), 5):
        raise Unmet("The server is away, but an attempt to reach it has not failed.", got="silence")


def waits_of(page):
    """Return the seconds that the page was told to wait."""
    told = page.texts(LINES)
    for line in told:
        if not SHAPE.fullmatch(line):
            raise Unmet(
                "Listeners were told of the wait in other words.", expected="offline, next try in 1 s", got=line
            )
    return [int(SHAPE.fullmatch(line)[1]) for line in told]


def comes_online(page, times=1):
    """Let the browser tell the page that the network is there again."""
    page.selenium.execute_script('for (let i = arguments[0]; i; i--) dispatchEvent(new Event("online"))', times)
