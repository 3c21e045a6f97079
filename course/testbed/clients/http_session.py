"""One person at a site, as far as HTTP goes: what a browser does about cookies and forms."""

from __future__ import annotations

import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Protocol

from course.testbed.clients.http import Response
from course.testbed.clients.transcript import Transcript


class HttpSite(Protocol):
    """What a visitor needs of a site."""

    def url(self, path: str) -> str:
        """Return the full address of a path."""

    def fetch(self, request: urllib.request.Request, cookies: CookieJar | None = None) -> Response:
        """Send a request and return the answer."""


class HttpSession:
    """Someone whose cookies are kept from one request to the next; a log-in lasts."""

    def __init__(self, name: str, site: HttpSite, transcript: Transcript) -> None:
        """Come to `site` without a cookie; `visit` makes these."""
        self.name = name
        self._site = site
        self._transcript = transcript
        self._jar = CookieJar()

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that the site has set, by their names."""
        return {cookie.name: cookie.value or "" for cookie in self._jar}

    @property
    def open_cookies(self) -> list[str]:
        """The names of the cookies that a browser would also send without TLS, for everybody on the way to read."""
        return [cookie.name for cookie in self._jar if not cookie.secure]

    @property
    def headers(self) -> dict[str, str]:
        """The headers of this visitor's own requests, for a WebSocket: `connect(path, headers=ana.headers)`."""
        pairs = [f"{name}={value}" for name, value in self.cookies.items()]
        return {"Cookie": "; ".join(pairs)} if pairs else {}

    def get(self, path: str) -> Response:
        """GET a path and return the answer, whatever its status; redirects are followed."""
        return self._fetch("GET", path)

    def submit(self, path: str, fields: dict[str, str], *, page: str = "") -> Response:
        """Send a form to `path` and return the answer, whatever its status; redirects are followed.

        What the form holds in hidden fields, Django's CSRF token for one, is read from `page`, or from `path` itself.
        """
        form = _HiddenFields()
        form.feed(self._fetch("GET", page or path).text)
        return self._fetch("POST", path, urllib.parse.urlencode({**form.found, **fields}).encode())

    def _fetch(self, method: str, path: str, body: bytes | None = None) -> Response:
        self._transcript.add(self.name, "→", f"{method} {path}")
        answer = self._site.fetch(urllib.request.Request(self._site.url(path), body, method=method), self._jar)
        self._transcript.add(self.name, "←", f"HTTP {answer.status}")
        return answer


class _HiddenFields(HTMLParser):
    """Collects the hidden fields of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a hidden input's name and value."""
        values = dict(attrs)
        name = values.get("name")
        if tag == "input" and values.get("type") == "hidden" and name:
            self.found[name] = values.get("value") or ""
