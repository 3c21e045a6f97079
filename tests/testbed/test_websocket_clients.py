"""WebSocket clients with verbs, against a server whose every frame a test writes itself."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.server import ServerConnection, serve

from course.errors import Unmet
from course.testbed import failed_waits
from course.testbed.clients import websocket_client as sockets
from course.testbed.clients import websocket_connect as opening
from course.testbed.clients.endpoint import Endpoint, WebSocketTarget
from course.testbed.clients.event_loop import EventLoop
from course.testbed.clients.transcript import Transcript
from course.testbed.clients.websocket_client import Closed, WebSocketClient
from course.testbed.clients.websocket_connect import Connect, Refused
from course.testbed.deadlines import comes_true, deadline_s

Script = Callable[[ServerConnection], None]


@pytest.fixture(scope="session")
def loop() -> Iterator[EventLoop]:
    loop = EventLoop()
    yield loop
    loop.stop()


@pytest.fixture
def transcript() -> Transcript:
    return Transcript()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what waits in vain do so for a moment only."""
    monkeypatch.setattr(sockets, "REPLY_UNITS", 0.2)
    monkeypatch.setattr(failed_waits, "AGAIN_UNITS", 0.1)


@pytest.fixture
def connect_to(loop: EventLoop, transcript: Transcript) -> Iterator[Callable[..., Connect]]:
    """Serve a script and return what connects to it."""
    with ExitStack() as stack:

        def build(script: Script, **options: Any) -> Connect:
            host = stack.enter_context(served(script, **options))
            connect = Connect(FakeSite(host), loop, transcript)
            stack.callback(connect.close_all)
            return connect

        yield build


@contextmanager
def served(script: Script, **options: Any) -> Iterator[str]:
    with serve(script, "127.0.0.1", 0, close_timeout=1, **options) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()


@contextmanager
def listening(answer: bytes | None) -> Iterator[str]:
    """Serve one raw answer to each connection; None answers nothing and keeps it open."""
    held: list[socket.socket] = []

    def accept(listener: socket.socket) -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            held.append(peer)
            if answer is not None:
                peer.recv(4096)
                peer.sendall(answer)
                peer.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept, args=(listener,), daemon=True)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()
    for peer in held:
        peer.close()


class FakeSite(Endpoint):
    """A server that is no project's."""

    def __init__(self, host: str) -> None:
        super().__init__()
        self.host = host

    def websocket_target(self, path: str) -> WebSocketTarget:
        return WebSocketTarget(f"ws://{self.host}{path}", f"http://{self.host}")


def echo(connection: ServerConnection) -> None:
    for message in connection:
        connection.send(message)


def say(*messages: str | bytes) -> Script:
    def script(connection: ServerConnection) -> None:
        for message in messages:
            connection.send(message)
        connection.recv()

    return script


def story(transcript: Transcript) -> list[str]:
    return [f"{e.who} {e.arrow} {e.what}{' !' * e.diverged}" for e in transcript.events()]


def test_text_stays_text_and_bytes_stay_bytes(connect_to) -> None:
    """What is sent comes back as what it was."""
    with connect_to(echo)("/") as ana:
        ana.send("grün")
        ana.send(b"\xff")

        assert ana.receive() == "grün"
        assert ana.receive() == b"\xff"


def test_json_goes_there_and_back(connect_to) -> None:
    """`send_json` and `receive_json` are each other's mirror."""
    with connect_to(echo)("/") as ana:
        ana.send_json({"tea": ["grün", None]})

        assert ana.receive_json() == {"tea": ["grün", None]}


def test_every_client_is_on_one_timeline(connect_to, transcript: Transcript) -> None:
    """Names are given in turn, and each word said or heard is written down."""
    connect = connect_to(echo)
    with connect("/ws/") as ana, connect("/ws/", name="guest") as guest:
        ana.send("tea")
        ana.receive()
        guest.close(4001)

    assert story(transcript) == [
        "ana → opens /ws/",
        "ana ← accepted",
        "guest → opens /ws/",
        "guest ← accepted",
        'ana → "tea"',
        'ana ← "tea"',
        "guest → closes with 4001",
    ]


@pytest.mark.usefixtures("short")
def test_a_message_that_does_not_come_is_told(connect_to, transcript: Transcript) -> None:
    """Waiting in vain ends at the deadline, and the silence is marked on the timeline."""
    with connect_to(echo)("/") as ana, pytest.raises(Unmet) as caught:
        ana.receive()

    assert caught.value.message == "ana waited for a message, and none came."
    assert story(transcript)[-1] == "ana · waited 0.2 s, and nothing came !"


