"""One Chrome for a whole run, without a window on the screen."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import sys
import tempfile
import threading
from concurrent.futures import Future
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from course.project.scratch_copy import PREFIX
from course.testbed.browser.devtools import DevTools, DevToolsError
from course.testbed.cage.cage import Cage
from course.testbed.cage.namespaces import Network
from course.testbed.clients.event_loop import EventLoop
from course.testbed.deadlines import deadline_s
from course.testbed.processes.process import Process
from course.testbed.tools.browser_install import HELP, NoBrowser, Programs, find, quiet_manager

if TYPE_CHECKING:
    from selenium.webdriver.remote.webdriver import WebDriver

START_UNITS, ANSWER_UNITS = 20.0, 5.0
DRIVER_ATTEMPTS = 5
TAKEN = "Address already in use"
LONGEST_PLACE = 55
NO_WAY = "socks5://127.0.0.1:9"  # what has no window of ours has no way out
NEEDLESS = (
    "AutofillServerCommunication",
    "IgnoreDuplicateNavs",  # this and the next the driver switches off; one list has to hold them all
    "Prewarm",
    "InterestFeedContentSuggestions",
    "MediaRouter",
    "OptimizationHints",
    "SpareRendererForSitePerProcess",
    "Translate",
    "WebUIOmniboxAimPopup",  # these load two pages for the address bar of each window: two thirds of its cost
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxPopup",
)
FLAGS = (
    "--headless=new",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    f"--disable-features={','.join(NEEDLESS)}",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--lang=en-US",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--no-service-autorun",
    "--password-store=basic",
    f"--proxy-server={NO_WAY}",
    "--proxy-bypass-list=<-loopback>",
    "--use-mock-keychain",
)
PREFERENCES = {
    "session.restore_on_startup": 4,  # the pages that follow, instead of the new tab page
    "session.startup_urls": ["about:blank"],
    "webrtc.ip_handling_policy": "disable_non_proxied_udp",
    "webrtc.multiple_routes_enabled": False,
    "webrtc.nonproxied_udp_enabled": False,
}


class Chrome:
    """A running Chrome under its driver; both end with us, whatever happens."""

    def __init__(self, cage: Cage | None = None) -> None:
        """Begin to start it, in a cage where there is one, and return at once; `url` waits until it is up."""
        self.network = cage.network if cage else Network()
        self._spawn = cage.spawn if cage else None
        self._home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=cage.home if cage else None))
        self._process: Process | None = None
        self._session: Future[WebDriver] = Future()
        threading.Thread(target=self._begin, name="start of Chrome", daemon=True).start()

    @property
    def driver(self) -> WebDriver:
        """The Selenium session; raises NoBrowser when Chrome does not come up."""
        try:
            return self._session.result(deadline_s(START_UNITS))
        except TimeoutError:
            raise NoBrowser(f"Chrome did not start within {deadline_s(START_UNITS):g} s.", HELP) from None

    @property
    def url(self) -> str:
        """The address of its DevTools; raises NoBrowser when it does not come up."""
        told = self.driver.capabilities
        address = {**told.get("goog:chromeOptions", {}), **told.get("ms:edgeOptions", {})}["debuggerAddress"]
        port = int(address.rpartition(":")[2])
        asking = HTTPConnection("127.0.0.1", port)
        try:
            asking.sock = self.network.connection(port, deadline_s(ANSWER_UNITS))
            asking.request("GET", "/json/version")
            return str(json.load(asking.getresponse())["webSocketDebuggerUrl"])
        except (OSError, HTTPException, ValueError) as error:
            raise NoBrowser(f"Chrome does not answer: {error}", HELP) from None
        finally:
            asking.close()

    def connection(self) -> socket.socket:
        """Return a connection to its DevTools, at `url`."""
        return self.network.connection(urlsplit(self.url).port or 0, deadline_s(ANSWER_UNITS))

    def stop(self) -> None:
        """End it, and everything that it has started."""
        if sys.platform != "linux" and self._session.done() and not self._session.exception():
            self._quit()  # elsewhere the supervisor can't find what Chrome has started by itself
        if self._process:
            self._process.kill()
        shutil.rmtree(self._home, ignore_errors=True)  # the sweep of a later run takes what is in use

    def _begin(self) -> None:
        try:
            programs = find()
            if not programs:
                raise NoBrowser("There is no Chrome with a driver here.", HELP)
            self._session.set_result(self._open_session(programs, self._start_driver(programs)))
        except Exception as reason:
            self._session.set_exception(reason)  # whoever asks for the session is told

    def _start_driver(self, programs: Programs) -> int:
        """Start the driver and return its port.

        It takes a free port of IPv6 and wants the same one of IPv4, which another program may have: then it ends.
        """
        env = {**os.environ, **quiet_manager(offline=True), "HOME": str(self._home), "TMPDIR": _room_for(self._home)}
        for _ in range(DRIVER_ATTEMPTS):
            self._process = Process([str(programs.driver), "--port=0"], cwd=self._home, env=env, spawn=self._spawn)
            up = self._process.wait_for(r"successfully on port (\d+)", deadline_s(START_UNITS))
            if up:
                return int(up[1])
            self._process.kill()
            if TAKEN not in self._process.output:
                break
        assert self._process
        raise NoBrowser(f"{programs.driver} did not start: {self._process.output[-300:]}", HELP)

    def _open_session(self, programs: Programs, port: int) -> WebDriver:
        from selenium.common.exceptions import WebDriverException
        from selenium.webdriver.common.proxy import Proxy, ProxyType
        from selenium.webdriver.remote.client_config import ClientConfig
        from selenium.webdriver.remote.webdriver import WebDriver
        from urllib3.exceptions import HTTPError

        from course.testbed.browser.driver_connection import driver_connection

        direct = Proxy({"proxyType": ProxyType.DIRECT})
        limit_s = round(deadline_s(START_UNITS)) or 1
        config = ClientConfig(f"http://127.0.0.1:{port}", proxy=direct, timeout=limit_s)
        try:
            options = _options(programs, self._home, is_caged=self._spawn is not None)
            return WebDriver(driver_connection(config, self.network), options=options)
        except (WebDriverException, HTTPError) as error:
            said = str(getattr(error, "msg", "") or error).partition("\n")[0]
            raise NoBrowser(f"{programs.browser} did not start: {said}", HELP) from None

    def _quit(self) -> None:
        from selenium.common.exceptions import WebDriverException
        from urllib3.exceptions import HTTPError

        try:
            self.driver.quit()
        except (WebDriverException, HTTPError):
            pass  # it is gone already, or hangs; the driver is killed below


class Browser:
    """A Chrome and our connection to it."""

    def __init__(self, loop: EventLoop, cage: Cage | None = None) -> None:
        """Begin to start Chrome, in a cage where there is one, and return at once; `devtools` waits until it is up.

        The cage ends with it.
        """
        self._cage = cage
        self.loop = loop
        self.broken = False  # a page hung, so that this Chrome is not to be trusted with the next check
        self.chrome = Chrome(cage)
        self.network = self.chrome.network
        self._devtools: Future[DevTools] = Future()
        threading.Thread(target=self._connect, name="connection to Chrome", daemon=True).start()

    @property
    def devtools(self) -> DevTools:
        """The connection; raises NoBrowser when Chrome does not come up."""
        return self._devtools.result()

    async def connection(self) -> DevTools:
        """Wait for the connection, in the loop."""
        return await asyncio.shield(asyncio.wrap_future(self._devtools))

    def responds(self) -> bool:
        """Tell whether it is there and fit for use; wait until it is up."""
        try:
            self.loop.run(self.devtools.ask("Browser.getVersion"), deadline_s(1))
        except (DevToolsError, TimeoutError):
            return False
        return not self.broken

    def stop(self) -> None:
        """End it, with all that is open in it."""
        self.chrome.stop()
        if not self._devtools.exception():
            self.devtools.close()
        if self._cage:
            self._cage.close()

    @property
    def exceeded(self) -> str:
        """What its pages took too much of, for which it was ended, as "more than 2048 MB of memory"; or nothing."""
        return self._cage.exceeded if self._cage else ""

    def _connect(self) -> None:
        try:
            self._devtools.set_result(DevTools(self.loop, self.chrome.url, self.chrome.connection()))
        except Exception as reason:
            self._devtools.set_exception(reason)  # whoever asks for the connection is told


def _room_for(home: Path) -> str:
    """Return a folder for Chrome's temporary files; it makes a socket there, whose path the system limits to 104."""
    places = (str(home), tempfile.gettempdir(), "/tmp")
    return next((place for place in places if len(place) <= LONGEST_PLACE), places[-1])


def _options(programs: Programs, home: Path, *, is_caged: bool) -> Any:
    from selenium.webdriver.chrome.options import Options as ChromeOptions
    from selenium.webdriver.edge.options import Options as EdgeOptions

    options = EdgeOptions() if programs.is_edge else ChromeOptions()
    options.binary_location = str(programs.launcher(home))
    options.page_load_strategy = "none"
    options.add_experimental_option("excludeSwitches", ["disable-popup-blocking", "enable-logging"])
    options.add_experimental_option("prefs", PREFERENCES)
    for flag in (*FLAGS, f"--user-data-dir={home / 'profile'}"):
        options.add_argument(flag)
    if sys.platform == "linux" and os.geteuid() == 0 and not is_caged:
        options.add_argument("--no-sandbox")  # Chrome's own does not work for root
    return options
