"""A WebSocket client that costs next to nothing, so that a bench measures the server and not its clients."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from course.testbed.deadlines import deadline_s

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n"
)
TEXT, CLOSE, PING, PONG = 0x81, 0x88, 0x89, 0x8A
MASKED, NO_MASK = 0x80, bytes(4)  # a client has to mask; a mask of zeros changes nothing
LONGEST = 125  # of a frame that fits into the short form
AT_ONCE = 50


@asynccontextmanager
async def members(host: str, path: str, listeners: Sequence[Callable[[bytes], None]]) -> AsyncIterator[list[Member]]:
    """Open a WebSocket for each listener, all at once; they are dropped at the end."""
    found = await asyncio.gather(*(Member.open(host, path, on_text) for on_text in listeners))
    try:
        yield list(found)
    finally:
        for member in found:
            member.drop()
        await asyncio.sleep(0)  # in which the loop closes them


async def crowd(number: int, open_one: Callable[[int], Awaitable[Member]]) -> list[Member]:
    """Open so many members, fifty at a time; `open_one` is told which it is."""
    found: list[Member] = []
    for first in range(0, number, AT_ONCE):
        found += await asyncio.gather(*map(open_one, range(first, min(first + AT_ONCE, number))))
    return found


class Tally:
    """Counts, by kind, what all members together have heard."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.counts = Counter[str]()
        self._changed = asyncio.Event()

    def add(self, kind: str) -> None:
        """Count one."""
        self.counts[kind] += 1
        self._changed.set()

    async def reaches(self, kind: str, number: int, units: float = 60.0) -> None:
        """Wait until so many were heard; raise TimeoutError when that time is not enough."""
        async with asyncio.timeout(deadline_s(units)):
            while self.counts[kind] < number:
                self._changed.clear()
                await self._changed.wait()


class Member(asyncio.Protocol):
    """One open WebSocket; `on_text` is given the payload of each text frame."""

    def __init__(self, on_text: Callable[[bytes], None]) -> None:
        """Wait for `open` to make the connection."""
        self.on_text = on_text
        self.closed = False
        self.accepted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(
        cls,
        host: str,
        path: str,
        on_text: Callable[[bytes], None],
        *,
        called: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Member:
        """Connect, and return once the server has accepted.

        `called` is the name by which the server knows itself, where that is not its address; `headers` are added.
        """
        name, _, port = host.partition(":")
        more = "".join(f"{header}: {value}\r\n" for header, value in (headers or {}).items())
        loop = asyncio.get_running_loop()
        _, member = await loop.create_connection(lambda: cls(on_text), name, int(port))
        member._write(HANDSHAKE.format(path=path, host=called or host, more=more).encode())
        await member.accepted
        return member

    def drop(self) -> None:
        """Break the connection off."""
        if self._transport:
            self._transport.abort()

    def say(self, text: bytes) -> None:
        """Send a text of at most 125 bytes."""
        assert len(text) <= LONGEST
        self._write(bytes([TEXT, MASKED | len(text)]) + NO_MASK + text)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport (called by asyncio)."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Remember that it is over (called by asyncio)."""
        self.closed = True
        if not self.accepted.done():
            self.accepted.set_exception(exc or ConnectionError("The server refused a member."))

    def data_received(self, data: bytes) -> None:
        """Take frames out of what has come (called by asyncio)."""
        self._buffer += data
        if not self.accepted.done():
            head, end, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not end:
                return
            self._buffer[:] = rest
            if not head.startswith(b"HTTP/1.1 101"):
                self.accepted.set_exception(ConnectionError(head.decode("utf-8", "replace").splitlines()[0]))
                self.drop()
                return
            self.accepted.set_result(None)
        self._take_frames()

    def _take_frames(self) -> None:
        at = 0
        while len(self._buffer) - at >= 4 or (len(self._buffer) - at >= 2 and self._buffer[at + 1] <= LONGEST):
            kind, length, begin = self._buffer[at], self._buffer[at + 1], at + 2
            if length > LONGEST:  # the next two bytes say how long it is; nobody here says more than 64 kB
                length, begin = int.from_bytes(self._buffer[at + 2 : at + 4]), at + 4
            if len(self._buffer) < begin + length:
                break
            payload = bytes(self._buffer[begin : begin + length])
            at = begin + length
            if kind == TEXT:
                self.on_text(payload)
            elif kind == PING:
                self._write(bytes([PONG, MASKED | length]) + NO_MASK + payload)
            elif kind == CLOSE and self._transport:
                self._transport.close()
        del self._buffer[:at]

    def _write(self, data: bytes) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.write(data)
