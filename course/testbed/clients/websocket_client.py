"""WebSocket clients with verbs: what a browser would send, without a browser.

A check proves that nothing is on its way to a client without waiting for silence: by a fence. A fence is something that
must come for sure: the client's own next message, or the close. Whatever is not meant for the client would come before
it.
"""

from __future__ import annotations

import asyncio
import json
import queue
import threading
import time
from typing import Any

import websockets.asyncio.client as ws
from websockets.exceptions import ConnectionClosed

from course.errors import Unmet
from course.testbed.clients.endpoint import Endpoint
from course.testbed.clients.event_loop import EventLoop
from course.testbed.clients.transcript import Transcript, show
from course.testbed.deadlines import deadline_s, patience_s

REPLY_UNITS = 3.0
MOST_BYTES = 64 * 1024 * 1024  # of a message, and of all that one client hears
HANG_UP_UNITS = 3.0  # a close that is answered takes a moment, one that is not a second
# What a client waits for, and perhaps no client ever gets.
A_CLOSE, A_MESSAGE, A_PUSH = "a close", "a message", "a message from another client"


class WebSocketClient:
    """One open WebSocket, as a browser would hold it.

    Every verb that waits does so for at most three seconds (times COURSE_TIME_SCALE), and then fails the check.
    """

    def __init__(
        self, name: str, site: Endpoint, connection: ws.ClientConnection, loop: EventLoop, transcript: Transcript
    ) -> None:
        """Take over an accepted connection; `connect` makes these."""
        self.name = name
        self._site = site
        self._connection = connection
        self._loop = loop
        self._transcript = transcript
        self.heard_at = 0.0  # when the newest message came, by time.monotonic()
        self._inbox: queue.SimpleQueue[str | bytes | None] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._closing = False
        self._unanswered: list[str | bytes] = []

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that the server chose, or None."""
        return self._connection.subprotocol

    @property
    def close_code(self) -> int:
        """The code with which the server closed; waits for it.

        Raises Unmet when the socket is still open at the deadline. 1006 stands for a connection that broke.
        """
        if not self._closed.wait(self._limit_s({A_CLOSE}, deadline_s(REPLY_UNITS))):
            self._site.waits.failed(A_CLOSE)
            raise Unmet(f"The server did not close {self.name}'s connection.", expected="a close", got="an open socket")
        self._site.waits.came(A_CLOSE)
        return self._connection.close_code or 1006

    def send(self, message: str | bytes) -> None:
        """Send one text frame (str) or one binary frame (bytes)."""
        self._unanswered.append(message)
        self._transcript.add(self.name, "→", show(message))
        try:
            self._loop.run(self._connection.send(message), deadline_s(REPLY_UNITS))
        except TimeoutError:
            self._transcript.mark_last()
            self._loop.run(self._drop())
            raise Unmet(f"{self.name} could not send {show(message)}: the server reads nothing.") from None
        except ConnectionClosed:
            raise self._is_closed(f"{self.name} could not send {show(message)}") from None

    def send_json(self, message: object) -> None:
        """Send `message` as JSON in a text frame."""
        self.send(json.dumps(message))

    def receive(self) -> str | bytes:
        """Wait for the next message and return it: str for a text frame, bytes for a binary one."""
        awaited = {A_MESSAGE} if self._unanswered else {A_MESSAGE, A_PUSH}  # all that it said itself has come back
        within_s = self._limit_s(awaited, patience_s(REPLY_UNITS))
        message = self.next_within(within_s)
        if message is None:
            for what in awaited:
                self._site.waits.failed(what)
            self._transcript.add(self.name, "·", f"waited {within_s:g} s, and nothing came", diverged=True)
            raise Unmet(f"{self.name} waited for a message, and none came.", got="nothing")
        return message

    def receive_json(self) -> Any:
        """Wait for the next message and return what its JSON says.

        Raises Unmet for a binary frame, and for text that is not JSON.
        """
        message = self.receive()
        try:
            if isinstance(message, str):
                content = json.loads(message)
                self._transcript.read_as(message, content)
                return content
        except (ValueError, RecursionError):
            pass  # told below, as is a binary frame
        self._transcript.mark(message)
        raise Unmet(f"{self.name} expected JSON in a text frame.", expected="JSON", got=show(message))

    def has_unread(self) -> bool:
        """Tell whether the server has sent anything up to now that no check has read, or has closed.

        Daphne itself answers a ping, behind all that the application has sent before, whatever that does meanwhile.
        """
        try:
            self._loop.run(self._ping(), deadline_s(REPLY_UNITS))
        except TimeoutError:
            pass  # the server reads nothing, so it sends nothing either
        return not self._inbox.empty()

    def hears_nothing(self, fence: str | dict[str, Any]) -> None:
        """Prove that nothing is on its way to this client: its own `fence`, sent now, must be the next thing it hears.

        The contract must say that the client's own message comes back to it. A dict is sent as JSON, and may come
        back with more keys.
        """
        self.send(fence if isinstance(fence, str) else json.dumps(fence))
        heard = self.receive()
        if not _same(heard, fence):
            self._transcript.mark(heard)
            raise Unmet(
                f"{self.name} heard something that was not meant for them.",
                expected=f"nothing before {show(fence)}, which {self.name} sent last",
                got=show(heard),
            )

    def hears_only_the_close(self) -> int:
        """Return the code with which the server closes, which must be the next thing that this client hears.

        Raises Unmet when a message comes instead, or nothing at all.
        """
        code = self.close_code
        heard = self._inbox.get()  # what came before the close, or the end itself: it is written down by now
        if heard is not None:
            self._transcript.mark(heard)
            raise Unmet(f"{self.name} heard one more message before the close.", expected="a close", got=show(heard))
        self._inbox.put(None)
        return code

    def stays_open(self, for_s: float) -> None:
        """Say nothing for this long; fail as soon as the server closes. What arrives meanwhile is kept."""
        if self._closed.wait(for_s):
            code = self._connection.close_code or 1006
            self._transcript.mark_last()
            raise Unmet(f"The server closed {self.name}'s connection with {code}, although nobody asked for it.")

    def close(self, code: int | None = 1000, reason: str = "") -> None:
        """Close from the client's side and wait until the connection is gone.

        None sends no code, as a browser does when a page calls `close()` without one.
        """
        self._closing = True
        if not self._closed.is_set():
            self._transcript.add(self.name, "→", "closes without a code" if code is None else f"closes with {code}")
        self._loop.run(self.hang_up(code, reason))
        self._closed.wait(deadline_s(REPLY_UNITS))

    def vanish(self) -> None:
        """Be gone without a close, as a client that is killed or has lost its network; wait until that is so."""
        self._transcript.add(self.name, "→", "is gone without a word")
        self._loop.run(self._drop())
        self._closed.wait(deadline_s(REPLY_UNITS))

    def __enter__(self) -> WebSocketClient:
        """Return the client."""
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Close the connection."""
        self._loop.run(self.hang_up())

    def _limit_s(self, awaited: set[str], full_s: float) -> float:
        """Return how long to wait, which is less for what nobody has ever got; raise NotRun as `FailedWaits` does."""
        waits = self._site.waits
        return min([full_s, *(waits.limit_s(what, full_s) for what in awaited if not waits.has_come(what))])

    async def hang_up(self, code: int | None = 1000, reason: str = "") -> None:
        """Close the connection; drop it where the server lets no close through (run in the loop)."""
        self._closing = True
        try:
            async with asyncio.timeout(deadline_s(HANG_UP_UNITS)):
                await self._connection.close(code, reason)  # type: ignore[arg-type]  # None goes through to the frame
        except TimeoutError:
            await self._drop()
        except AttributeError:
            pass  # asyncio's own slip: it aborts a transport that was lost with data still to send

    async def _ping(self) -> None:
        try:
            await (await self._connection.ping())
        except ConnectionClosed:
            pass  # the end is in the inbox, or will be at once

    async def _drop(self) -> None:
        """End the connection without a word: a close would wait behind what the server does not take in."""
        self._closing = True
        try:
            self._connection.transport.abort()
        except AttributeError:
            pass  # lost already, as above

    async def listen(self) -> None:
        """Write down what arrives, when it arrives (run by `connect`, in the loop)."""
        heard_bytes = 0
        try:
            async for message in self._connection:
                self._site.waits.came(A_MESSAGE)
                payload = message if isinstance(message, str) else bytes(message)
                own = next((said for said in self._unanswered if _same(payload, _read(said))), None)
                if own is None:
                    self._site.waits.came(A_PUSH)
                else:
                    self._unanswered.remove(own)  # the client hears what it said itself
                self._transcript.add(self.name, "←", show(payload), payload)
                self.heard_at = time.monotonic()
                self._inbox.put(payload)
                heard_bytes += len(payload)
                if heard_bytes > MOST_BYTES:
                    self._transcript.add(self.name, "·", f"has heard more than {MOST_BYTES >> 20} MB, and leaves")
                    await self._drop()
        except ConnectionClosed:
            pass  # the code is told below
        if not self._closing:
            self._transcript.add(self.name, "←", f"closed with {self._connection.close_code or 1006}")
        self._closed.set()
        self._inbox.put(None)

    def next_within(self, within_s: float) -> str | bytes | None:
        """Return the next message, or None when none comes in time; raises Unmet when the server closes instead."""
        try:
            message = self._inbox.get(timeout=max(within_s, 0))
        except queue.Empty:
            return None
        if message is None:
            self._inbox.put(None)
            raise self._is_closed(f"{self.name} waited for a message")
        return message

    def _is_closed(self, doing: str) -> Closed:
        self._closed.wait(deadline_s(REPLY_UNITS))
        code = self._connection.close_code or 1006
        self._transcript.mark_last()
        why = ": the consumer raised an exception" if code == 1011 else ""
        return Closed(f"{doing}, but the server had closed the connection with {code}{why}.", code)


class Closed(Unmet):
    """The server closed a connection that a check still used."""

    def __init__(self, message: str, code: int) -> None:
        """Keep the close code."""
        super().__init__(message, got=f"close code {code}")
        self.code = code


def _same(heard: str | bytes, fence: str | bytes | dict[str, Any]) -> bool:
    """Tell whether what was heard is a fence; an object may come back with more keys."""
    answer = _read(heard)
    if isinstance(answer, dict) and isinstance(fence, dict):
        return answer.items() >= fence.items()
    return heard == fence


def _read(message: str | bytes) -> str | bytes | dict[str, Any]:
    """Return the object in a text that is the JSON of one, anything else as it is."""
    try:
        content = json.loads(message) if isinstance(message, str) and message.startswith("{") else None
    except (ValueError, RecursionError):
        return message
    return content if isinstance(content, dict) else message
