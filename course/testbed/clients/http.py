"""HTTP requests and their answers, as a check sees them."""

from __future__ import annotations

import json
import queue
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any

from course.errors import Unmet
from course.testbed.deadlines import deadline_s

REPLY_UNITS = 5.0
MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Response:
    """An HTTP answer; `status` is a number, header names are lower case."""

    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> Any:
        """Return what the body's JSON says; raises Unmet when it is not JSON."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            raise Unmet("The answer is not JSON.", expected="JSON", got=self.text[:100]) from None


def fetch(
    request: urllib.request.Request,
    cookies: CookieJar | None = None,
    habits: Sequence[urllib.request.BaseHandler] = (),
) -> Response:
    """Send a request and return the answer, whatever its status; redirects are followed, and `cookies` kept.

    `habits` change how urllib goes about it.
    Raises Unmet when the whole answer is not there within five seconds, or is larger than 16 MB.
    """
    box: queue.SimpleQueue[Response | str] = queue.SimpleQueue()
    # In a thread, for a time limit of its own holds for one read only: an answer may drip for ever.
    threading.Thread(
        target=lambda: box.put(_attempt(request, cookies, habits)), name="HTTP request", daemon=True
    ).start()
    try:
        outcome = box.get(timeout=deadline_s(REPLY_UNITS))
    except queue.Empty:
        outcome = f"nothing whole within {deadline_s(REPLY_UNITS):g} s"
    if isinstance(outcome, Response):
        return outcome
    raise Unmet(f"No answer to {request.get_method()} {request.selector}.", expected="an answer", got=outcome)


def _attempt(
    request: urllib.request.Request, cookies: CookieJar | None, habits: Sequence[urllib.request.BaseHandler]
) -> Response | str:
    """Return the answer, or why there is none."""
    try:
        with _open(request, cookies, habits) as answer:
            headers = {key.lower(): value for key, value in answer.headers.items()}
            body = answer.read(MOST_BYTES + 1)
            if len(body) > MOST_BYTES:
                return f"more than {MOST_BYTES // 1024 // 1024} MB"
            return Response(answer.status, headers, body.decode("utf-8", "replace"))
    except (OSError, HTTPException, ValueError) as error:
        return str(getattr(error, "reason", error)) or type(error).__name__


def _open(
    request: urllib.request.Request, cookies: CookieJar | None, habits: Sequence[urllib.request.BaseHandler]
) -> Any:
    usual = urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(cookies)
    opener = urllib.request.build_opener(*usual, *habits)
    try:
        return opener.open(request, timeout=deadline_s(REPLY_UNITS))
    except urllib.error.HTTPError as error:
        return error  # a status above 399 is an answer like any other
