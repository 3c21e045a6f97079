"""The six events of a WebSocket: `ws/events/`, `ws/members/`, `ws/closed/` and the page `/last-close/`."""

import time

import pytest
from edges import CONTROLS, TEXTS

TICK_S, SILENT_S = 0.1, 1.0  # of ws/clock/
AT_ONCE_S = 0.5  # in which a busy machine closes one of three connections
CHOOSES_WRONGLY = "The server chose a subprotocol that it does not speak."


def test_the_handshake_is_accepted(connect):
    """A WebSocket to ws/events/ is accepted.

    1. The first of the six events is websocket.connect. You can send nothing else until you have answered it.
    2. Answer it in websocket_connect(event), with one event of your own: websocket.accept.
    3. await self.send({"type": "websocket.accept"}), once, and before anything else.
    """
    with connect("/ws/events/"):
        pass


def test_text_answers_text(connect, fresh):
    """Every text message comes back as text.

    1. websocket.receive brings a message in, and websocket.send takes one out.
    2. The text is in event["text"]. Send it under the same key.
    3. await self.send({"type": "websocket.send", "text": event["text"]})
    """
    first, second = fresh.text(), f"bye {fresh.word()} bye"
    with connect("/ws/events/") as ana:
        for text in (first, second, second):
            ana.send(text)
            assert ana.receive() == text

        for text in (*TEXTS, CONTROLS):
            ana.send(text)
        for text in (*TEXTS, CONTROLS):
            assert ana.receive() == text

        for text in ("Bye", " bye", "bye\n", "goodbye", fresh.text()):  # none of them is the text bye
            ana.send(text)  # one by one: what follows a close may take its goodbye along
            assert ana.receive() == text


def test_bytes_answer_bytes(connect, fresh):
    """Every binary message comes back as binary.

    1. Both websocket.receive and websocket.send have two keys for a message. Which one is filled?
    2. event.get("bytes") is None for a text message. Send bytes back under "bytes".
    3. if event.get("bytes") is not None: await self.send({"type": "websocket.send", "bytes": event["bytes"]})
    """
    photo, readable = fresh.bytes(), fresh.text().encode()
    with connect("/ws/events/") as ana:
        for frame in (photo, readable, b"bye", fresh.text()):
            ana.send(frame)
            assert ana.receive() == frame


def test_an_empty_message_breaks_nothing(connect, fresh):
    """An empty message, text or binary, does not end the connection.

    1. An empty text is still text. How does your code tell whether it got text or bytes?
    2. Daphne fills one key and leaves the other out. An empty text is not None, but Python counts it as false.
    3. Compare with None: if event.get("bytes") is not None: … else: … event["text"] …
    """
    text = fresh.text()
    with connect("/ws/events/") as ana:
        for empty in ("", b""):
            ana.send(empty)
            ana.send(text)
            assert ana.receive() == text


def test_the_subprotocol_is_chosen(connect, fresh):
    """A client that offers the subprotocol echo.v1 gets it.

    1. The client's offer is known before its first event: look in self.scope.
    2. self.scope["subprotocols"] is a list of names. The event websocket.accept has a field for the name you choose.
    3. await self.send({"type": "websocket.accept", "subprotocol": "echo.v1"}) when "echo.v1" is in that list.
    """
    text = fresh.text()
    with connect("/ws/events/", subprotocols=[f"{fresh.word()}.v2", "echo.v1"]) as ana:
        assert (ana.subprotocol or "none") == "echo.v1", "ana offered echo.v1, but the server did not choose it."

        ana.send(text)
        assert ana.receive() == text

    with connect("/ws/events/", subprotocols=["echo.v1", f"{fresh.word()}.v2"]) as ben:
        assert (ben.subprotocol or "none") == "echo.v1", "ben offered echo.v1, but the server did not choose it."


def test_a_subprotocol_that_was_not_offered_is_not_chosen(connect, fresh):
    """A client that offers only other subprotocols is accepted with none of them.

    1. The client has made an offer, but your name is not in it.
    2. "subprotocol" is optional. If it is missing or None, nothing is chosen.
    3. chosen = "echo.v1" if "echo.v1" in self.scope["subprotocols"] else None
    """
    for others in ([f"{fresh.word()}.v1", "echo.v2"], ["echo.v10", "my-echo.v1", "Echo.v1"]):
        with connect("/ws/events/", subprotocols=others) as guest:
            assert (guest.subprotocol or "none") == "none", CHOOSES_WRONGLY