@pytest.mark.usefixtures("short")
def test_a_server_that_never_spoke_is_given_less_time(connect_to, transcript: Transcript) -> None:
    """After one wait in vain the next are shorter; a client's own message that comes back does not change that."""
    with connect_to(echo)("/") as ana:
        for _ in range(2):
            with pytest.raises(Unmet):
                ana.receive()
        ana.send("tea")
        ana.receive()
        for _ in range(2):
            with pytest.raises(Unmet):
                ana.receive()

    waits = [event.what.split(",")[0] for event in transcript.events() if event.what.startswith("waited")]
    assert waits == ["waited 0.2 s", "waited 0.1 s", "waited 0.1 s", "waited 0.1 s"]


def test_what_a_message_says_can_be_marked(connect_to, transcript: Transcript) -> None:
    """The object that `receive_json` returns is found again on the timeline."""
    with connect_to(say('{"message": 1}', '{"message": 1}'))("/") as ana:
        first = ana.receive_json()
        ana.receive_json()

    transcript.mark(first)

    assert story(transcript)[2:] == ['ana ← {"message": 1} !', 'ana ← {"message": 1}']


@pytest.mark.parametrize("message", ["tea", b"{}", "[" * 100_000, "9" * 5000, ""])
def test_a_message_that_is_no_json_is_the_projects_fault(
    connect_to, transcript: Transcript, message: str | bytes
) -> None:
    """Text that is no JSON, a binary frame, and JSON that breaks a parser are marked on the timeline."""
    with connect_to(say(message))("/") as ana, pytest.raises(Unmet, match="ana expected JSON"):
        ana.receive_json()

    assert story(transcript)[2].endswith(" !")


def test_the_close_code_of_the_server(connect_to, transcript: Transcript) -> None:
    """The code with which the server closed is told, and stands on the timeline."""
    with connect_to(lambda connection: connection.close(4321))("/") as ana:
        code = ana.close_code

    assert code == 4321
    assert story(transcript)[-1] == "ana ← closed with 4321"


def test_a_connection_that_breaks_has_code_1006(connect_to) -> None:
    """A connection that ends without a close frame reads as it does in a browser."""
    with connect_to(lambda connection: connection.socket.shutdown(socket.SHUT_RDWR))("/") as ana:
        assert ana.close_code == 1006


@pytest.mark.usefixtures("short")
def test_an_open_socket_has_no_close_code(connect_to) -> None:
    """Waiting for a close that does not come is an unmet expectation."""
    with connect_to(echo)("/") as ana, pytest.raises(Unmet, match="did not close ana's connection"):
        assert ana.close_code


def test_what_came_before_the_close_can_still_be_read(connect_to) -> None:
    """Messages that arrived before the server closed are not lost."""

    def script(connection: ServerConnection) -> None:
        connection.send("last words")
        connection.close(4000)

    with connect_to(script)("/") as ana:
        code = ana.close_code
        heard = ana.receive()

    assert (code, heard) == (4000, "last words")


def test_the_close_may_have_to_be_the_next_thing(connect_to, transcript: Transcript) -> None:
    """`hears_only_the_close` returns the code, each time it is asked, and fails for a message that comes before."""

    def script(connection: ServerConnection) -> None:
        connection.send("last words")
        connection.close(4000)

    quiet = connect_to(lambda connection: connection.close(4000))("/")
    talking = connect_to(script)("/", name="ben")

    assert [quiet.hears_only_the_close(), quiet.hears_only_the_close()] == [4000, 4000]
    with pytest.raises(Unmet, match="ben heard one more message before the close"):
        talking.hears_only_the_close()
    assert 'ben ← "last words" !' in story(transcript)


def test_after_its_own_close_a_client_has_heard_all_there_was(connect_to) -> None:
    """What was on its way when a client closes is found by `hears_only_the_close`."""
    sent = threading.Event()

    def script(connection: ServerConnection) -> None:
        connection.send("tea")
        sent.set()
        connection.recv()

    ana = connect_to(script)("/")
    assert sent.wait(deadline_s(3))
    ana.close()

    with pytest.raises(Unmet, match="ana heard one more message"):
        ana.hears_only_the_close()


def test_a_client_may_be_gone_without_a_word(connect_to, transcript: Transcript) -> None:
    """`vanish` sends no close: the server finds the connection broken."""
    codes: list[int | None] = []
    heard = threading.Event()

    def script(connection: ServerConnection) -> None:
        with suppress(ConnectionClosedError):
            connection.recv()
        codes.append(connection.close_code)
        heard.set()

    connect_to(script)("/").vanish()

    assert heard.wait(deadline_s(3))
    assert codes == [1006]
    assert story(transcript)[-1] == "ana → is gone without a word"


