"""What the pages say about browsers, tried in Chrome: whose WebSockets carry a site's cookies, what a pattern may be.

The site is chat.tea.example. A page of evil.example is *cross-site*. A page of another name under tea.example, and one
of another port, are *same-site*, though they have another origin.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from course.testbed.deadlines import comes_true
from course.testbed.servers.tls_certificate import server_side
from course.testbed.tools.browser_install import find

if TYPE_CHECKING:
    from selenium.webdriver.chrome.webdriver import WebDriver

SITE, SIBLING, EVIL = "chat.tea.example", "forum.tea.example", "evil.example"
COOKIES = {"strict": "; SameSite=Strict", "lax": "; SameSite=Lax", "none": "; SameSite=None", "unsaid": ""}


@dataclass(frozen=True)
class Handshake:
    """What a page's WebSocket has brought along."""

    origin: str
    cookies: set[str]


class TwoPorts:
    """One site on two ports; its pages set cookies and open WebSockets, and each handshake is kept."""

    def __init__(self) -> None:
        self.handshakes: list[Handshake] = []
        self._servers: list[Server] = [
            serve(_stay, "127.0.0.1", 0, ssl=server_side(), process_request=self._answer) for _ in range(2)
        ]
        self.ports = [int(server.socket.getsockname()[1]) for server in self._servers]
        for server in self._servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def close(self) -> None:
        for server in self._servers:
            server.shutdown()

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        if request.path == "/ws/":
            told = SimpleCookie(request.headers.get("Cookie", ""))
            self.handshakes.append(Handshake(request.headers["Origin"], set(told)))
            return None
        headers = Headers({"Content-Type": "text/html", "Connection": "close"})
        if request.path == "/login":
            for name, site in COOKIES.items():
                headers["Set-Cookie"] = f"{name}=1; Secure; HttpOnly; Path=/{site}"
        body = b"<!doctype html><title>page</title>"
        headers["Content-Length"] = str(len(body))
        return Response(200, "OK", headers, body)


def _stay(connection: ServerConnection) -> None:
    """Hold a WebSocket until its page leaves."""
    for _ in connection:
        pass


@pytest.fixture(scope="session")
def site() -> Iterator[TwoPorts]:
    site = TwoPorts()
    yield site
    site.close()


@pytest.fixture(scope="session")
def chrome(site: TwoPorts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    """A Chrome of our own, which finds all names of `example` here and has been to the site's log-in."""
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.chrome.webdriver import WebDriver

    programs = find()
    if not programs or programs.is_edge:
        pytest.skip("There is no Chrome here.")
    home = tmp_path_factory.mktemp("chrome")
    options = Options()
    options.binary_location = str(programs.launcher(Path(home)))
    options.accept_insecure_certs = True
    rules = "MAP *.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    for flag in ("--headless=new", f"--host-resolver-rules={rules}", "--ignore-certificate-errors"):
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={home / 'profile'}")
    if sys.platform == "linux" and os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    driver = WebDriver(options, Service(str(programs.driver)))
    driver.get(f"https://{SITE}:{site.ports[0]}/login")
    yield driver
    driver.quit()


def handshake_from(page: str, site: TwoPorts, chrome: WebDriver) -> Handshake:
    """Return what a WebSocket to the site brings along when the page at this address opens it."""
    before = len(site.handshakes)
    chrome.get(page)
    assert open_socket(chrome, f"wss://{SITE}:{site.ports[0]}/ws/") == "open"
    assert comes_true(lambda: len(site.handshakes) > before, 3)
    return site.handshakes[-1]


def open_socket(chrome: WebDriver, address: str) -> Any:
    return chrome.execute_async_script(
        """
        const [address, done] = arguments;
        const socket = new WebSocket(address);
        socket.onopen = () => done("open");
        socket.onclose = (event) => done(`closed with ${event.code}`);
        """,
        address,
    )


def test_the_sites_own_page_brings_every_cookie(site: TwoPorts, chrome: WebDriver) -> None:
    """From its own origin, all of them come along."""
    found = handshake_from(f"https://{SITE}:{site.ports[0]}/", site, chrome)

    assert found == Handshake(f"https://{SITE}:{site.ports[0]}", set(COOKIES))


def test_a_foreign_page_connects_with_the_cookies_that_allow_it(site: TwoPorts, chrome: WebDriver) -> None:
    """A cross-site page's WebSocket opens, but the session's cookie stays at home, unless it is SameSite=None."""
    found = handshake_from(f"https://{EVIL}:{site.ports[0]}/", site, chrome)

    assert found.origin == f"https://{EVIL}:{site.ports[0]}"
    assert found.cookies == {"none"}


@pytest.mark.parametrize(("host", "port"), [(SITE, 1), (SIBLING, 0)], ids=["another port", "a sibling"])
def test_a_page_of_the_same_site_brings_them_all(site: TwoPorts, chrome: WebDriver, host: str, port: int) -> None:
    """SameSite does not look at the port, nor at the name below the domain: the origin is another, the cookies come."""
    found = handshake_from(f"https://{host}:{site.ports[port]}/", site, chrome)

    assert found.origin == f"https://{host}:{site.ports[port]}"
    assert found.cookies == set(COOKIES)


@pytest.mark.parametrize(("pattern", "holds"), [(r"[\-_a-z]+", True), (r"[_a-z-]+", False), (r"[a-z[]+", False)])
def test_a_pattern_is_read_with_the_v_flag(site: TwoPorts, chrome: WebDriver, pattern: str, holds: bool) -> None:
    """A field's pattern that is none under the flag v keeps nothing out, and no word is said of it on the page."""
    chrome.get(f"https://{SITE}:{site.ports[0]}/")
    found = chrome.execute_script(
        """
        const field = document.createElement("input");
        [field.pattern, field.value] = arguments;
        return field.validity.patternMismatch;
        """,
        pattern,
        "no slug!",
    )

    assert found is holds


def test_django_says_lax_unless_told_otherwise() -> None:
    """Django's own session cookie is one of those that stay at home."""
    from django.conf import global_settings

    assert global_settings.SESSION_COOKIE_SAMESITE == "Lax"
