"""What goes over a WebSocket, read from its bytes in passing."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field

from websockets.exceptions import InvalidHandshake, PayloadTooBig, ProtocolError
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, PerMessageDeflate
from websockets.frames import Frame, Opcode
from websockets.headers import parse_extension
from websockets.streams import StreamReader

from course.testbed.clients.transcript import show

Tell = Callable[[str, str, object], None]  # arrow, words, payload: a line of the transcript
MOST_MESSAGES = 10_000  # kept of each direction; what a flood says after that goes on its way unread
MOST_BYTES = 64 * 1024 * 1024  # of a frame, once it is unpacked
NO_CODE, BROKEN = 1005, 1006


@dataclass
class PageSocket:
    """A WebSocket that a page has opened, as it went over the wire.

    `accepted` tells whether the server took it, and `status` its HTTP answer. `close_code` is what the page's own
    close event says (1005: closed without a code, 1006: broken off), None while it is open; `page_closed_with` is the
    code that the page itself sent.
    """

    url: str
    accepted: bool = False
    status: int = 0
    sent: list[str | bytes] = field(default_factory=list)
    received: list[str | bytes] = field(default_factory=list)
    close_code: int | None = None
    page_closed_with: int | None = None


class WebSocketRecorder:
    """Reads one WebSocket: `from_page` and `from_server` see each byte before it goes on."""

    def __init__(self, url: str, tell: Tell) -> None:
        """Begin with the page's request; `tell` hears of all that follows."""
        self.socket = PageSocket(url)
        self._tell = tell
        self._of_page = _Messages(masked=True)
        self._of_server = _Messages(masked=False)
        path = re.sub(r"^\w+://[^/]*", "", url)
        tell("→", f"opens {path}", None)

    def answered(self, head: bytes) -> None:
        """Read the server's answer to the handshake."""
        told = re.match(rb"HTTP/1\.\d (\d{3})", head)
        self.socket.status = int(told[1]) if told else 0
        self.socket.accepted = self.socket.status == 101
        chosen = _header("sec-websocket-protocol", head)
        words = f"accepted, {chosen} chosen" if chosen else "accepted"
        if extensions := _header("sec-websocket-extensions", head):
            self._agree(extensions)
        self._tell("←", words if self.socket.accepted else f"HTTP {self.socket.status}", None)

    def from_page(self, data: bytes) -> None:
        """Read what the page sends."""
        for message in self._of_page.feed(data):
            if isinstance(message, int):
                if self.socket.close_code is not None:
                    return  # the browser's answer to the server's close, which no page has asked for
                self.socket.page_closed_with = message
                self._tell("→", "closes without a code" if message == NO_CODE else f"closes with {message}", None)
            elif len(self.socket.sent) < MOST_MESSAGES:
                self.socket.sent.append(message)
                self._tell("→", show(message), message)

    def from_server(self, data: bytes) -> None:
        """Read what the server sends."""
        for message in self._of_server.feed(data):
            if isinstance(message, int):
                self._close(message)
            elif len(self.socket.received) < MOST_MESSAGES:
                self.socket.received.append(message)
                self._tell("←", show(message), message)

    def ended(self) -> None:
        """Note the end of the connection."""
        if self.socket.close_code is None:
            self._close(BROKEN)

    def _agree(self, extensions: str) -> None:
        """Unpack what both sides pack from now on; what is packed in an unknown way goes by unread."""
        try:
            ((name, parameters),) = parse_extension(extensions)
            if name != PerMessageDeflate.name:
                raise InvalidHandshake(f"{name} is unknown")
            of_server = ClientPerMessageDeflateFactory().process_response_params(parameters, [])
        except (InvalidHandshake, ValueError):
            self._of_page.readable = self._of_server.readable = False
            return
        self._of_server.extensions.append(of_server)
        self._of_page.extensions.append(
            PerMessageDeflate(
                remote_no_context_takeover=of_server.local_no_context_takeover,
                local_no_context_takeover=True,  # nothing is packed here
                remote_max_window_bits=of_server.local_max_window_bits,
                local_max_window_bits=15,
            )
        )

    def _close(self, code: int) -> None:
        self.socket.close_code = code
        if self.socket.accepted and self.socket.page_closed_with is None:
            self._tell("←", f"closed with {code}", None)


class _Messages:
    """Puts one direction's bytes together: texts, bytes, and a number for the code of a close."""

    def __init__(self, *, masked: bool) -> None:
        self.extensions: list[PerMessageDeflate] = []  # by which what comes is unpacked
        self.readable = True
        self._masked = masked
        self._reader = StreamReader()
        self._parser = self._next_frame()
        self._parts: list[Frame] = []

    def feed(self, data: bytes) -> Iterator[str | bytes | int]:
        """Yield what is whole now; after bytes that are no WebSocket frames, nothing any more."""
        self._reader.feed_data(data)
        while self.readable:
            try:
                next(self._parser)
            except StopIteration as parsed:
                self._parser = self._next_frame()
                yield from self._take(parsed.value)
            except (ProtocolError, PayloadTooBig):
                self.readable = False
            else:
                return

    def _next_frame(self) -> Generator[None, None, Frame]:
        return Frame.parse(self._reader.read_exact, mask=self._masked, max_size=MOST_BYTES, extensions=self.extensions)

    def _take(self, frame: Frame) -> Iterator[str | bytes | int]:
        if frame.opcode is Opcode.CLOSE:
            yield int.from_bytes(frame.data[:2]) if frame.data else NO_CODE
        elif frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            self._parts.append(frame)
            if frame.fin:
                data = b"".join(part.data for part in self._parts)
                is_text = self._parts[0].opcode is Opcode.TEXT
                self._parts.clear()
                yield data.decode("utf-8", "replace") if is_text else data


def _header(name: str, head: bytes) -> str:
    found = re.search(rb"(?im)^%b:[ \t]*([^\r\n]+)" % name.encode(), head)
    return found[1].decode("latin-1") if found else ""
