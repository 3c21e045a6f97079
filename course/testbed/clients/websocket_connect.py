"""How WebSockets are opened, many at once too, and how a server refuses them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, TypeVar

import websockets.asyncio.client as ws
from websockets.exceptions import InvalidHandshake, InvalidStatus

from course.errors import Unmet
from course.testbed.clients.endpoint import Endpoint
from course.testbed.clients.event_loop import EventLoop
from course.testbed.clients.transcript import Transcript
from course.testbed.clients.websocket_client import WebSocketClient
from course.testbed.deadlines import deadline_s
from course.testbed.failed_waits import AGAIN_UNITS

T = TypeVar("T")
AN_ANSWER = "an answer to a handshake"
HANDSHAKE_UNITS = 6.0  # Daphne drops what nobody accepted, but looks for it every two seconds only
REFUSALS = {
    403: "the consumer closed before it accepted, or the Origin was refused",
    404: "nothing speaks WebSocket there: the server is not running the ASGI application",
    500: "no route matches this path, or the code raised before it accepted",
}


class Connect:
    """Opens WebSockets to one server: `connect("/ws/sc/")`."""

    def __init__(self, site: Endpoint, loop: EventLoop, transcript: Transcript) -> None:
        """Connect to `site`, unless a call names another."""
        self.site = site
        self._loop = loop
        self.transcript = transcript
        self._names = iter(["ana", "ben", "cleo", "dan", "eva", "finn"])
        self._clients: list[WebSocketClient] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(
        self,
        path: str,
        *,
        name: str = "",
        origin: str | None = "",
        subprotocols: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        site: Endpoint | None = None,
    ) -> WebSocketClient:
        """Open a WebSocket and return it once the server has accepted.

        `origin` is the server's own unless given; None sends no Origin. `site` names another server process.
        Raises Unmet when the server refuses.
        """
        return self._let_in(self._open(path, name, origin, subprotocols, headers, site))

    def ask(self, path: str, *, name: str = "", site: Endpoint | None = None) -> WebSocketClient | None:
        """Open a WebSocket and return it, or None where the server refuses: for checks that take either.

        Raises Unmet when the server does not answer the handshake at all.
        """
        try:
            return self._let_in(self._open(path, name, site=site), may_refuse=True)
        except Refused:
            return None

    def many(
        self, path: str | Sequence[str], number: int = 1, *, site: Endpoint | None = None
    ) -> list[WebSocketClient]:
        """Open `number` WebSockets at once, or one to each of many paths; they close when the check ends."""
        paths = [path] * number if isinstance(path, str) else path
        named = [(f"guest {number}", path) for number, path in enumerate(paths, 1)]

        async def open_all() -> list[WebSocketClient]:
            return await asyncio.gather(*(self._open(path, name, site=site) for name, path in named))

        return self._let_in(open_all())

    def replies(self, clients: Sequence[WebSocketClient], within_s: float) -> list[str | bytes | None]:
        """Return the next message of each client, None for each that has heard nothing when the time is over.

        For checks that compare times. To prove silence, use the client's `hears_nothing`.
        """
        until = time.monotonic() + within_s
        heard = [client.next_within(until - time.monotonic()) for client in clients]
        if None in heard:
            missing = heard.count(None)
            said = f"{within_s:.1f} s are over, and {missing} of {len(heard)} heard nothing"
            self.transcript.add("", "·", said, diverged=True)
        return heard

    def refused(
        self,
        path: str,
        *,
        origin: str | None = "",
        subprotocols: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        site: Endpoint | None = None,
    ) -> int:
        """Return the HTTP status with which the server refuses a WebSocket.

        Raises Unmet when it accepts, or when it does not answer the handshake at all.
        """
        name = next(self._names, "a guest")
        try:
            client = self._let_in(self._open(path, name, origin, subprotocols, headers, site), may_refuse=True)
        except Refused as refusal:
            return refusal.status
        except Unmet as silence:
            said = f"{name} asked for {path}, and the server neither accepted nor refused."
            raise Unmet(said, expected="a refusal", got=silence.got) from None
        self.transcript.mark(client)
        client.close()
        raise Unmet(f"The server accepted a WebSocket to {path}.", expected="a refusal", got="an open socket")

    def close_all(self) -> None:
        """Close what is still open."""

        async def close() -> None:
            await asyncio.gather(*(client.hang_up() for client in self._clients))
            await asyncio.gather(*self._tasks)

        self._loop.run(close())

    def _let_in(self, work: Coroutine[Any, Any, T], *, may_refuse: bool = False) -> T:
        """Open what must be accepted, or at least answered; mark the place where things went wrong."""
        try:
            return self._loop.run(work)
        except Unmet as refusal:
            if not (may_refuse and isinstance(refusal, Refused)):
                self.transcript.mark(refusal)
            raise

    async def _open(
        self,
        path: str,
        name: str,
        origin: str | None = "",
        subprotocols: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        site: Endpoint | None = None,
    ) -> WebSocketClient:
        site = site or self.site
        name = name or next(self._names, f"guest {len(self._clients) + 1}")
        offer = f", offers {', '.join(subprotocols)}" if subprotocols else ""
        came_from = "" if origin == "" else f", from {origin or 'nowhere'}"
        transcript = self.transcript.toward(site.label)
        transcript.add(name, "→", f"opens {path}{offer}{came_from}")
        target = site.websocket_target(path)
        if origin == "":
            origin = target.origin
        limit_s = deadline_s(AGAIN_UNITS if path in site.silent else HANDSHAKE_UNITS)
        if not site.waits.has_come(AN_ANSWER):
            limit_s = site.waits.limit_s(AN_ANSWER, limit_s)
        try:
            connection = await ws.connect(
                target.url,
                origin=origin,  # type: ignore[arg-type]  # a NewType over str
                subprotocols=list(subprotocols) or None,  # type: ignore[arg-type]  # NewTypes over str
                additional_headers={**target.headers, **(headers or {})},
                proxy=None,
                compression=None,
                ping_interval=None,
                max_size=None,
                open_timeout=limit_s,
                close_timeout=deadline_s(1),
                **target.options,
            )
        except InvalidStatus as error:
            site.waits.came(AN_ANSWER)
            raise _refused(transcript, name, path, error.response.status_code) from None
        except (InvalidHandshake, OSError, EOFError) as error:
            site.silent.add(path)
            site.waits.failed(AN_ANSWER)
            answer = "silence" if isinstance(error, TimeoutError) else "a dropped connection"
            raise _refused(transcript, name, path, 0, answer) from None
        chosen = f", {connection.subprotocol} chosen" if connection.subprotocol else ""
        client = WebSocketClient(name, site, connection, self._loop, transcript)
        transcript.add(name, "←", f"accepted{chosen}", client)
        self._clients.append(client)
        site.accepted += 1
        site.waits.came(AN_ANSWER)
        self._tasks.add(asyncio.ensure_future(client.listen()))
        return client


class Refused(Unmet):
    """The server answered a handshake with an HTTP status."""

    def __init__(self, message: str, status: int, answer: str) -> None:
        """Keep the status."""
        super().__init__(message, expected="accepted", got=answer)
        self.status = status


def _refused(transcript: Transcript, name: str, path: str, status: int, answer: str = "") -> Unmet:
    """Return what there is to raise: an HTTP answer by its status, or 0 and what came instead of one."""
    answer = answer or f"HTTP {status}"
    why = REFUSALS.get(status, "") if status else "the server neither accepted nor refused it"
    message = f"{name} could not connect to {path}: the server answered the handshake with {answer}"
    text = f"{message} ({why})." if why else f"{message}."
    refusal = Refused(text, status, answer) if status else Unmet(text, expected="accepted", got=answer)
    transcript.add(name, "←", answer, refusal)
    return refusal
