"""One person at a site, as far as HTTP goes: what a browser does about cookies and forms."""

from __future__ import annotations

import urllib.parse
from html.parser import HTMLParser
from typing import Protocol

from course.testbed.clients.http import HttpClient, Response
from course.testbed.clients.transcript import Transcript


class HttpSite(Protocol):
    """What a session needs of a site."""

    label: str

    def http_client(self) -> HttpClient:
        """Return a client without cookies, which sends requests as a page of the site would."""


class HttpSession:
    """Someone whose cookies are kept from one request to the next; a log-in lasts."""

    def __init__(self, name: str, site: HttpSite, transcript: Transcript) -> None:
        """Come to `site` without a cookie; `visit` makes these."""
        self.name = name
        self._client = site.http_client()
        self._transcript = transcript.toward(site.label)

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that the site has set, by their names."""
        return {cookie.name: cookie.value or "" for cookie in self._client.jar}

    @property
    def open_cookies(self) -> list[str]:
        """The names of the cookies that a browser would also send without TLS, for everybody on the way to read."""
        return [cookie.name for cookie in self._client.jar if not cookie.secure]

    @property
    def headers(self) -> dict[str, str]:
        """The headers of this session's own requests, for a WebSocket: `connect(path, headers=ana.headers)`."""
        pairs = [f"{name}={value}" for name, value in self.cookies.items()]
        return {"Cookie": "; ".join(pairs)} if pairs else {}

    def get(self, path: str) -> Response:
        """GET a path and return the answer, whatever its status; redirects are followed."""
        return self._request("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Response:
        """Send a form's fields to `path` as a script would, and return the answer, whatever its status."""
        body = urllib.parse.urlencode(fields)
        return self._request("POST", path, body.encode(), shown=f" {body}")

    def delete(self, path: str) -> Response:
        """DELETE a path and return the answer, whatever its status."""
        return self._request("DELETE", path)

    def submit(self, path: str, fields: dict[str, str], *, page: str = "") -> Response:
        """Send a form to `path` and return the answer, whatever its status; redirects are followed.

        What the form holds in hidden fields, Django's CSRF token for one, is read from `page`, or from `path` itself.
        """
        form = _HiddenFields()
        form.feed(self._request("GET", page or path).text)
        return self._request("POST", path, urllib.parse.urlencode({**form.found, **fields}).encode())

    def _request(self, method: str, path: str, body: bytes | None = None, *, shown: str = "") -> Response:
        self._transcript.add(self.name, "→", f"{method} {path}{shown}")
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        answer = self._client.request(method, path, headers=headers, body=body)
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
