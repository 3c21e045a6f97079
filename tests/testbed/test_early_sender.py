"""A client without manners speaks at once, whatever the server says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from course.testbed.clients import early_sender as module
from course.testbed.clients.early_sender import EarlySender
from course.testbed.clients.endpoint import WebSocketTarget
from course.testbed.clients.transcript import Transcript

Script = Callable[[ServerConnection], None]
BuildShout = Callable[..., EarlySender]


@pytest.fixture
def transcript() -> Transcript:
    return Transcript()


@pytest.fixture
def shout_at(transcript: Transcript) -> Iterator[BuildShout]:
    """Serve a script, and return what shouts at it."""
    with ExitStack() as stack:

        def build(script: Script, **options: Any) -> EarlySender:
            server = stack.enter_context(serve(script, "127.0.0.1", 0, close_timeout=1, **options))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
            host = f"127.0.0.1:{server.socket.getsockname()[1]}"
            target = lambda path: WebSocketTarget(f"ws://{host}{path}", f"http://{host}")  # noqa: E731
            site: Any = SimpleNamespace(websocket_target=target, host=host, accepted=0, label="")
            return EarlySender(site, transcript)

        yield build


def story(transcript: Transcript) -> list[str]:
    return [f"{event.who} {event.arrow} {event.what}" for event in transcript.events()]


def test_every_text_arrives(shout_at: BuildShout, transcript: Transcript) -> None:
    """What is shouted reaches the server in its order, and its close is told."""
    heard: list[object] = []

    def listen(connection: ServerConnection) -> None:
        heard.extend([connection.recv(), connection.recv()])
        connection.close(4403)

    shout_at(listen)("/ws/chat/tea/", ["grün", "tea"], name="eva")

    assert heard == ["grün", "tea"]
    assert story(transcript) == [
        "eva → opens /ws/chat/tea/",
        'eva → "grün", without waiting',
        'eva → "tea", without waiting',
        "eva ← closed with 4403",
    ]


def test_a_close_right_after_the_accept_keeps_nobody_silent(shout_at: BuildShout, transcript: Transcript) -> None:
    """The texts are on their way before the close is read."""
    closed = threading.Event()

    def refuse(connection: ServerConnection) -> None:
        connection.close(4401)
        closed.set()

    shout_at(refuse)("/", ["tea"], name="eva")

    assert closed.wait(3)
    assert story(transcript)[1:] == ['eva → "tea", without waiting', "eva ← closed with 4401"]


def test_a_refused_handshake_ends_it(shout_at: BuildShout, transcript: Transcript) -> None:
    """Where nobody is let in, nothing is sent."""

    def refuse(connection: ServerConnection, request: object) -> Any:
        return connection.respond(403, "no")

    shout_at(lambda _: None, process_request=refuse)("/", ["tea"], name="eva")

    assert story(transcript) == ["eva → opens /", "eva ← HTTP 403"]


def test_headers_and_origin_are_sent(shout_at: BuildShout) -> None:
    """A stranger has a cookie of their own, and comes from a page of the site."""
    seen: list[str | None] = []

    def look(connection: ServerConnection) -> None:
        assert connection.request
        headers = connection.request.headers
        seen.extend([headers["Cookie"], headers["Origin"], headers["Host"]])

    shout_at(look)("/", [], name="eva", headers={"Cookie": "sessionid=tea"})

    cookie, origin, host = seen
    assert cookie == "sessionid=tea"
    assert origin == f"http://{host}"


def test_a_server_that_never_closes_is_let_go(
    shout_at: BuildShout, transcript: Transcript, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is not sent away leaves when the time is over."""
    monkeypatch.setattr(module, "REPLY_UNITS", 0.2)

    def listen(connection: ServerConnection) -> None:
        try:
            connection.recv()
            connection.recv()
        except ConnectionClosed:
            pass

    shout_at(listen)("/", ["tea"], name="eva")

    assert story(transcript)[-1] == "eva ← was not closed"