def test_the_code_of_the_end_is_told(connect, fresh, site):
    """When a client closes with a code, /last-close/ shows that code.

    1. However a connection ends, the consumer gets one last event.
    2. It is websocket.disconnect, even when it was the client that closed. The code is in event["code"].
    3. In websocket_disconnect: last_close["code"] = event["code"] (from events.memory), then raise StopConsumer().
    """
    with connect("/ws/events/") as ana:
        ana.close()
    site.consumers_end()  # and so have the clients of the checks before

    with connect("/ws/events/"):  # a client that stays
        for code in (fresh.number(4000, 4999), fresh.number(3000, 3999), 1001, 1000):
            with connect("/ws/events/") as client:
                client.close(code)
            site.only_runs(1)

            assert _last_close(site) == str(code), f"A client closed with {code}, but /last-close/ does not show it."


def test_an_end_without_a_code_is_told(connect, fresh, site):
    """When a client closes without a code, /last-close/ shows None. When it vanishes without a close, it shows 1006.

    1. A browser may close without giving a code, and a network may fail. Which code does the event hold then?
    2. With Daphne, event["code"] is None without a code, and 1006 without a close. What does your code do with them?
    3. Keep it as it is. Do not call int(), and do not replace it with a number of your own.
    """
    code = fresh.number(4000, 4999)
    with connect("/ws/events/") as ana:
        ana.close(code)
    site.consumers_end()
    with connect("/ws/events/") as ben:
        ben.close(None)
    site.consumers_end()

    assert _last_close(site) == "None", "A client closed without a code, but /last-close/ does not show None."

    with connect("/ws/events/") as cleo:
        cleo.vanish()
    site.consumers_end()

    assert _last_close(site) == "1006", "A client vanished without a close, but /last-close/ does not show 1006."


def test_bye_is_answered_and_closed(connect, fresh, site):
    """The server answers the text bye with goodbye and then closes with 4000.

    1. Two events go out, one after another. What can still be sent once the connection is closed?
    2. Send websocket.send with the text first, then websocket.close. The number is a field of the second.
    3. await self.send({"type": "websocket.close", "code": 4000}), right after the goodbye.
    """
    first, last = fresh.text(), fresh.text()
    with connect("/ws/events/", name="ana") as ana, connect("/ws/events/", name="ben") as ben:
        ana.send(first)
        ana.send("bye")

        assert ana.receive() == first
        assert ana.receive() == "goodbye"
        assert ana.close_code == 4000, "The server did not close with 4000."
        site.only_runs(1)
        assert _last_close(site) == "4000", "The server closed with 4000, but /last-close/ does not show it."

        ben.hears_nothing(fence=last)  # and is still there


def test_nothing_is_sent_after_the_close(connect, site):
    """After its own close, the server sends nothing more.

    1. Closing does not leave your method. The lines after it still run.
    2. An echo that comes after websocket.close has nowhere to go, and raises an exception.
    3. If the text is "bye", say goodbye and close; else echo. Or return after the close.
    """
    with connect("/ws/events/") as ana:
        ana.send("bye")
        assert ana.receive() == "goodbye"
        assert ana.hears_only_the_close() == 4000, "The server did not close with 4000."
    site.consumers_end()

    sent_too_late = any("after the consumer had closed" in told for told in site.reports.ignored)
    assert not sent_too_late, "The server closed the connection and then went on sending."


def test_strangers_are_refused_at_the_door(connect, site):
    """A WebSocket to ws/members/ without ?key=tea is refused with HTTP 403, before it is accepted.

    1. websocket.connect is a question. Two events can answer it.
    2. websocket.close, sent before any websocket.accept, refuses. Daphne turns it into HTTP 403.
    3. if has_key(self.scope): accept; else: await self.send({"type": "websocket.close"})
    """
    for query in ("", "?key=milk", "?key=teapot", "?monkey=tea", "?key=Tea", "?page=key%3Dtea"):
        path = f"/ws/members/{query}"
        assert connect.refused(path) == 403, f"A stranger at {path} must be refused with HTTP 403."
    assert connect.refused("/ws/members/", subprotocols=["echo.v1"]) == 403, "Offering echo.v1 makes nobody a member."

    site.consumers_end()
    assert not site.crash, f"An exception left the application: {site.crash}"


def test_the_end_of_a_refused_client_is_told(connect, fresh, site):
    """When a client is refused at ws/members/, /last-close/ shows 1006.

    1. A refused client has a consumer too. What event does that consumer get after it has sent websocket.close?
    2. It gets websocket.disconnect like any other, with 1006, because no WebSocket was closed.
    3. Let websocket_disconnect keep the code of every client, whether it was let in or not.
    """
    code = fresh.number(4000, 4999)
    with connect("/ws/events/") as ana:
        ana.close(code)
    site.consumers_end()
    assert _last_close(site) == str(code), f"A client closed with {code}, but /last-close/ does not show it."
    connect.refused("/ws/members/")
    site.consumers_end()
    assert _last_close(site) == "1006", "A client was refused, but /last-close/ does not show 1006."


