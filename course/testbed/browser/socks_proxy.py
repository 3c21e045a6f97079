"""The only way out of a window: a SOCKS proxy that leads to the sites under check and nowhere else.

A page and a server must not notice it: bytes go on unchanged, and each end of a connection ends as the other one did,
by a reset too. Daphne resets a WebSocket that it has closed, and a browser calls that close unclean.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import struct
from collections import defaultdict
from collections.abc import Awaitable, Callable

from websockets.frames import Frame, Opcode

from course.testbed.browser.websocket_recorder import PageSocket, Tell, WebSocketRecorder

Allows = Callable[[int], bool]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
CHUNK_BYTES = 65536
MOST_HEAD_BYTES = 1024 * 1024
GRANTED, FORBIDDEN, REFUSED = 0, 2, 5  # RFC 1928
AT_ONCE = struct.pack("ii", 1, 0)  # for SO_LINGER: the connection is reset when it is closed


class Reader(asyncio.StreamReader):
    """A stream that gives what came before a reset, as a socket does; it tells of the reset, and of its end."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__(limit=MOST_HEAD_BYTES)
        self.was_reset = False
        self.is_over = asyncio.Event()

    def set_exception(self, exc: Exception) -> None:
        """Let what has arrived be read, and then the end."""
        self.was_reset = isinstance(exc, ConnectionError)
        self.feed_eof()

    def feed_eof(self) -> None:
        """Note that nothing more will come."""
        super().feed_eof()
        self.is_over.set()


Streams = tuple[Reader, asyncio.StreamWriter]


class Proxy:
    """A SOCKS proxy for the windows of one name; it reads their WebSockets in passing, and can hold them back."""

    def __init__(self) -> None:
        """Let nothing through until `begin`."""
        self.port = 0
        self.sockets: list[PageSocket] = []  # all of them, up to now
        self.tls: ssl.SSLContext | None = None  # with one, it is the TLS front of the sites: pages come over https
        self.handshakes_may_go = asyncio.Event()
        self.handshakes_may_go.set()
        self.answers_may_go = asyncio.Event()  # what servers say over WebSockets
        self.answers_may_go.set()
        self._open: dict[WebSocketRecorder, tuple[Streams, Streams]] = {}  # both ends of the WebSockets that are open
        self._dismissed: set[WebSocketRecorder] = set()
        self._allows: Allows = lambda port: False
        self._tell: Tell = lambda *line: None
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._handshakes: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def open_sockets(self) -> int:
        """How many of them are open now."""
        return len(self._open)

    def begin(self, allows: Allows, tell: Tell) -> None:
        """Let through to the ports of this machine that `allows` says yes to; `tell` hears of WebSockets."""
        self._allows, self._tell = allows, tell

    async def start(self, listener: socket.socket) -> None:
        """Take the connections of a socket that listens where the browser is."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: asyncio.StreamReaderProtocol(Reader(), self._accept), sock=listener
        )
        self.port = self._server.sockets[0].getsockname()[1]

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
        assert isinstance(reader, Reader)
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
            site = await _connect(port)
        except OSError:
            await _reply(page, REFUSED)
            return
        try:
            await _reply(page, GRANTED)
            if self.tls:
                await page[1].start_tls(self.tls)  # what does not begin with TLS is broken off here
            await self._carry(page, site, port)
        finally:
            if page[0].was_reset:
                _reset(site[1])
            if site[0].was_reset and not self.tls:  # a front with TLS ends it with the words of TLS
                _reset(page[1])
            site[1].close()

    async def _carry(self, page: Streams, site: Streams, port: int) -> None:
        """Carry bytes both ways; the first request tells whether it is a WebSocket."""
        for _, writer in (page, site):
            writer.transport.set_write_buffer_limits(0)  # what is written has left us before more is read
        reading = asyncio.ensure_future(page[0].readuntil(b"\r\n\r\n"))
        await _both(reading, _over(site))
        head = reading.result()
        if re.search(rb"(?im)^upgrade:\s*websocket", head):
            await self._carry_websocket(head, page, site, port)
            return
        site[1].write(head)
        await _both(_pump(page[0], site[1]), _pump(site[0], page[1]))

    async def _carry_websocket(self, head: bytes, page: Streams, site: Streams, port: int) -> None:
        path = head.split(b" ", 2)[1].decode("latin-1")
        host = re.search(rb"(?im)^host:\s*([^\r\n]+)", head)
        tap = WebSocketRecorder(f"ws://{host[1].decode('latin-1') if host else ''}{path}", self._tell)
        self.sockets.append(tap.socket)
        try:
            await _both(self._shake_hands(tap, head, page, site, port), _over(page))
            if tap.socket.accepted:
                self._open[tap] = page, site
            reads = (tap.from_page, tap.from_server) if tap.socket.accepted else (None, None)
            answers = _pump(site[0], page[1], reads[1], self.answers_may_go)
            await _both(_pump(page[0], site[1], reads[0]), answers)
            if tap in self._dismissed:
                await page[0].read(1)  # the page's answer, or its end; then the connection may go
        finally:
            self._open.pop(tap, None)
            tap.ended()

    async def _shake_hands(self, tap: WebSocketRecorder, head: bytes, page: Streams, site: Streams, port: int) -> None:
        async with self._handshakes[port]:  # one at a time, as a browser without a proxy does it (RFC 6455, 4.1)
            await self.handshakes_may_go.wait()
            site[1].write(head)
            answer = await site[0].readuntil(b"\r\n\r\n")
        tap.answered(answer)
        page[1].write(answer)


async def _connect(port: int) -> Streams:
    """Connect to a port of this machine."""
    reader = Reader()
    protocol = asyncio.StreamReaderProtocol(reader)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_connection(lambda: protocol, "127.0.0.1", port)
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection by a reset."""
    if not writer.transport.is_closing():
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        writer.transport.abort()


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
    reader: Reader,
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
        try:
            await writer.drain()
        except OSError:
            await asyncio.Future()  # who was to get it is gone: the other direction ends with what that one said last


async def _over(side: Streams) -> None:
    """Wait until one side hangs up while it has nothing to say."""
    await side[0].is_over.wait()
    raise EOFError


async def _both(*sides: Awaitable[object]) -> None:
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
