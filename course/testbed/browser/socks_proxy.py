"""The only way out of a window: a SOCKS proxy that leads to the sites under check and nowhere else."""

from __future__ import annotations

import asyncio
import re
import ssl
import struct
from collections.abc import Callable, Coroutine
from typing import Any

from websockets.frames import Frame, Opcode

from course.testbed.browser.websocket_recorder import PageSocket, Tell, WebSocketRecorder

Allows = Callable[[int], bool]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
CHUNK_BYTES = 65536
MOST_HEAD_BYTES = 1024 * 1024
GRANTED, FORBIDDEN, REFUSED = 0, 2, 5  # RFC 1928
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Proxy:
    """A SOCKS proxy for the windows of one name; it reads their WebSockets in passing, and can hold them back."""

    def __init__(self) -> None:
        """Let nothing through until `begin`."""
        self.port = 0
        self.taps: list[WebSocketRecorder] = []
        self._open: dict[WebSocketRecorder, tuple[Streams, Streams]] = {}  # both ends of the WebSockets that are open
        self._dismissed: set[WebSocketRecorder] = set()
        self._allows: Allows = lambda port: False
        self._tell: Tell = lambda *line: None
        self._tls: ssl.SSLContext | None = None
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._free = asyncio.Event()
        self._free.set()
        self._may_answer = asyncio.Event()
        self._may_answer.set()

    @property
    def sockets(self) -> list[PageSocket]:
        """The WebSockets up to now."""
        return [tap.socket for tap in self.taps]

    @property
    def open_sockets(self) -> int:
        """How many of them are open now."""
        return len(self._open)

    def begin(self, allows: Allows, tell: Tell) -> None:
        """Let through to the ports of this machine that `allows` says yes to; `tell` hears of WebSockets."""
        self._allows, self._tell = allows, tell

    async def start(self) -> None:
        """Listen on a port that the system picks."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=MOST_HEAD_BYTES)
        self.port = self._server.sockets[0].getsockname()[1]

    def speak_tls(self, context: ssl.SSLContext) -> None:
        """Be the TLS front of the sites from now on: the pages come over https, and their WebSockets over wss."""
        self._tls = context

    async def hold(self) -> None:
        """Keep the handshakes of WebSockets back from now on."""
        self._free.clear()

    async def release(self) -> None:
        """Let them go."""
        self._free.set()

    async def hold_answers(self) -> None:
        """Keep back what servers say over WebSockets from now on."""
        self._may_answer.clear()

    async def release_answers(self) -> None:
        """Hand it on."""
        self._may_answer.set()

    async def say_goodbye(self, code: int) -> None:
        """Close the open WebSockets as a server would that says why; their own servers only see them break off."""
        frame = b"\x88\x02" + struct.pack("!H", code)
        for tap, (page, site) in self._open.items():
            self._dismissed.add(tap)
            tap.from_server(frame)
            page[1].write(frame)
            site[1].transport.abort()

    async def cut(self) -> None:
        """Break the open WebSockets off, at both ends."""
        for ends in list(self._open.values()):
            for _, writer in ends:
                writer.transport.abort()

    async def server_says(self, text: str) -> None:
        """Send a text to the open WebSockets in the place of their servers, which know nothing of it."""
        frame = Frame(Opcode.TEXT, text.encode()).serialize(mask=False)
        for tap, (page, _) in self._open.items():
            tap.from_server(frame)
            page[1].write(frame)

    async def stop(self) -> None:
        """Break everything off."""
        if self._server:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._keep((reader, writer)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep(self, page: Streams) -> None:
        try:
            await self._serve(page)
        except (OSError, EOFError, asyncio.LimitOverrunError):
            pass  # broken off: the other side learns it by the close
        finally:
            page[1].close()

    async def _serve(self, page: Streams) -> None:
        host, port = await _requested(page)
        if not (host in LOOPBACK and self._allows(port)):
            await _reply(page, FORBIDDEN)
            return
        try:
            site = await asyncio.open_connection("127.0.0.1", port, limit=MOST_HEAD_BYTES)
        except OSError:
            await _reply(page, REFUSED)
            return
        try:
            await _reply(page, GRANTED)
            if self._tls:
                await page[1].start_tls(self._tls)  # what does not begin with TLS is broken off here
            await self._carry(page, site)
        finally:
            site[1].close()

    async def _carry(self, page: Streams, site: Streams) -> None:
        """Carry bytes both ways; the first request tells whether it is a WebSocket."""
        head = await page[0].readuntil(b"\r\n\r\n")
        if re.search(rb"(?im)^upgrade:\s*websocket", head):
            await self._carry_websocket(head, page, site)
            return
        site[1].write(head)
        await _both(_pump(page[0], site[1]), _pump(site[0], page[1]))

    async def _carry_websocket(self, head: bytes, page: Streams, site: Streams) -> None:
        tap = WebSocketRecorder(_url(head), self._tell)
        self.taps.append(tap)
        try:
            await _both(self._free.wait(), _gone(page[0]))
            # Without compression, what goes over the wire can be read.
            site[1].write(re.sub(rb"(?im)^sec-websocket-extensions:[^\n]*\n", b"", head))
            answer = await site[0].readuntil(b"\r\n\r\n")
            tap.answered(answer)
            page[1].write(answer)
            if tap.socket.accepted:
                self._open[tap] = page, site
            reads = (tap.from_page, tap.from_server) if tap.socket.accepted else (None, None)
            answers = _pump(site[0], page[1], reads[1], self._may_answer)
            await _both(_pump(page[0], site[1], reads[0]), answers)
            if tap in self._dismissed:
                await page[0].read(1)  # the page's answer, or its end; then the connection may go
        finally:
            self._open.pop(tap, None)
            tap.ended()


async def _requested(page: Streams) -> tuple[str, int]:
    """Shake hands as SOCKS 5 wants it, and return where the browser wants to go."""
    reader, writer = page
    _, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    writer.write(b"\x05\x00")  # no authentication
    _, _, _, kind = await reader.readexactly(4)
    length = {1: 4, 4: 16}.get(kind) or (await reader.readexactly(1))[0]
    address = await reader.readexactly(length)
    (port,) = struct.unpack("!H", await reader.readexactly(2))
    host = ".".join(map(str, address)) if kind == 1 else address.decode("latin-1") if kind == 3 else ""
    return host, port


async def _reply(page: Streams, code: int) -> None:
    page[1].write(b"\x05" + bytes([code]) + b"\x00\x01" + bytes(6))
    await page[1].drain()


async def _pump(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    read: Callable[[bytes], None] | None = None,
    may_pass: asyncio.Event | None = None,
) -> None:
    """Carry one direction until its end; `read` sees the bytes first, once they may pass."""
    while chunk := await reader.read(CHUNK_BYTES):
        if may_pass:
            await may_pass.wait()
        if read:
            read(chunk)
        writer.write(chunk)
        await writer.drain()


async def _gone(reader: asyncio.StreamReader) -> None:
    """Wait until a page that has nothing to say hangs up."""
    await reader.read(1)
    raise EOFError


async def _both(*sides: Coroutine[Any, Any, object]) -> None:
    """Run both until one ends."""
    tasks = [asyncio.ensure_future(side) for side in sides]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _url(head: bytes) -> str:
    path = head.split(b" ", 2)[1].decode("latin-1")
    host = re.search(rb"(?im)^host:\s*([^\r\n]+)", head)
    return f"ws://{host[1].decode('latin-1') if host else ''}{path}"