@pytest.mark.parametrize(("code", "told"), [(1011, "with 1011: the consumer raised"), (4000, "with 4000.")])
def test_a_verb_on_a_closed_socket_tells_the_code(connect_to, code: int, told: str) -> None:
    """Verbs used after the server has closed say with which code, and what 1011 means; also the second time."""
    with connect_to(lambda connection: connection.close(code))("/") as ana:
        assert ana.close_code == code
        for verb in (ana.receive, ana.receive, lambda: ana.send("tea")):
            with pytest.raises(Unmet) as caught:
                verb()
            assert told in caught.value.message


@pytest.mark.usefixtures("short")
def test_a_server_that_takes_nothing_in_fails_the_check(connect_to) -> None:
    """Sending to a server that does not read ends at the deadline, and never hangs."""
    with ExitStack() as stack:
        done = threading.Event()
        connect = connect_to(lambda connection: done.wait(), max_queue=1, max_size=None)
        stack.callback(done.set)
        ana = stack.enter_context(connect("/"))
        began = time.monotonic()
        with pytest.raises(Unmet, match="the server reads nothing"):
            flood(ana)
        took_s = time.monotonic() - began

    assert took_s < deadline_s(5)


def flood(client: WebSocketClient) -> None:
    for _ in range(40):
        client.send(b"x" * 1_000_000)


def test_a_server_that_refuses_a_message_in_the_middle_is_no_fault_of_ours(connect_to) -> None:
    """A message that is too large for the server ends the connection, and leaving it afterwards is no crash."""
    with connect_to(echo, max_size=1000)("/") as ana:
        try:
            ana.send(b"x" * 32_000_000)
        except Unmet:
            pass  # whether the send or the next verb hears of it is a matter of time
        with pytest.raises(Unmet, match="the server had closed the connection"):
            ana.receive()


def test_a_fence_proves_that_nothing_is_on_its_way(connect_to) -> None:
    """One's own message, coming back first, proves that nothing else was waiting; JSON may come back with more keys."""

    def script(connection: ServerConnection) -> None:
        connection.send(connection.recv())
        connection.recv()
        connection.send('{"from": "ana", "message": ["hi"]}')
        connection.recv()

    with connect_to(script)("/") as ana:
        ana.hears_nothing(fence="fence")
        ana.hears_nothing(fence={"message": ["hi"]})


def test_what_has_come_and_was_not_read_is_known(connect_to) -> None:
    """A client can tell whether anything has come, without waiting for silence."""
    with connect_to(lambda server: [server.send(message) for message in server if message != "hush"])("/") as ana:
        ana.send("hush")
        before = ana.has_unread()
        ana.send("hello")
        came = comes_true(ana.has_unread, 3)

        assert not before
        assert came
        assert ana.receive() == "hello"
        assert not ana.has_unread()


@pytest.mark.parametrize("heard", ["a secret", b"fence", "[" * 100_000, "[]", '{"message": "ho"}', "9" * 5000])
@pytest.mark.parametrize("fence", ["fence", {"message": "hi"}])
def test_something_before_the_fence_is_told(
    connect_to, transcript: Transcript, heard: str | bytes, fence: str | dict[str, str]
) -> None:
    """Whatever comes before one's own message was not meant for this client."""
    with connect_to(say(heard))("/", name="ben") as ben, pytest.raises(Unmet) as caught:
        ben.hears_nothing(fence=fence)

    assert "ben heard something that was not meant for them" in caught.value.message
    assert any(line.endswith("!") for line in story(transcript))


@pytest.mark.parametrize("status", [403, 404, 500, 418])
def test_a_refusal_has_its_status(connect_to, transcript: Transcript, status: int) -> None:
    """`refused` returns the HTTP status, and opening says what it means."""
    connect = connect_to(echo, process_request=lambda connection, request: connection.respond(status, "no"))

    assert connect.refused("/") == status
    assert story(transcript)[-1] == f"ana ← HTTP {status}"
    with pytest.raises(Refused) as caught:
        connect("/")
    assert f"HTTP {status}" in caught.value.message
    assert story(transcript)[-1] == f"ben ← HTTP {status} !"


def test_an_accepted_socket_is_no_refusal(connect_to, transcript: Transcript) -> None:
    """`refused` fails where the server accepts, marks that moment, and leaves no socket open."""
    gone = threading.Event()

    def script(connection: ServerConnection) -> None:
        for _ in connection:
            pass
        gone.set()

    with pytest.raises(Unmet, match="accepted a WebSocket to /secret/"):
        connect_to(script).refused("/secret/")

    assert gone.wait(deadline_s(5))
    assert story(transcript)[1] == "ana ← accepted !"


