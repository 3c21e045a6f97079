"""Echo with a SyncConsumer: `ws/sc/` sends each frame back unchanged."""

import pytest
from edges import CONTROLS, TEXTS


def test_the_handshake_is_accepted(connect):
    """A WebSocket to ws/sc/ is accepted.

    1. This takes two files: echo/routing.py names the consumer for ws/sc/, and echo/consumers.py is where it answers.
    2. Channels calls websocket_connect(event) when a client asks to connect. Nobody gets in until you send an event
       back.
    3. path("ws/sc/", EchoConsumer.as_asgi()) in routing; self.send({"type": "websocket.accept"}) in websocket_connect.
    """
    with connect("/ws/sc/"):
        pass


def test_every_message_comes_back(connect, fresh):
    """Every text message comes back unchanged.

    1. Channels calls one method of the consumer for each message that the client sends.
    2. websocket_receive(event) finds the text in event["text"].
    3. Send {"type": "websocket.send", "text": event["text"]}.
    """
    first, second = fresh.text(), fresh.text()
    long = f"{fresh.text()} " * 2_000
    with connect("/ws/sc/") as ana:
        for text in (first, second, second):
            ana.send(text)
            assert ana.receive() == text

        more = *TEXTS, CONTROLS, long, fresh.text()
        for text in more:
            ana.send(text)
        for text in more:
            assert ana.receive() == text


def test_fifty_messages_keep_their_order(connect, fresh):
    """Fifty messages sent in one go come back in their order.

    1. A SyncConsumer handles one event at a time, so the order is kept unless your code changes it.
    2. Answer inside websocket_receive itself. Start no thread, and collect nothing to send later.
    3. One self.send(...) for each event, at the end of websocket_receive.
    """
    texts = [fresh.text() for _ in range(49)]
    texts.insert(25, texts[24])  # the same text twice is two messages
    with connect("/ws/sc/") as ana:
        for text in texts:
            ana.send(text)

        assert [ana.receive() for _ in texts] == texts


def test_a_binary_frame_comes_back_as_binary(connect, fresh):
    """A binary frame comes back as binary, and an empty frame of either kind does not end the connection.

    1. A frame holds text or bytes. The key that the event has, "text" or "bytes", tells you which.
    2. event["text"] is missing or None when the client sent bytes. "" and b"" are false in Python: compare with None.
    3. If event.get("bytes") is not None, send {"type": "websocket.send", "bytes": event["bytes"]}. Otherwise send the
       text.
    """
    photo, readable, afterwards = fresh.bytes(), fresh.text().encode(), fresh.text()
    with connect("/ws/sc/") as ana:
        blank = f" {fresh.word()}\r\n\0".encode()  # bytes that a text might lose
        for frame in (photo, readable, blank, fresh.bytes(4_000), afterwards):
            ana.send(frame)
            assert ana.receive() == frame

        for empty in (b"", ""):  # Daphne sends no empty frame back
            ana.send(empty)
            ana.send(afterwards)
            assert ana.receive() == afterwards


def test_two_clients_do_not_hear_each_other(connect, fresh):
    """When two clients are connected, each hears only its own messages.

    1. Each connection has its own consumer object. What do two of them share in your code?
    2. Keep nothing that belongs to one client on the class or in the module.
    3. Use only `event` and `self`. self.send() reaches the one client that this consumer belongs to.
    """
    with connect("/ws/sc/", name="ana") as ana, connect("/ws/sc/", name="ben") as ben:
        ana.send(text := fresh.text())
        assert ana.receive() == text

        ben.hears_nothing(fence=fresh.text())
        ana.hears_nothing(fence=fresh.text())

        ben.send(text)  # said by two people, the same text is two messages
        assert ben.receive() == text

        ben.close()
        ana.hears_nothing(fence=fresh.text())


def test_the_consumer_ends_with_its_connection(connect, fresh, site):
    """However the client leaves, the consumer ends without an error.

    1. When the client leaves, one more event arrives. Look for its name: websocket.…
    2. Without an end, the consumer waits for events that never come, until Daphne kills it and says so in its log.
    3. def websocket_disconnect(self, event): raise StopConsumer()  (from channels.exceptions).
    """
    with connect("/ws/sc/") as ana, connect("/ws/sc/") as ben, connect("/ws/sc/") as cleo, connect("/ws/sc/") as dan:
        ana.send(text := fresh.text())
        assert ana.receive() == text
        ana.close()
        ben.close()  # without having said a word
        cleo.close(None)
        dan.vanish()

    site.consumers_end()
    assert not site.crash, f"An exception left the application: {site.crash}"


