"""The WebSockets of a page, read from the wire, held back and let go."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Frame, Opcode

from course.errors import Unmet
from course.testbed.browser import page_connections
from course.testbed.browser.open_page import OpenPage
from course.testbed.browser.page import Page
from course.testbed.browser.websocket_recorder import WebSocketRecorder
from course.testbed.clients.transcript import Transcript

WritePage = Callable[..., str]
SCRIPT = """
<p id=s data-state=connecting></p><p id=code></p><p id=heard></p>
<script>
  const socket = new WebSocket(PATH, PROTOCOLS);
  const show = (state) => { s.dataset.state = state; };
  socket.onopen = () => { show("open"); SEND };
  socket.onmessage = (event) => { heard.append(event.data.size ? `${event.data.size} bytes` : event.data); };
  socket.onclose = (event) => { show("closed"); code.textContent = event.code; };
</script>
"""


@pytest.fixture
def talking(open_page: OpenPage, page: WritePage) -> Callable[..., Page]:
    """Open a page that opens a WebSocket and then runs `send`."""

    def build(send: str = "", path: str = "/ws/echo/", protocols: str = "[]", **options: bool) -> Page:
        text = SCRIPT.replace("PATH", repr(path)).replace("PROTOCOLS", protocols).replace("SEND", send)
        return open_page(page(text), **options)

    return build


def test_a_socket_is_read_from_the_wire(talking: Callable[..., Page]) -> None:
    """Address, texts, bytes and the close code of a page's WebSocket are there as they went over the wire."""
    ana = talking("socket.send('tea ☕'); socket.send(new Uint8Array([255, 0, 7])); socket.send('bye 4321')")
    ana.waits_for_text("#code", "4321")

    (socket,) = ana.sockets
    assert socket.url.endswith("/ws/echo/")
    assert socket.accepted
    assert socket.sent == ["tea ☕", b"\xff\x00\x07", "bye 4321"]
    assert socket.received == ["tea ☕", b"\xff\x00\x07"]
    assert (socket.close_code, socket.page_closed_with) == (4321, None)


def test_frames_stand_on_the_timeline(talking: Callable[..., Page], page_transcript: Transcript) -> None:
    """What a window sends and hears stands on the same timeline as everything else, in its order."""
    ana = talking(
        "socket.send('tea'); socket.addEventListener('message', () => socket.send('bye 4000'))", protocols="['echo.v1']"
    )
    ana.waits_for_text("#code", "4000")

    assert [(event.who, event.arrow, event.what) for event in page_transcript.events()] == [
        ("ana", "→", "opens the page /"),
        ("ana", "→", "opens /ws/echo/"),
        ("ana", "←", "accepted, echo.v1 chosen"),
        ("ana", "→", '"tea"'),
        ("ana", "←", '"tea"'),
        ("ana", "→", '"bye 4000"'),
        ("ana", "←", "closed with 4000"),
    ]


@pytest.mark.parametrize(("call", "code"), [("1000", 1000), ("4100, 'enough'", 4100), ("", 1005)])
def test_a_close_by_the_page_is_told(talking: Callable[..., Page], call: str, code: int) -> None:
    """The code that the page closes with is known; so is that of the answer."""
    ana = talking(f"socket.close({call})")
    ana.waits_for_attribute("#s", "data-state", "closed")

    assert ana.sockets[0].page_closed_with == code
    assert str(ana.sockets[0].close_code) == ana.text("#code")


def test_a_refusal_is_told(talking: Callable[..., Page]) -> None:
    """A socket that the server refuses has the HTTP status of its answer, and 1006, as for the page."""
    ana = talking(path="/ws/refused/")
    ana.waits_for_text("#code", "1006")

    assert not ana.sockets[0].accepted
    assert (ana.sockets[0].status, ana.sockets[0].close_code) == (403, 1006)
    assert "403" in "".join(ana.errors)


def test_a_page_can_be_kept_connecting(talking: Callable[..., Page]) -> None:
    """A held handshake leaves the page before its "open" for as long as the check wants, and then goes through."""
    ana = talking("socket.send('late')", hold_sockets=True)

    ana.waits_for_count("#s", 1)
    assert ana.attribute("#s", "data-state") == "connecting"
    assert not ana.sockets[0].accepted
    ana.release_sockets()
    ana.waits_for_text("#heard", "late")

    assert ana.history("#s", "data-state") == ["connecting", "open"]


