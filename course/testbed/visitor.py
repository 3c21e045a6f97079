"""One person at a site, as far as HTTP goes: what a browser does about cookies and forms."""

from __future__ import annotations

import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar

from course.testbed.http import Response, fetch
from course.testbed.server import Site
from course.testbed.transcript import Transcript


class Visitor:
    """Someone whose cookies are kept from one request to the next; a log-in lasts."""

    def __init__(self, name: str, site: Site, transcript: Transcript) -> None:
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
    def headers(self) -> dict[str, str]:
        """The headers of this visitor's own requests, for a WebSocket: `connect(path, headers=ana.headers)`."""
        pairs = [f"{name}={value}" for name, value in self.cookies.items()]
        return {"Cookie": "; ".join(pairs)} if pairs else {}

    def get(self, path: str) -> Response:
        """GET a path and return the answer, whatever its status; redirects are followed."""
        return self._fetch("GET", path)

    def submit(self, path: str, fields: dict[str, str]) -> Response:
        """Open the page at `path`, fill in these fields of its form and send it there; return the answer.

        What the form holds in hidden fields is sent too, Django's CSRF token for one.
        """
        form = _HiddenFields()
        form.feed(self._fetch("GET", path).text)
        return self._fetch("POST", path, urllib.parse.urlencode({**form.found, **fields}).encode())

    def _fetch(self, method: str, path: str, body: bytes | None = None) -> Response:
        self._transcript.add(self.name, "→", f"{method} {path}")
        answer = fetch(urllib.request.Request(self._site.url(path), body, method=method), self._jar)
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
