"""A visitor keeps cookies and fills in forms, as a browser does without showing any of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from course.testbed.clients.http import HttpClient
from course.testbed.clients.http_session import HttpSession
from course.testbed.clients.transcript import Transcript

FORM = (
    '<form method="post"><input type="hidden" name="token" value="a&amp;b"><input type="hidden" value="nameless">'
    '<input name="who" value="ana"></form>'
)


class Door(BaseHTTPRequestHandler):
    """Sets a cookie at its form, and tells at any other path what it was sent."""

    def do_GET(self) -> None:
        if self.path == "/form":
            self._answer(200, FORM, ("Set-Cookie", "session=tea; Path=/"))
        else:
            self._answer(200, f"GET {self.path} {self.headers['Cookie']}")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/in":
            self._answer(302, "", ("Location", "/inside"), ("Set-Cookie", "user=ana; Path=/"))
        elif self.path == "/closed":
            self._answer(403, "closed")
        else:
            self._answer(200, f"{body} {self.headers['Cookie']}")

    def log_message(self, *words: object) -> None:
        pass

    def _answer(self, status: int, text: str, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(text)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def transcript() -> Transcript:
    return Transcript()


@pytest.fixture
def visitor(address: str, transcript: Transcript) -> HttpSession:
    site: Any = SimpleNamespace(label="", http_client=lambda: HttpClient(address))
    return HttpSession("ana", site, transcript)


def test_a_visitor_comes_without_a_cookie(visitor: HttpSession) -> None:
    """Nothing is sent that the site has not set."""
    assert visitor.get("/page").text == "GET /page None"
    assert visitor.cookies == {}
    assert visitor.headers == {}


def test_cookies_are_kept(visitor: HttpSession) -> None:
    """What one answer sets, the next request carries, and a WebSocket may too."""
    visitor.get("/form")

    assert visitor.get("/page").text == "GET /page session=tea"
    assert visitor.headers == {"Cookie": "session=tea"}


def test_a_cookie_that_comes_with_a_redirect_is_kept(visitor: HttpSession) -> None:
    """A log-in answers with a redirect and a cookie; both are followed."""
    answer = visitor.submit("/in", {}, page="/form")

    assert answer.text == "GET /inside session=tea; user=ana"
    assert visitor.cookies == {"session": "tea", "user": "ana"}


def test_a_form_is_sent_with_its_hidden_fields(visitor: HttpSession) -> None:
    """Hidden fields go along as the page has them; visible ones only as they are filled in."""
    answer = visitor.submit("/form", {"name": "<b>dan</b>"})

    assert answer.text == "token=a%26b&name=%3Cb%3Edan%3C%2Fb%3E session=tea"


def test_a_refusal_is_an_answer(visitor: HttpSession) -> None:
    """A status above 399 is handed out like any other."""
    assert visitor.submit("/closed", {}, page="/form").status == 403


def test_requests_stand_on_the_transcript(visitor: HttpSession, transcript: Transcript) -> None:
    """Each request and each answer is a line of the story."""
    visitor.submit("/closed", {}, page="/form")

    told = [f"{event.who} {event.arrow} {event.what}" for event in transcript.events()]
    assert told == ["ana → GET /form", "ana ← HTTP 200", "ana → POST /closed", "ana ← HTTP 403"]