def test_a_page_may_give_up_while_it_is_held(talking: Callable[..., Page]) -> None:
    """A page that closes a socket which is still connecting has a closed socket; nothing waits for the release."""
    ana = talking(hold_sockets=True)
    ana.selenium.execute_script("socket.close()")

    ana.waits_for_text("#code", "1006")
    ana.waits_for_attribute("#s", "data-state", "closed")


def test_a_page_knows_its_open_socket(talking: Callable[..., Page]) -> None:
    """A check can wait until the page has an open WebSocket to a path."""
    ana = talking()
    ana.waits_for_socket("/ws/echo/")

    assert ana.attribute("#s", "data-state") == "open"


def test_large_messages_are_read_whole(talking: Callable[..., Page]) -> None:
    """A message of 300 kB, in many pieces on the wire, is one message."""
    ana = talking("socket.send('x'.repeat(300_000)); socket.send('bye 4000')")
    ana.waits_for_text("#code", "4000")

    assert [len(message) for message in ana.sockets[0].received] == [300_000]


def frame(opcode: int, payload: bytes, *, last: bool = True) -> bytes:
    return struct.pack("!BB", opcode | (128 if last else 0), len(payload)) + payload


def tapped(data: bytes, piece: int) -> WebSocketRecorder:
    tap = WebSocketRecorder("ws://127.0.0.1:1/ws/", lambda *_: None)
    tap.answered(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
    for at in range(0, len(data), piece):
        tap.from_server(data[at : at + piece])
    return tap


@pytest.mark.parametrize("piece", [1, 3, 1000])
def test_frames_are_put_together(piece: int) -> None:
    """Fragments with a ping between them are one message, however the bytes arrive."""
    data = (
        frame(1, b"te", last=False) + frame(9, b"ping") + frame(0, b"a") + frame(2, b"\xff") + frame(8, b"\x10\x01bye")
    )

    tap = tapped(data, piece)

    assert tap.socket.received == ["tea", b"\xff"]
    assert tap.socket.close_code == 4097


def test_what_is_no_websocket_ends_the_reading() -> None:
    """Bytes that are no frames are carried, but not read; the connection that then breaks is a 1006."""
    tap = tapped(frame(1, b"tea") + b"\x7f\xff\xff", 1000)
    tap.ended()

    assert tap.socket.received == ["tea"]
    assert tap.socket.close_code == 1006


OFFERS = ["", "; server_no_context_takeover; client_no_context_takeover", "; client_max_window_bits=10"]


@pytest.mark.parametrize("parameters", OFFERS)
def test_what_is_packed_is_read(parameters: str) -> None:
    """Where page and server have agreed to compress, texts and bytes are read all the same, both ways."""
    tap = WebSocketRecorder("ws://127.0.0.1:1/ws/", lambda *_: None)
    agreed = f"Sec-WebSocket-Extensions: permessage-deflate{parameters}"
    tap.answered(f"HTTP/1.1 101 Switching Protocols\r\n{agreed}\r\n\r\n".encode())
    alone, bits = "takeover" in parameters, 10 if "bits" in parameters else 15
    page, server = PerMessageDeflate(alone, alone, 15, bits), PerMessageDeflate(alone, alone, bits, 15)
    for text in (b"tea " * 1000, b"tea " * 1000, b""):
        tap.from_page(Frame(Opcode.TEXT, text).serialize(mask=True, extensions=[page]))
        tap.from_server(Frame(Opcode.BINARY, text).serialize(mask=False, extensions=[server]))
    tap.from_server(frame(1, b"as it is") + frame(8, b"\x0f\xa0"))

    assert tap.socket.sent == ["tea " * 1000, "tea " * 1000, ""]
    assert tap.socket.received == [b"tea " * 1000, b"tea " * 1000, b"", "as it is"]
    assert tap.socket.close_code == 4000


@pytest.mark.parametrize("agreed", ["x-own", "permessage-deflate; odd", "permessage-deflate, x-own", ";"])
def test_what_is_packed_in_an_unknown_way_goes_by(agreed: str) -> None:
    """Frames that nobody here can read are carried, and nothing is made of them."""
    tap = WebSocketRecorder("ws://127.0.0.1:1/ws/", lambda *_: None)
    tap.answered(f"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Extensions: {agreed}\r\n\r\n".encode())
    tap.from_server(frame(1, b"tea"))

    assert tap.socket.accepted
    assert tap.socket.received == []


def test_a_goodbye_is_clean_for_the_page(talking: Callable[..., Page]) -> None:
    """A WebSocket that is closed in the server's place ends with a close frame, as no server under Daphne ends it."""
    ana = talking("socket.addEventListener('close', (event) => { heard.textContent = `clean: ${event.wasClean}`; })")
    ana.waits_for_attribute("#s", "data-state", "open")
    ana.say_goodbye(1001)
    ana.waits_for_text("#code", "1001")

    assert ana.text("#heard") == "clean: true"
    assert (ana.sockets[0].close_code, ana.sockets[0].page_closed_with) == (1001, None)


def test_a_close_by_daphne_is_not_clean_for_the_page(talking: Callable[..., Page]) -> None:
    """Daphne resets the connection after its close frame, and the page sees that as it would without a proxy."""
    told = "socket.addEventListener('close', (event) => { heard.textContent = `clean: ${event.wasClean}`; });"
    ana = talking(f"{told} socket.send('bye 4000')")
    ana.waits_for_text("#code", "4000")

    assert ana.text("#heard") == "clean: false"


def test_a_goodbye_passes_those_by_who_are_not_open(talking: Callable[..., Page]) -> None:
    """A WebSocket that was closed before hears nothing more."""
    ana = talking("socket.send('bye 4000')")
    ana.waits_for_text("#code", "4000")
    ana.say_goodbye(1001)

    assert ana.sockets[0].close_code == 4000


def test_attempts_in_vain_are_counted(talking: Callable[..., Page]) -> None:
    """A WebSocket that was never open counts as refused, one that was does not."""
    again = "socket.onclose = () => { setTimeout(() => new WebSocket('/ws/refused/')); new WebSocket('/ws/refused/'); }"
    ana = talking(f"{again}; socket.send('bye 4000')")
    first, second = ana.waits_for_refusals(2)

    assert first <= second
    assert ana.refusals == 2


def test_attempts_that_do_not_come_are_told(talking: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for more attempts than there are is told how many there were, and waits for less the next time."""
    monkeypatch.setattr(page_connections, "REFUSAL_UNITS", 0.2)
    ana = talking(path="/ws/refused/")
    with pytest.raises(Unmet, match="gave up, or waits for long") as caught:
        ana.waits_for_refusals(2)

    assert (caught.value.expected, caught.value.got) == ("2 attempts to reach it", "1 in 0.2 s")


def test_a_close_can_be_left_unanswered(talking: Callable[..., Page]) -> None:
    """While answers are held, a page that closes is closing, and not closed; then it hears the server's answer."""
    ana = talking()
    ana.waits_for_attribute("#s", "data-state", "open")
    ana.hold_answers()
    ana.selenium.execute_script("socket.send('tea'); socket.close(1000)")
    closing = ana.selenium.execute_script("return socket.readyState")
    heard = ana.text("#heard")
    ana.release_answers()
    ana.waits_for_text("#code", "1000")

    assert (closing, heard) == (2, "")
    assert ana.open_sockets == 0


def test_something_can_be_said_in_the_servers_place(talking: Callable[..., Page]) -> None:
    """A text that no server has sent arrives at the page like any other."""
    ana = talking()
    ana.waits_for_socket("/ws/echo/")
    ana.server_says("tea ☕")
    ana.waits_for_text("#heard", "tea ☕")

    assert ana.sockets[0].received == ["tea ☕"]
    assert ana.open_sockets == 1


def test_a_pages_time_can_pass(talking: Callable[..., Page]) -> None:
    """What a page has put off for less than that happens in a moment, and what it has put off for longer does not."""
    again = "[1, 5, 90].forEach((seconds) => setTimeout(() => new WebSocket('/ws/echo/'), seconds * 1000))"
    ana = talking(again)
    ana.waits_for_attribute("#s", "data-state", "open")
    assert ana.attempts == 1

    ana.let_time_pass(60)
    assert ana.attempts == 3
    ana.let_time_pass(60)
    assert ana.attempts == 4