def test_a_handshake_without_an_answer_is_told_and_remembered(
    loop: EventLoop, transcript: Transcript, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silence is told as silence, and the same path is given less time from then on."""
    monkeypatch.setattr(opening, "HANDSHAKE_UNITS", 0.2)
    with listening(None) as host:
        site = FakeSite(host)
        with pytest.raises(Unmet) as caught:
            Connect(site, loop, transcript)("/ws/")

    assert "the server answered the handshake with silence" in caught.value.message
    assert site.silent == {"/ws/"}


@pytest.mark.parametrize("answer", [b"", b"tea\r\n\r\n", b"HTTP/1.1 101 Switching Protocols\r\n\r\n", b"\xff" * 100])
def test_a_handshake_with_nonsense_is_the_projects_fault(
    loop: EventLoop, transcript: Transcript, answer: bytes
) -> None:
    """A dropped connection, or an answer that is no handshake, is an unmet expectation."""
    with listening(answer) as host, pytest.raises(Unmet) as caught:
        Connect(FakeSite(host), loop, transcript)("/ws/")

    assert "could not connect to /ws/" in caught.value.message


def test_a_server_that_is_gone_is_the_projects_fault(loop: EventLoop, transcript: Transcript) -> None:
    """Nobody listening any more is an unmet expectation too."""
    with listening(None) as host:
        pass

    with pytest.raises(Unmet, match="could not connect"):
        Connect(FakeSite(host), loop, transcript)("/ws/")


def test_origin_headers_and_subprotocols_are_sent(connect_to) -> None:
    """The Origin is the server's own unless another, or none, is asked for; headers and subprotocols go with it."""
    seen: list[tuple[str | None, str | None]] = []

    def script(connection: ServerConnection) -> None:
        assert connection.request is not None
        seen.append((connection.request.headers.get("Origin"), connection.request.headers.get("X-Tea")))

    connect = connect_to(script, select_subprotocol=lambda connection, offered: next(iter(offered[1:]), None))
    clients = [
        connect("/", subprotocols=["echo.v0", "echo.v1"]),
        connect("/", origin="http://evil.example", headers={"X-Tea": "green"}),
        connect("/", origin=None),
    ]
    assert [client.close_code for client in clients] == [1000] * 3

    assert set(seen) == {(f"http://{connect.site.host}", None), ("http://evil.example", "green"), (None, None)}
    assert [client.subprotocol for client in clients] == ["echo.v1", None, None]


def test_many_open_at_once_and_close_at_the_end(loop: EventLoop, transcript: Transcript) -> None:
    """`many` opens all of them; `close_all` leaves none open and counts them for the site."""
    with served(echo) as host:
        site = FakeSite(host)
        connect = Connect(site, loop, transcript)
        guests = connect.many("/", 20)
        for guest in guests:
            guest.send(guest.name)
        heard = [guest.receive() for guest in guests]
        connect.close_all()

    assert heard == [f"guest {number}" for number in range(1, 21)]
    assert site.accepted == 20
    assert all(guest._closed.is_set() for guest in guests)


def test_a_large_message_arrives_whole(connect_to) -> None:
    """A message of megabytes is no trouble for the client."""
    with connect_to(echo, max_size=None)("/") as ana:
        ana.send("x" * 3_000_000)

        assert ana.receive() == "x" * 3_000_000


def test_asking_takes_either_answer(connect_to, transcript: Transcript) -> None:
    """`ask` returns a client where the server accepts, None where it refuses, and no refusal is marked as wrong."""
    refuse = lambda connection, request: connection.respond(403, "no")  # noqa: E731 - as short as what it does
    accepted = connect_to(echo).ask("/")
    refused = connect_to(echo, process_request=refuse).ask("/")

    assert accepted is not None
    assert refused is None
    assert [event.diverged for event in transcript.events()] == [False] * 4


def test_a_closed_connection_tells_its_code(connect_to) -> None:
    """Waiting on a connection that the server has closed raises Closed, which knows the code."""
    ana = connect_to(lambda connection: connection.close(4321))("/")

    with pytest.raises(Closed) as caught:
        ana.receive()

    assert caught.value.code == 4321


def test_a_silent_client_notices_a_close(connect_to) -> None:
    """`stays_open` fails as soon as the server closes, and keeps what has arrived."""
    staying = connect_to(say("tea"))("/")
    staying.stays_open(0.05)
    thrown_out = connect_to(lambda connection: connection.close(1011))("/")

    with pytest.raises(Unmet, match="with 1011, although nobody asked for it"):
        thrown_out.stays_open(deadline_s(3))
    assert staying.receive() == "tea"


def test_where_nobody_hears_another_the_second_wait_is_short(connect_to, short: None) -> None:
    """Who has waited in vain for others, on a server that only echoes, need not wait as long again."""
    connect = connect_to(echo)
    ana, ben = connect("/"), connect("/")
    ana.send("own")
    ana.receive()
    waited = []
    for client in (ben, ana):
        with pytest.raises(Unmet):
            client.receive()
        waited.append(story(connect.transcript)[-1])

    assert waited == ["ben · waited 0.2 s, and nothing came !", "ana · waited 0.1 s, and nothing came !"]
