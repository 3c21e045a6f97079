"""A browser window with verbs: what a person does with a page; what they see on it is in page_reading.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from course.errors import Unmet
from course.testbed.browser import keyboard
from course.testbed.browser.page_connections import PageConnections
from course.testbed.browser.socks_proxy import Proxy
from course.testbed.browser.window import LOAD_UNITS, Window
from course.testbed.clients.transcript import Transcript
from course.testbed.deadlines import deadline_s
from course.testbed.failed_waits import FailedWaits
from course.testbed.servers.daphne import Site
from course.testbed.servers.tls_certificate import server_side

if TYPE_CHECKING:
    from selenium.webdriver.remote.webdriver import WebDriver


class Page(PageConnections):
    """A window of a real Chrome.

    Elements go by their CSS selectors. Every verb waits for what it needs for at most three seconds (times
    COURSE_TIME_SCALE), and then fails the check with what is on the page instead.
    """

    def __init__(self, window: Window, proxy: Proxy, site: Site, transcript: Transcript, waits: FailedWaits) -> None:
        """Take over an empty window; `open_page` makes these."""
        super().__init__(window, proxy, transcript, waits)
        self._site = site
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
    def selenium(self) -> WebDriver:
        """The window as Selenium drives it, for what the verbs do not cover."""
        driver = self._window.browser.chrome.driver
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

    def settle(self) -> None:
        """Wait until the page is loaded that a key or a click has led to; where it led nowhere, go on at once."""
        within_s = deadline_s(LOAD_UNITS)
        if not self._window.settles(within_s):
            raise Unmet(f"{self.name}'s page was not loaded within {within_s:g} s.", got="loading")

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
        self._proxy.tls = server_side()
        self._window.send(("Security.setIgnoreCertificateErrors", {"ignore": True}))

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
            self._transcript.add(self.name, "←", f"HTTP {status}", diverged=True)
            said = f"{self.name} went {where}, and the server answered with HTTP {status}."
            raise Unmet(said, expected="HTTP 200", got=f"HTTP {status}")