@pytest.mark.given
def test_it_is_a_sync_consumer(source):
    """The consumer is a SyncConsumer.

    1. This lesson is about raw events, handled in plain functions.
    2. The base class decides whether your methods are `def` or `async def`.
    3. class EchoConsumer(SyncConsumer): …  (from channels.consumer).
    """
    assert source.consumers("SyncConsumer"), "No class of the project inherits from SyncConsumer."


@pytest.mark.own
def test_each_frame_is_answered_with_its_number(connect, fresh):
    """At ws/count/ each frame, text or bytes, is answered with how many frames this connection has sent.

    1. The consumer of ws/sc/ forgets each frame once it has answered. This one has to remember something in between.
    2. A consumer object lives as long as its connection, and `self` is that object. Begin the count in the handler that
       runs once, and change it in the handler that runs for each frame.
    3. An answer is a text frame, whatever came in, and the "text" of an event has to be a string: `str` makes one of a
       number. What the frame holds plays no part, so an empty frame counts too.
    """
    with connect("/ws/count/", name="ana") as ana:
        for number, frame in enumerate((fresh.text(), fresh.bytes(), "", b"", fresh.text()), 1):
            ana.send(frame)
            assert ana.receive() == str(number)

        for frame in ("7", "null", *[fresh.text()] * 5):
            ana.send(frame)
        assert [ana.receive() for _ in range(7)] == ["6", "7", "8", "9", "10", "11", "12"]


@pytest.mark.own
def test_a_new_connection_begins_at_one(connect, fresh, site):
    """A new connection to ws/count/ begins at 1, whoever else is connected or was before.

    1. Two clients at once need two counts. Where does yours live, and how many of that place are there?
    2. A class and a module exist once, for all connections. There is one consumer object for each connection.
    3. Set the count on `self` when the client connects, and accept the client there too. The class that you have
       written for ws/sc/ can do the rest: a subclass inherits it, and `super()` calls it.
    """
    with connect("/ws/count/", name="ana") as ana, connect("/ws/count/", name="ben") as ben:
        for number in ("1", "2", "3"):
            ana.send(fresh.text())
            assert ana.receive() == number
        ben.send(fresh.text())
        assert ben.receive() == "1"

        with connect("/ws/count/", name="cleo") as cleo:
            cleo.send(fresh.bytes())
            assert cleo.receive() == "1"
            ben.close()  # and each goes on where it was
            ana.send(fresh.text())
            assert ana.receive() == "4"
            cleo.vanish()
        ana.close()

    with connect("/ws/count/", name="ana, back again") as back, connect("/ws/count/"):  # who leaves without a word
        back.send(fresh.text())
        assert back.receive() == "1"
    site.consumers_end()
    assert not site.crash, f"An exception left the application: {site.crash}"


@pytest.mark.own
def test_again_starts_over(connect, fresh):
    """At ws/count/ the text "again" is answered with 0 and starts the count over, for this connection alone.

    1. One text has a meaning of its own here. What about bytes that read the same, and texts that only contain it?
    2. Compare the text of the event with "again". An event with bytes may have no key "text" at all: `.get` copes
       with that.
    3. Nothing is special about the answer. Decide first what the count is now, 0 or one more, and then send the count
       in one place.
    """
    with connect("/ws/count/", name="ana") as ana, connect("/ws/count/", name="ben") as ben:
        ben.send(fresh.text())
        assert ben.receive() == "1"

        frames = [fresh.text(), "again", fresh.text(), fresh.bytes(), "again", "again", fresh.text()]
        for frame, answer in zip(frames, ["1", "0", "1", "2", "0", "0", "1"], strict=True):
            ana.send(frame)
            assert ana.receive() == answer

        others = [b"again", "Again", " again", "again\n", "again and again", "", b""]
        for number, frame in enumerate(others, 2):
            ana.send(frame)
            assert ana.receive() == str(number)

        ben.send(fresh.text())
        assert ben.receive() == "2"

    with connect("/ws/sc/", name="dan") as dan:
        dan.send("again")
        assert dan.receive() == "again", "At ws/sc/ the message again is a message like any other."

    with connect("/ws/count/", name="cleo") as cleo:
        cleo.send("again")  # before anything else
        assert cleo.receive() == "0"
        cleo.send(fresh.text())
        assert cleo.receive() == "1"
