"""HTTP requests and their answers, as a check sees them."""

from __future__ import annotations

import json
import queue
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any

from course.errors import Unmet
from course.testbed.deadlines import deadline_s

if TYPE_CHECKING:
    import httpx

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


class HttpClient:
    """Sends requests to the site at `base`, "http://127.0.0.1:8000" for one; it keeps cookies in `jar`.

    Redirects are followed unless it says otherwise, and `headers` go with every request. `transport` is httpx's: where
    connections come from and lead to.
    """

    def __init__(
        self,
        base: str,
        *,
        headers: Mapping[str, str] | None = None,
        follows_redirects: bool = True,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Open nothing yet."""
        self.jar = CookieJar()
        self._options: dict[str, Any] = {
            "base_url": base,
            "headers": dict(headers or {}),
            "follow_redirects": follows_redirects,
            "transport": transport,
            "cookies": self.jar,
            "trust_env": False,
            "verify": False,
        }

    def request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Response:
        """Send a request and return the answer, whatever its status.

        Raises Unmet when the whole answer is not there within five seconds, or is larger than 16 MB.
        """
        box: queue.SimpleQueue[Response | str] = queue.SimpleQueue()
        # In a thread, for httpx's time limits hold for one read each: an answer may drip for ever.
        threading.Thread(
            target=lambda: box.put(self._attempt(method, path, headers or {}, body)), name="HTTP request", daemon=True
        ).start()
        try:
            outcome = box.get(timeout=deadline_s(REPLY_UNITS))
        except queue.Empty:
            outcome = f"nothing whole within {deadline_s(REPLY_UNITS):g} s"
        if isinstance(outcome, Response):
            return outcome
        raise Unmet(f"No answer to {method} {path}.", expected="an answer", got=outcome)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Response:
        """GET a path and return the answer, whatever its status."""
        return self.request("GET", path, headers=headers)

    def post_json(self, path: str, data: object, headers: Mapping[str, str] | None = None) -> Response:
        """POST `data` as JSON and return the answer, whatever its status."""
        headers = {"Content-Type": "application/json", **(headers or {})}
        return self.request("POST", path, headers=headers, body=json.dumps(data).encode())

    def _attempt(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Response | str:
        """Return the answer, or why there is none."""
        import httpx  # here, for most lessons over the wire never ask by HTTP, and it takes 0.1 s to import

        content = bytearray()
        try:
            with httpx.Client(timeout=deadline_s(REPLY_UNITS), **self._options) as client:
                with client.stream(method, path, headers=dict(headers), content=body) as answer:
                    for chunk in answer.iter_bytes():
                        content += chunk
                        if len(content) > MOST_BYTES:
                            return f"more than {MOST_BYTES // 1024 // 1024} MB"
        except httpx.TooManyRedirects:
            self._options["follow_redirects"] = False  # it leads in a circle: then its redirect is the answer
            return self._attempt(method, path, headers, body)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            return re.sub(r"^\[Errno -?\d+\] ", "", str(error)) or type(error).__name__
        told = {name.lower(): value for name, value in answer.headers.items()}
        return Response(answer.status_code, told, content.decode("utf-8", "replace"))