def test_members_come_in(connect, fresh):
    """A WebSocket to ws/members/?key=tea is accepted and served as at ws/events/.

    1. Anyone who brings the key gets the same answers as everyone at ws/events/: subprotocol, echo and goodbye. The key
       lets in the client that brings it, and no other.
    2. has_key(self.scope) is true for them. This class inherits everything that EventsConsumer can do.
    3. if has_key(self.scope): await super().websocket_connect(event)
    """
    with connect("/ws/members/?key=tea", name="ana") as ana:
        a_member_is_served(connect, fresh)
        ana.hears_nothing(fence=fresh.text())  # her connection is another one
        said = "A member is in, and a stranger without a key is not refused with HTTP 403."
        assert connect.refused("/ws/members/") == 403, said
    said = "A member was there, and a stranger without a key is not refused with HTTP 403 now."
    assert connect.refused("/ws/members/") == 403, said


def test_the_closed_shop_says_why(connect, fresh, site):
    """A WebSocket to ws/closed/ is accepted as at ws/events/ and closed at once with 4001.

    1. A refusal reaches the browser without its code. How does a code get through?
    2. Close codes belong to open connections: send websocket.accept first, then websocket.close.
    3. await super().websocket_connect(event), then await self.send({"type": "websocket.close", "code": 4001})
    """
    took_s = min(seconds_until_closed(connect, path) for path in ("/ws/closed/", "/ws/closed/", "/ws/closed/?key=tea"))
    assert took_s < AT_ONCE_S, f"The server closed with 4001, but only {took_s:.1f} s after it had accepted."

    with connect("/ws/closed/", subprotocols=[f"{fresh.word()}.v2", "echo.v1"]) as cleo:
        chosen = cleo.subprotocol or "none"
        assert chosen == "echo.v1", "cleo offered echo.v1, but the server did not choose it. A browser hangs up then."
        assert cleo.close_code == 4001, "The server did not close with 4001."

    site.consumers_end()
    told = _last_close(site)
    assert told == "4001", "The server closed with 4001, but /last-close/ does not show it."
    assert not site.crash, f"An exception left the application: {site.crash}"


@pytest.mark.own
def test_the_newest_clock_is_chosen(connect, fresh):
    """At ws/clock/ the subprotocol clock.v2 is preferred to clock.v1, whichever the client names first.

    1. At ws/events/ there was one name to look for. Here are two, and the client's order is not yours.
    2. The offer is a list in self.scope. Go through your own names, the best one first, and ask for each whether it was
       offered.
    3. `next((… for name in (…) if …), None)` returns the first that fits, or None. Everyone is accepted, also without a
       subprotocol.
    """
    other = f"{fresh.word()}.v3"
    offers = {
        "clock.v1": [["clock.v1"], ["clock.v1", other], [other, "clock.v1", "clock.v22"]],
        "clock.v2": [["clock.v2"], ["clock.v1", "clock.v2"], ["clock.v2", "clock.v1"], [other, "clock.v1", "clock.v2"]],
        "none": [[], [other], ["clock.v3", "Clock.v2", "my-clock.v1"]],
    }
    for wanted, lists in offers.items():
        for offered in lists:
            with connect("/ws/clock/", subprotocols=offered) as ana:
                chosen = ana.subprotocol or "none"
            assert chosen == wanted, f"ana offered {', '.join(offered) or 'nothing'}. Chosen: {chosen}, not {wanted}."


@pytest.mark.own
def test_the_clock_ticks_until_it_is_stopped(connect):
    """At ws/clock/ "start" brings 1, 2, 3, … every 0.1 seconds, until "stop", which is answered with "stopped".

    1. While it ticks, the consumer must be able to hear "stop". What happens to the next event while a handler runs?
    2. Something beside the handlers has to send the ticks: a task, begun with `asyncio.create_task`. Lesson 03 has what
       a handler may wait for and what not.
    3. Keep the task on self. A "start" while there is one changes nothing. "stop" calls its `cancel()`, forgets it, and
       only then answers, so that no tick comes after the answer.
    """
    with connect("/ws/clock/", name="ana") as ana:
        ana.send("start")
        hears_ticks(ana, 1, 3)
        ana.send("start")  # it ticks already
        hears_ticks(ana, 4, 8)

        for frame in ("stop", "start"):  # in one go: and it begins again
            ana.send(frame)
        while ana.receive() != "stopped":  # ticks that were on their way
            pass
        hears_ticks(ana, 1, 5)
        stop(ana)

    with connect("/ws/clock/", name="ben") as ben:
        for nothing in ("Start", b"start", " start", "", "bye"):
            ben.send(nothing)
        ben.stays_open(2 * TICK_S)
        ben.send("stop")
        assert ben.receive() == "stopped"


