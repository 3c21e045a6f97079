"""The windows of one check."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from pathlib import Path

from course.testbed.browser.browser_contexts import BrowserContext, BrowserContexts
from course.testbed.browser.page import Page
from course.testbed.clients.transcript import Transcript
from course.testbed.failed_waits import FailedWaits
from course.testbed.servers.daphne import Site

Ports = Callable[[], set[int]]


class OpenPage:
    """Opens windows: `ana = open_page("/", name="ana")`."""

    def __init__(
        self, people: BrowserContexts, site: Site, ports: Ports, transcript: Transcript, waits: FailedWaits
    ) -> None:
        """Open pages of `site`, unless a call names another; they reach only `ports` of this machine.

        `waits` holds what was waited for in vain in this run.
        """
        self.pages: list[Page] = []
        self._people = people
        self._site = site
        self._ports = ports
        self._transcript = transcript
        self._waits = waits
        self._known: dict[str, BrowserContext] = {}

    def __call__(
        self,
        path: str = "/",
        name: str = "ana",
        hold_sockets: bool = False,
        *,
        https: bool = False,
        site: Site | None = None,
        cookies: Mapping[str, str] | None = None,
    ) -> Page:
        """Open a window and return it once its page is loaded.

        Windows of one name share their cookies, those of another see nothing of them. `hold_sockets` holds back the
        handshakes of WebSockets until `release_sockets`. With `https` the window's proxy speaks TLS, as a web
        server in front of Daphne would. `site` names another server process. `cookies`, by their names, are what
        the site has given to this person already: those of a visitor who has logged in, for one.
        Raises Unmet when the page is not loaded within five seconds, or the server answers with an error.
        """
        site = site or self._site
        transcript = self._transcript.toward(site.label)

        def tell(arrow: str, what: str, payload: object) -> None:
            transcript.add(name, arrow, what, payload)

        if name in self._known:
            person = self._known[name]
            window = self._people.another_window(person)
        else:
            person = self._known[name] = self._people.take()
            person.proxy.begin(lambda port: port in self._ports(), tell)
            window = person.window
        window.name = name
        window.news.tell = tell
        page = Page(window, person.proxy, site, transcript, self._waits)
        self.pages.append(page)
        if cookies:
            made = [{"name": name, "value": value, "url": site.url("/")} for name, value in cookies.items()]
            person.browser.devtools.call("Storage.setCookies", browserContextId=person.context, cookies=made)
        if hold_sockets:
            page.hold_sockets()
        if https:
            page.speak_tls()
        page.go(path)
        return page

    @property
    def errors(self) -> list[str]:
        """What the consoles of all windows show in red."""
        return [error for page in self.pages for error in page.errors]

    @property
    def open_sockets(self) -> int:
        """How many WebSockets of all pages are open."""
        return sum(person.proxy.open_sockets for person in self._known.values())

    def photograph(self, folder: Path, check: str) -> list[Path]:
        """Keep a screenshot of each window in `folder`, in the place of those that the check has left there."""
        folder.mkdir(parents=True, exist_ok=True)
        for old in (*folder.glob(f"{check}.png"), *folder.glob(f"{check}.*.png")):
            old.unlink()
        kept = []
        for number, page in enumerate(self.pages, 1):
            image = page.screenshot()
            if image:
                kept.append(folder / (f"{check}.png" if len(self.pages) == 1 else f"{check}.{number}.png"))
                kept[-1].write_bytes(base64.b64decode(image))
        return kept

    def close_all(self) -> None:
        """Close all windows, whatever their pages say to that."""
        while self._known:
            self._people.dismiss(self._known.popitem()[1])
