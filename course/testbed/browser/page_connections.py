"""The WebSockets of a page, as its proxy and its developer tools see them, and as a test bed can disturb them."""

from __future__ import annotations

from course.errors import Unmet
from course.testbed.browser.page_reading import WAIT_UNITS, PageReading
from course.testbed.browser.socks_proxy import Proxy
from course.testbed.browser.websocket_recorder import PageSocket
from course.testbed.browser.window import Window
from course.testbed.clients.transcript import Transcript
from course.testbed.deadlines import comes_true, deadline_s
from course.testbed.failed_waits import FailedWaits

REFUSAL_UNITS = 15.0


class PageConnections(PageReading):
    """A page and its connections: seen, waited for, held back, cut."""

    def __init__(self, window: Window, proxy: Proxy, transcript: Transcript, waits: FailedWaits) -> None:
        """Look at the WebSockets of a window; they go by way of `proxy`."""
        super().__init__(window, transcript, waits)
        self._proxy = proxy
        self._loop = window.browser.loop

    @property
    def sockets(self) -> list[PageSocket]:
        """The WebSockets of the pages of this name, in the order in which they were opened."""
        return list(self._proxy.sockets)

    @property
    def attempts(self) -> int:
        """How many WebSockets the page of this window has made, whatever became of them."""
        self._window.drain()
        return len(self._window.opened.states)

    @property
    def open_sockets(self) -> int:
        """How many WebSockets the page of this window knows to be open."""
        self._window.drain()
        return len(self._window.opened.open_now)

    @property
    def refusals(self) -> int:
        """How many WebSockets of this window have ended without ever being open."""
        self._window.drain()
        return len(self._window.opened.refused)

    def waits_for_socket(self, path: str) -> None:
        """Wait until the page has an open WebSocket to this path, and knows it: what it sends now goes out."""
        wanted = f"an open WebSocket of a page to {path}"
        within_s = self._waits.limit_s(wanted, deadline_s(WAIT_UNITS))
        if self._window.opens(path, within_s):
            return self._waits.came(wanted)
        self._waits.failed(wanted)
        got = ", ".join(self._window.opened.states) or "no WebSocket"
        what = f"waited {within_s:g} s for an open WebSocket to {path}; there is {got}"
        self._transcript.add(self.name, "·", what, diverged=True)
        raise Unmet(f"{self.name}'s page has no open WebSocket to {path}.", expected=path, got=got)

    def waits_for_refusals(self, count: int) -> list[float]:
        """Wait until so many WebSockets of this window have ended without ever being open; return when they did.

        The times are those of `time.monotonic`. A page waits between its attempts, so this may take 15 seconds.
        """
        refused = self._window.opened.refused
        wanted = "a page's attempts to reach a server that is gone"
        within_s = self._waits.limit_s(wanted, deadline_s(REFUSAL_UNITS))
        if not comes_true(lambda: len(refused) >= count, within_s / deadline_s()):
            self._waits.failed(wanted)
            tries = len(refused)
            what = f"has tried {tries} times to reach the server that is gone"
            self._transcript.add(self.name, "·", what, diverged=True)
            raise Unmet(
                f"{self.name}'s page gave up, or waits for long, while the server was gone.",
                expected=f"{count} attempts to reach it",
                got=f"{tries} in {within_s:g} s",
            )
        return list(refused)

    def say_goodbye(self, code: int) -> None:
        """Close the open WebSockets of the pages of this name in the server's place, with a close frame, cleanly.

        Daphne does not, whatever a consumer does; other servers do, and web servers in front of it. It has come to the
        page of this window when this returns: what the page's script tries to send from then on goes nowhere.
        """
        self._window.drain()
        open_now = set(self._window.opened.open_now)
        self._loop.run(self._proxy.say_goodbye(code))
        within_s = deadline_s(WAIT_UNITS)
        if not self._window.takes_in_the_end_of(open_now, within_s):
            raise Unmet(f"The server closed with {code}, and {self.name}'s page did not take it in.", got="silence")

    def cut_sockets(self) -> None:
        """Break the open WebSockets of the pages of this name off, without a word, as a lost network does."""
        self._loop.run(self._proxy.cut())

    def server_says(self, text: str) -> None:
        """Send a text to the open WebSockets of the pages of this name, in the server's place."""
        self._loop.run(self._proxy.server_says(text))

    def hold_sockets(self) -> None:
        """Hold back the handshakes of the WebSockets that are opened from now on: they stay "connecting"."""
        self._loop.call(self._proxy.handshakes_may_go.clear)

    def release_sockets(self) -> None:
        """Let them go on their way."""
        self._loop.call(self._proxy.handshakes_may_go.set)

    def hold_answers(self) -> None:
        """Hold back what the server says over the WebSockets of this name: a close of theirs stays unanswered."""
        self._loop.call(self._proxy.answers_may_go.clear)

    def release_answers(self) -> None:
        """Let it go on its way."""
        self._loop.call(self._proxy.answers_may_go.set)
