"""The windows of one check."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

from course.testbed.browser import Browser
from course.testbed.deadlines import deadline_s
from course.testbed.devtools import DevToolsError
from course.testbed.page import Page
from course.testbed.proxy import Proxy
from course.testbed.server import Site
from course.testbed.transcript import Transcript
from course.testbed.window import Window

END_UNITS = 1.0
Ports = Callable[[], set[int]]


class OpenPage:
    """Opens windows: `ana = open_page("/", name="ana")`."""

    def __init__(self, browser: Browser, site: Site, ports: Ports, transcript: Transcript) -> None:
        """Open pages of `site`, unless a call names another; they reach only `ports` of this machine."""
        self.pages: list[Page] = []
        self._browser = browser
        self._site = site
        self._ports = ports
        self._transcript = transcript
        self._people: dict[str, tuple[str, Proxy]] = {}

    def __call__(
        self, path: str = "/", name: str = "ana", hold_sockets: bool = False, *, site: Site | None = None
    ) -> Page:
        """Open a window and return it once its page is loaded.

        Windows of one name share their cookies, those of another see nothing of them. `hold_sockets` holds back the
        handshakes of WebSockets until `release_sockets`. `site` names another server process.
        Raises Unmet when the page is not loaded within five seconds, or the server answers with an error.
        """
        context, proxy = self._person(name)
        window = Window(self._browser, context, name, lambda *line: self._transcript.add(name, *line))
        page = Page(name, window, site or self._site, proxy, self._browser.loop, self._transcript)
        self.pages.append(page)
        if hold_sockets:
            page.hold_sockets()
        page.go(path)
        return page

    @property
    def errors(self) -> list[str]:
        """What the consoles of all windows show in red."""
        return [error for page in self.pages for error in page.errors]

    def photograph(self, folder: Path, check: str) -> list[Path]:
        """Keep a screenshot of each window in `folder`; those of the same check's earlier runs are removed."""
        folder.mkdir(parents=True, exist_ok=True)
        for old in (*folder.glob(f"{check}.png"), *folder.glob(f"{check}.*.png")):
            old.unlink()
        kept = []
        for number, page in enumerate(self.pages, 1):
            image = page.screenshot()
            if image:
                kept.append(folder / (f"{check}.png" if len(self.pages) == 1 else f"{check}.{number}-{page.name}.png"))
                kept[-1].write_bytes(base64.b64decode(image))
        return kept

    def close_all(self) -> None:
        """Close all windows, whatever their pages say to that."""
        for context, proxy in self._people.values():
            try:
                self._browser.loop.run(
                    self._browser.devtools.ask("Target.disposeBrowserContext", browserContextId=context),
                    deadline_s(END_UNITS),
                )
            except (DevToolsError, TimeoutError):
                self._browser.broken = True
            self._browser.loop.run(proxy.stop())

    def _person(self, name: str) -> tuple[str, Proxy]:
        """Return the browser context and the proxy that belong to a name."""
        if name not in self._people:
            proxy = Proxy(lambda port: port in self._ports(), lambda *line: self._transcript.add(name, *line))
            self._browser.loop.run(proxy.start())
            made = self._browser.devtools.call(
                "Target.createBrowserContext",
                disposeOnDetach=True,
                proxyServer=f"socks5://127.0.0.1:{proxy.port}",
                proxyBypassList="<-loopback>",
            )
            self._people[name] = made["browserContextId"], proxy
        return self._people[name]
