"""Those who sit at the windows: each with a browser context and a way out of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from course.testbed.browser.chrome import Browser
from course.testbed.browser.devtools import DevToolsError
from course.testbed.browser.socks_proxy import Proxy
from course.testbed.browser.window import Window
from course.testbed.cage.cage import Cage
from course.testbed.clients.event_loop import EventLoop
from course.testbed.deadlines import deadline_s

OPEN_UNITS = 10.0
END_UNITS = 1.0


@dataclass
class BrowserContext:
    """A browser context: cookies and storage that nobody else sees, a proxy, and a first, empty window."""

    browser: Browser
    context: str
    proxy: Proxy
    window: Window


class BrowserContexts:
    """Makes persons in a browser that starts when it is first asked for, and is replaced when a page has broken it.

    One person is always ready, for a window takes its time to open.
    """

    def __init__(self, loop: EventLoop, make_cage: Callable[[], Cage] | None = None) -> None:
        """Start nothing yet; each browser is to live in a cage that `make_cage` makes, where it is given."""
        self._loop = loop
        self._make_cage = make_cage
        self._browser: Browser | None = None
        self._next: asyncio.Task[BrowserContext] | None = None

    @property
    def browser(self) -> Browser:
        """The browser; it may be starting still."""
        if self._browser is None:
            self._browser = Browser(self._loop, self._make_cage() if self._make_cage else None)
            self._loop.run(self._prepare(self._browser))
        return self._browser

    def need(self) -> None:
        """Wait until there is a browser that is fit for use; raise NoBrowser where there is none."""
        if not self.browser.responds():
            self.stop()
            assert self.browser.devtools

    def heal(self) -> None:
        """Replace a browser in which a page has hung, so that the next check has a fair start."""
        if self._browser and self._browser.broken:
            self.stop()
            assert self.browser  # it begins to start

    def take(self) -> BrowserContext:
        """Return a new person, and begin to make the next one ready."""
        return self._loop.run(self._take(self.browser), deadline_s(OPEN_UNITS))

    def another_window(self, person: BrowserContext) -> Window:
        """Open one more window of a person."""
        window = Window(person.browser)
        self._loop.run(window.open(person.context), deadline_s(OPEN_UNITS))
        return window

    def dismiss(self, person: BrowserContext) -> None:
        """Close what a person has open, whatever the pages say to that."""
        asking = person.browser.devtools.ask("Target.disposeBrowserContext", browserContextId=person.context)
        try:
            self._loop.run(asking, deadline_s(END_UNITS))
        except (DevToolsError, TimeoutError):
            person.browser.broken = True
        self._loop.run(person.proxy.stop())

    def stop(self) -> None:
        """End the browser."""
        if self._browser:
            self._browser.stop()
            self._loop.run(self._send_away())
        self._browser = None

    async def _take(self, browser: Browser) -> BrowserContext:
        assert self._next
        person = await self._next
        await self._prepare(browser)
        return person

    async def _prepare(self, browser: Browser) -> None:
        self._next = asyncio.ensure_future(_make(browser))

    async def _send_away(self) -> None:
        """Dismiss the one who is ready."""
        assert self._next
        self._next.cancel()
        for person in await asyncio.gather(self._next, return_exceptions=True):
            if isinstance(person, BrowserContext):
                await person.proxy.stop()


async def _make(browser: Browser) -> BrowserContext:
    devtools = await browser.connection()
    proxy = Proxy()
    await proxy.start(browser.network.listener())
    try:
        made = await devtools.ask(
            "Target.createBrowserContext",
            disposeOnDetach=True,
            proxyServer=f"socks5://127.0.0.1:{proxy.port}",
            proxyBypassList="<-loopback>",
        )
        context = made["browserContextId"]
        await devtools.ask("Browser.setDownloadBehavior", behavior="deny", browserContextId=context)
        window = Window(browser)
        await window.open(context)
    except BaseException:
        await proxy.stop()
        raise
    return BrowserContext(browser, context, proxy, window)
