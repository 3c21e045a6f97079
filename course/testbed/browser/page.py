"""A browser window with verbs: what a person does with a page, and sees on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from course.errors import Unmet
from course.testbed.browser import keyboard
from course.testbed.browser.socks_proxy import Proxy
from course.testbed.browser.websocket_recorder import PageSocket
from course.testbed.browser.window import LOAD_UNITS, Window
from course.testbed.clients.transcript import Transcript, show_value
from course.testbed.deadlines import comes_true, deadline_s, patience_s
from course.testbed.servers.daphne import Site
from course.testbed.servers.tls_certificate import server_side

if TYPE_CHECKING:
    from selenium.webdriver.remote.webdriver import WebDriver

WAIT_UNITS = 3.0
SHORT_UNITS = 0.5
REFUSAL_UNITS = 15.0


class Page:
    """A window of a real Chrome.

    Elements go by their CSS selectors. Every verb waits for what it needs for at most three seconds (times
    COURSE_TIME_SCALE), and then fails the check with what is on the page instead.
    """

    def __init__(self, window: Window, proxy: Proxy, site: Site, transcript: Transcript, in_vain: set[str]) -> None:
        """Take over an empty window; `open_page` makes these. `in_vain` holds what was waited for in vain."""
        self.name = window.name
        self._window = window
        self._site = site
        self._proxy = proxy
        self._loop = window.loop
        self._transcript = transcript
        self._in_vain = in_vain
        self._scheme = "http"

    @property
    def url(self) -> str:
        """The address of the page that is shown."""
        return self._address(self.path)

    @property
    def path(self) -> str:
        """The path of the page that is shown, with its query."""
        return str(self._look("path")["now"])

    @property
    def errors(self) -> list[str]:
        """What the console shows in red, uncaught exceptions too, since the window was opened."""
        self._window.drain()
        return list(self._window.news.errors)

    @property
    def dialogs(self) -> list[str]:
        """What the page has said in alerts and other dialogs; each is closed at once."""
        self._window.drain()
        return list(self._window.news.dialogs)

    @property
    def sockets(self) -> list[PageSocket]:
        """The WebSockets of the pages of this name, in the order in which they were opened."""
        return self._proxy.sockets

    @property
    def attempts(self) -> int:
        """How many WebSockets the page of this window has made, whatever became of them."""
        self._window.drain()
        return len(self._window.opened.states)

    @property
    def open_sockets(self) -> int:
        """How many WebSockets the page of this window knows to be open."""
        self._window.drain()
        return self._window.opened.open_now

    def waits_for_refusals(self, count: int) -> list[float]:
        """Wait until so many WebSockets of this window have ended without ever being open; return when they did.

        The times are those of `time.monotonic`. A page waits between its attempts, so this may take 15 seconds.
        """
        refused = self._window.opened.refused
        units = SHORT_UNITS if "refusals" in self._in_vain else REFUSAL_UNITS
        if not comes_true(lambda: len(refused) >= count, units):
            self._in_vain.add("refusals")
            tries = len(refused)
            self._transcript.add(self.name, "·", f"has tried {tries} times to reach the server that is gone")
            self._transcript.mark_last()
            raise Unmet(
                f"{self.name}'s page gave up, or waits for long, while the server was gone.",
                expected=f"{count} attempts to reach it",
                got=f"{tries} in {deadline_s(units):g} s",
            )
        return list(refused)

    @property
    def selenium(self) -> WebDriver:
        """The window as Selenium drives it, for what the verbs do not cover."""
        driver = self._window.driver
        driver.switch_to.window(self._window.target)
        return driver

    def go(self, path: str) -> None:
        """Go to a path of the same site and wait until the page is loaded.

        Raises Unmet when it is not loaded within five seconds, or the server answers with an error.
        """
        over = " over https" if self._scheme == "https" else ""
        self._transcript.add(self.name, "→", f"opens the page {path}{over}")
        self._load(f"to {path}", "Page.navigate", url=self._address(path))

    def reload(self) -> None:
        """Load the page anew, as with F5."""
        self._transcript.add(self.name, "→", "reloads the page")
        self._load("anew", "Page.reload")

    def close(self) -> None:
        """Close the window."""
        self._transcript.add(self.name, "→", "closes the window")
        self._window.close()

    def type(self, css: str, text: str) -> None:
        """Type a text into a field, in the place of what it holds."""
        self._need(css, "be typed into", "focus", css, True, test="done")
        self._window.send(*keyboard.stroke("Delete"), *keyboard.strokes(text))

    def press(self, key: str, css: str | None = None) -> None:
        """Press a key, "Enter" or "Shift+Tab" for two, in an element, or where the focus is."""
        if css is not None:
            self._need(css, "take a key", "focus", css, False, test="done")
        self._window.send(*keyboard.stroke(key))

    def click(self, css: str) -> None:
        """Click on the middle of an element, once it is there, visible, enabled and not covered."""
        spot = self._need(css, "be clicked", "spot", css, test="reachable")
        self._window.send(*keyboard.click(spot["x"], spot["y"]))

    def text(self, css: str) -> str:
        """Return the text of an element as it is shown; of a field, what it holds."""
        return str(self._existing("text", css))

    def texts(self, css: str) -> list[str]:
        """Return the texts of all matching elements, in their order, as they are now."""
        return [str(text) for text in self._look("texts", css)["now"]]

    def value(self, css: str) -> str:
        """Return what a field holds."""
        return str(self._existing("value", css))

    def attribute(self, css: str, name: str) -> str | None:
        """Return an attribute of an element, None when it has none of that name."""
        value: str | None = self._existing("attribute", css, name)["value"]
        return value

    def count(self, css: str) -> int:
        """Return how many elements match now."""
        return int(self._look("count", css)["now"])

    def focused(self) -> str:
        """Return the element that has the focus, as "#id" where it has one, "" when none has."""
        return str(self._look("focused")["now"])

    def stray_labels(self) -> list[str]:
        """Return the texts of the labels that belong to no field: a click on them does nothing."""
        return [str(text) for text in self._look("strays")["now"]]

    def history(self, css: str, attribute: str) -> list[str]:
        """Return every value that an attribute has had since the page was loaded, one after the other."""
        call = f"course.history({json.dumps(css)}, {json.dumps(attribute)})"
        values: list[str] = self._window.ask(lambda _: call, deadline_s(WAIT_UNITS))
        return values

    def waits_for_text(self, css: str, expected: str) -> None:
        """Wait until the text of an element is `expected`."""
        self._wait(f"{css} to say {show_value(expected)}", expected, "text", css)

    def waits_for_texts(self, css: str, expected: Sequence[str]) -> None:
        """Wait until the texts of all matching elements are these, in this order."""
        self._wait(f"{css} to be {show_value(list(expected))}", list(expected), "texts", css)

    def waits_for_value(self, css: str, expected: str) -> None:
        """Wait until a field holds `expected`."""
        self._wait(f"{css} to hold {show_value(expected)}", expected, "value", css)

    def waits_for_attribute(self, css: str, name: str, expected: str) -> None:
        """Wait until an attribute of an element is `expected`."""
        self._wait(f"{name} of {css} to be {show_value(expected)}", {"value": expected}, "attribute", css, name)

    def waits_for_count(self, css: str, expected: int) -> None:
        """Wait until so many elements match."""
        self._wait(f"{expected} of {css}", expected, "count", css)

    def waits_for_focus(self, expected: str) -> None:
        """Wait until the element with this "#id" has the focus."""
        self._wait(f"the focus on {expected}", expected, "focused")

    def waits_for_path(self, expected: str) -> None:
        """Wait until the page of this path is shown."""
        self._wait(f"the page {expected}", expected, "path")

    def waits_for_log(self, css: str, containing: str) -> None:
        """Wait until the text of an element contains this."""
        self._wait(f"{show_value(containing)} in {css}", containing, "text", css, test="has")

    def waits_for_sight(self, css: str, text: str) -> None:
        """Wait until a line of a log that holds this text can be seen: it is not scrolled away, nor below the edge."""
        what = f"{show_value(text)} to be in sight in {css}"
        within_s = self._patience_s(what)
        answer = self._look("sight", css, text, test="done", within_s=within_s)
        if answer["met"]:
            return
        self._in_vain.add(what)
        got = f"no element {css}" if answer["missing"] else answer["now"]["why"]
        self._transcript.add(self.name, "·", f"waited {within_s:g} s for {what}; {got}")
        self._transcript.mark_last()
        raise Unmet(f"{self.name} can't see the newest line of {css}.", expected=show_value(text), got=got)

    def settle(self) -> None:
        """Wait until the page is loaded that a key or a click has led to; where it led nowhere, go on at once."""
        within_s = deadline_s(LOAD_UNITS)
        if not self._window.settles(within_s):
            raise Unmet(f"{self.name}'s page was not loaded within {within_s:g} s.", got="loading")

    def waits_for_socket(self, path: str) -> None:
        """Wait until the page has an open WebSocket to this path, and knows it: what it sends now goes out."""
        within_s = deadline_s(WAIT_UNITS)
        if self._window.opens(path, within_s):
            return
        got = ", ".join(self._window.opened.states) or "no WebSocket"
        self._transcript.add(self.name, "·", f"waited {within_s:g} s for an open WebSocket to {path}; there is {got}")
        self._transcript.mark_last()
        raise Unmet(f"{self.name}'s page has no open WebSocket to {path}.", expected=path, got=got)

    @property
    def refusals(self) -> int:
        """How many WebSockets of this window have ended without ever being open."""
        self._window.drain()
        return len(self._window.opened.refused)

    def say_goodbye(self, code: int) -> None:
        """Close the open WebSockets of the pages of this name in the server's place, with a close frame, cleanly.

        Daphne does not, whatever a consumer does; other servers do, and web servers in front of it.
        """
        self._loop.run(self._proxy.say_goodbye(code))

    def cut_sockets(self) -> None:
        """Break the open WebSockets of the pages of this name off, without a word, as a lost network does."""
        self._loop.run(self._proxy.cut())

    def server_says(self, text: str) -> None:
        """Send a text to the open WebSockets of the pages of this name, in the server's place."""
        self._loop.run(self._proxy.server_says(text))

    def hold_sockets(self) -> None:
        """Hold back the handshakes of the WebSockets that are opened from now on: they stay "connecting"."""
        self._loop.run(self._proxy.hold())

    def release_sockets(self) -> None:
        """Let them go on their way."""
        self._loop.run(self._proxy.release())

    def hold_answers(self) -> None:
        """Hold back what the server says over the WebSockets of this name: a close of theirs stays unanswered."""
        self._loop.run(self._proxy.hold_answers())

    def release_answers(self) -> None:
        """Let it go on its way."""
        self._loop.run(self._proxy.release_answers())

    def let_time_pass(self, seconds: float) -> None:
        """Let the page's own clock run on by this long in a moment: what it has put off until then happens now.

        The clock stands still from then on. So look at `attempts` and `sockets` afterwards, and at nothing on the page;
        what has reached the page meanwhile, it takes in when more time passes.
        """
        if seconds >= 1:
            self._transcript.add(self.name, "·", f"lets {seconds:g} s pass")
        self._window.let_time_pass(seconds)

    def speak_tls(self) -> None:
        """Let what is loaded from now on come over https, as from a site behind a web server that speaks TLS."""
        self._scheme = "https"
        self._proxy.speak_tls(server_side())
        self._window.send(("Security.setIgnoreCertificateErrors", {"ignore": True}))

    def screenshot(self) -> str:
        """Return a picture of the window as base64, or an empty text when the page can't be drawn."""
        return self._window.picture()

    def _address(self, path: str) -> str:
        return f"{self._scheme}://{self._site.host}{path}"

    def _load(self, where: str, command: str, **parameters: Any) -> None:
        failure = self._window.load(command, **parameters)
        if failure:
            raise Unmet(f"{self.name} could not go {where}: {failure}.", expected="a page", got=failure)
        answer = self._look("loaded", test="done", within_s=deadline_s(LOAD_UNITS))
        status = answer["now"]["status"]
        if not answer["met"]:
            limit = f"{deadline_s(LOAD_UNITS):g} s"
            raise Unmet(f"{self.name}'s page was not loaded within {limit}.", expected="a loaded page", got="loading")
        if status >= 400:
            self._transcript.add(self.name, "←", f"HTTP {status}")
            self._transcript.mark_last()
            said = f"{self.name} went {where}, and the server answered with HTTP {status}."
            raise Unmet(said, expected="HTTP 200", got=f"HTTP {status}")

    def _wait(self, what: str, expected: object, question: str, *parameters: object, test: str = "is") -> None:
        within_s = self._patience_s(what)
        answer = self._look(question, *parameters, test=test, expected=expected, within_s=within_s)
        if answer["met"]:
            return
        self._in_vain.add(what)
        now = answer["now"]["value"] if question == "attribute" and not answer["missing"] else answer.get("now")
        got = f"no element {parameters[0]}" if answer["missing"] else show_value(now)
        self._transcript.add(self.name, "·", f"waited {within_s:g} s for {what}; it is {got}")
        self._transcript.mark_last()
        wanted = expected["value"] if isinstance(expected, dict) else expected
        raise Unmet(f"{self.name} waited for {what}.", expected=show_value(wanted), got=got)

    def _patience_s(self, what: str) -> float:
        """Return how long to wait; what one check has waited for in vain, the next need not wait for as long."""
        return deadline_s(SHORT_UNITS) if what in self._in_vain else patience_s(WAIT_UNITS)

    def _existing(self, question: str, css: str, *parameters: object) -> Any:
        """Return an answer about an element, once it is there."""
        return self._need(css, "be read", question, css, *parameters, test="known")

    def _need(self, css: str, do: str, question: str, *parameters: object, test: str) -> Any:
        answer = self._look(question, *parameters, test=test, within_s=self._patience_s(f"{css} to {do}"))
        if not answer["met"]:
            self._in_vain.add(f"{css} to {do}")
        if answer["missing"]:
            raise Unmet(f"The page has no element {css}.", expected=css, got="no such element")
        if not answer["met"]:
            raise Unmet(f"{css} can't {do}: {answer['now']['why']}.", got=answer["now"]["why"])
        return answer["now"]

    def _look(
        self, question: str, *parameters: object, test: str = "known", expected: object = None, within_s: float = 0.0
    ) -> dict[str, Any]:
        """Ask the page, until the answer passes a test or the time is over."""
        fixed = ", ".join(json.dumps(part) for part in (question, parameters, test, expected))
        answer: dict[str, Any] = self._window.ask(
            lambda left_s: f"course.until({fixed}, {round(left_s * 1000)})", within_s or deadline_s(WAIT_UNITS)
        )
        return answer