@pytest.mark.own
def test_a_silent_client_is_closed(connect):
    """A client of ws/clock/ that sends nothing for a second is closed with 4008, while it ticks too. Each frame counts.

    1. Nobody calls your consumer because nothing has happened. What can wait beside the handlers, and act later?
    2. A second task sleeps for a second and then sends websocket.close. Each frame, whatever it holds, has to
       restart that second.
    3. Cancel the waiting task and create a new one, in the handler that runs for each frame. Begin the first one when
       the client is accepted. After the close nothing may be sent any more, so stop the ticks before.
    """
    with connect("/ws/clock/", name="ana") as ana, connect("/ws/clock/", name="ben") as ben:
        ben.send("start")
        for frame in ("tea", b"tea", ""):
            ana.stays_open(SILENT_S / 2)
            ana.send(frame)
        assert ben.close_code == 4008, "ben sent nothing for a second while it ticked, and was not closed with 4008."

        ana.stays_open(SILENT_S / 2)
        ana.send("stop")
        assert ana.receive() == "stopped"
        began = time.monotonic()
        assert ana.hears_only_the_close() == 4008
        took_s = time.monotonic() - began
        assert took_s > SILENT_S - 0.1, f"ana was closed {took_s:.2f} s after her last frame, and not after a second."

    with connect("/ws/clock/", name="cleo") as cleo:  # without a word
        assert cleo.hears_only_the_close() == 4008


@pytest.mark.own
def test_no_clock_ticks_for_a_client_that_has_left(connect, site):
    """When a client leaves ws/clock/, nothing ticks or waits for it any more, and no other clock stops.

    1. A task does not belong to a connection. Which of yours run when the client leaves?
    2. Both kinds have to be cancelled in websocket_disconnect: the one that ticks, if there is one, and the one that
       waits.
    3. Keep both on self. After that the consumer ends as at ws/events/, which `super()` can do for you.
    """
    with connect("/ws/clock/", name="cleo") as cleo:
        cleo.send("start")
        assert cleo.receive() == "1"
        for code in (1000, None, 4000):
            cleo.send("")  # she is still there
            with connect("/ws/clock/", name="ana") as ana:
                cleo.send("")
                ana.send("start")
                assert ana.receive() == "1"
                ana.close(code)
        cleo.send("")
        with connect("/ws/clock/", name="ben") as ben, connect("/ws/clock/", name="dan") as dan:
            cleo.send("")
            ben.send("start")
            assert ben.receive() == "1"
            ben.vanish()
            dan.close()  # without having said a word
        cleo.send("")
        assert cleo.receive() == "2"  # and so on: her clock goes on
        stop(cleo)
    site.consumers_end()
    lost = site.reports.late
    assert not lost, f"A client has left, and its clock went on: {lost[0]} was sent to nobody."
    assert not site.crash, f"An exception left the application: {site.crash}"


def a_member_is_served(connect, fresh):
    """Come in with a key and something else, be served as at ws/events/, and say bye."""
    with connect(f"/ws/members/?page={fresh.number(2, 99)}&key=tea", name="ben", subprotocols=["echo.v1"]) as ben:
        assert (ben.subprotocol or "none") == "echo.v1", "ben offered echo.v1, but the server did not choose it."

        ben.send(text := fresh.text())
        assert ben.receive() == text

        ben.send("bye")
        assert ben.receive() == "goodbye"
        assert ben.close_code == 4000, "The server did not close with 4000."


def stop(client):
    """Say stop, and hear no tick after the answer: the answer to a second stop comes next."""
    client.send("stop")
    heard = client.receive()
    while heard != "stopped" and heard.isdecimal():  # ticks that were on their way
        heard = client.receive()
    assert heard == "stopped"
    client.stays_open(1.5 * TICK_S)  # in which a tick would come
    client.send("stop")
    assert client.receive() == "stopped"


def hears_ticks(client, first, last):
    """Hear these ticks and nothing else; as a busy machine may hold up the first, the rest are given a tick less."""
    client.send("")  # it is still there
    assert client.receive() == str(first)
    began = time.monotonic()
    assert [client.receive() for _ in range(first, last)] == [str(number) for number in range(first + 1, last + 1)]
    took_s = time.monotonic() - began
    said = f"After the tick {first}, {last - first} more came within {took_s:.2f} s. They are {TICK_S} s apart."
    assert took_s > (last - first - 1.5) * TICK_S, said


def seconds_until_closed(connect, path):
    """Return how long the closed shop lets a client stay."""
    with connect(path) as client:
        began = time.monotonic()
        assert client.close_code == 4001, "The server did not close with 4001."
        return time.monotonic() - began


def _last_close(site):
    answer = site.get("/last-close/")
    assert answer.status == 200, f"GET /last-close/ was answered with HTTP {answer.status}."
    return answer.text.strip()
