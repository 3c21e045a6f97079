"""A WebSocket client without manners: it speaks before it has heard what the server says of it."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping, Sequence

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from course.testbed.clients.endpoint import Endpoint
from course.testbed.clients.transcript import Transcript, show
from course.testbed.deadlines import deadline_s

REPLY_UNITS = 3.0


class EarlySender:
    """Sends texts the moment that a server has accepted: `send_early("/ws/sc/", ["hello"], name="eva")`."""

    def __init__(self, site: Endpoint, transcript: Transcript) -> None:
        """Send to `site`."""
        self._site = site
        self._transcript = transcript.toward(site.label)

    def __call__(self, path: str, texts: Sequence[str], *, name: str, headers: Mapping[str, str] | None = None) -> None:
        """Open a WebSocket from the site's own Origin, send, and wait until the server has ended it.

        A server that refuses, or never ends it, is let go after three seconds: what became of the texts is the
        question, and others hear the answer.
        """
        target = self._site.websocket_target(path)
        uri = parse_uri(target.url)
        protocol = ClientProtocol(uri, origin=target.origin)  # type: ignore[arg-type]  # a NewType over str
        request = protocol.connect()
        request.headers.update(headers or {})
        protocol.send_request(request)
        self._transcript.add(name, "→", f"opens {path}")
        with socket.create_connection((uri.host, uri.port), deadline_s(REPLY_UNITS)) as wire:
            if self._is_accepted(wire, protocol):
                self._site.accepted += 1
                for text in texts:
                    self._transcript.add(name, "→", f"{show(text)}, without waiting")
                _write(wire, b"".join(Frame(Opcode.TEXT, text.encode()).serialize(mask=True) for text in texts))
                _hear_out(wire, protocol)
            self._transcript.add(name, "←", _end(protocol))

    def _is_accepted(self, wire: socket.socket, protocol: ClientProtocol) -> bool:
        """Wait for the answer to the handshake, and for no more."""
        head = b""
        wire.sendall(b"".join(protocol.data_to_send()))
        while b"\r\n\r\n" not in head:
            chunk = _read(wire)
            if not chunk:
                return False
            head += chunk
        protocol.receive_data(head)
        return protocol.handshake_exc is None


def _end(protocol: ClientProtocol) -> str:
    """Say how the server ended it, or that it did not."""
    if isinstance(protocol.handshake_exc, InvalidStatus):
        return f"HTTP {protocol.handshake_exc.response.status_code}"
    if protocol.close_rcvd:
        return f"closed with {protocol.close_rcvd.code}"
    return "was not closed"


def _hear_out(wire: socket.socket, protocol: ClientProtocol) -> None:
    until = time.monotonic() + deadline_s(REPLY_UNITS)
    while time.monotonic() < until:
        _write(wire, b"".join(protocol.data_to_send()))  # the answer to the server's close, once it has come
        chunk = _read(wire)
        if not chunk:
            return
        protocol.receive_data(chunk)


def _read(wire: socket.socket) -> bytes:
    try:
        return wire.recv(65536)
    except OSError:  # silence, or a connection that is gone
        return b""


def _write(wire: socket.socket, data: bytes) -> None:
    try:
        wire.sendall(data)
    except OSError:
        pass  # it is gone already, which the next read finds too
