"""A client in TypeScript: what its page shows, and which WebSockets and frames go over the wire.

The page subscribes when #subscribe is pressed, for the student in #student. Two listeners of one service fill #events
and #latest. The server is the one of lesson 15, and `GET /seats/` tells a logged-in student where they have a seat.
"""

import json
import time
from itertools import dropwhile

import pytest
from service_page import (
    BACK_UNITS,
    STUDENT,
    SUBSCRIBED,
    SUCCESS,
    assert_calm,
    is_refused,
    is_subscribed,
    listens,
    outcomes_of,
    says,
    sockets_of,
)

from course.errors import Unmet
from course.testbed.deadlines import comes_true, deadline_s

ANOTHER = "s2"  # for whom the server tells s1 nothing: it answers with an error
SUBSCRIBE, SUBSCRIBE_ANOTHER = ({"command": "subscribe", "student": student} for student in (STUDENT, ANOTHER))
MOST_WAITING = 20
SHORTEST_S = 0.05
SOON_UNITS = 1.5  # for what shall come within a second
GROWS_BY = 1.5
LONG_S = 60
FOR_EVER_S = 3600
LONGEST_S = 7  # four seconds, and what chance may add


@pytest.mark.given
def test_the_types_are_right(client):
    """The compiler finds no error in strict mode.

    1. In lessons/16_rxjs_client/client, npm run types prints the file, line and column of each error. Your editor
       underlines the same ones.
    2. Test a field that may be empty, like `private connection?: Subscription`, before you use it.
    3. this.connection?.unsubscribe()
    """
    faults = client.types()

    assert not faults, "\n".join(["The compiler finds errors.", *faults])


def test_subscribe_connects(enter):
    """Subscribe opens a WebSocket to ws/events/ and asks for the student's events, and nothing else opens or ends one.

    1. Nothing goes over the wire before you subscribe to a WebSocketSubject. Creating one is not enough. Commands
       sent earlier have to wait for the connection, and go out after the subscription.
    2. webSocket("/ws/events/") creates it, .subscribe(…) connects, and .next(command) sends. Anything sent before the
       connection is open waits until it is.
    3. const socket = webSocket<unknown>("/ws/events/"); socket.subscribe(…);
       socket.next({ command: "subscribe", student })
    """
    page = enter()
    says(page, "early")
    assert page.attempts == 0, "Nobody has subscribed, but the page has opened a WebSocket."
    page.hold_sockets()
    page.click("#subscribe")
    says(page, "while it connects")
    page.release_sockets()
    is_answered(page, 2)

    assert page.texts("#events [data-type=subscribe]") == [SUBSCRIBED]
    early, connecting = ({"command": said, "student": STUDENT} for said in ("early", "while it connects"))
    assert frames_of(sockets_of(page)[0]) == [SUBSCRIBE, early, connecting]

    page.let_time_pass(LONG_S)
    assert page.attempts == 1, "Nothing has happened for a minute, but the page has opened another WebSocket."


def test_every_listener_hears(enter, office):
    """Each message from the server reaches every listener of `messages` once: #events and #latest show it.

    1. main.ts subscribes to channeler.messages twice. How do both listeners get messages from one connection?
    2. Through a Subject: whatever you pass to next() reaches every subscriber.
    3. private readonly told = new Subject<Message>(); readonly messages = this.told.asObservable(); and
       socket.subscribe((message) => this.told.next(message as Message))
    """
    page = enter()
    listens(page)
    office.registers(section := office.opens())

    page.waits_for_texts("#events li", [SUBSCRIBED, SUCCESS.format(section)])
    page.waits_for_text("#latest", SUCCESS.format(section))
    page.waits_for_count(f"#seats [data-section={section}]", 1)
    assert_one_socket(page)


def test_one_connection_for_all(enter, office):
    """However often you subscribe, there is one WebSocket, and each event is shown once.

    1. Count the connections in the browser's tools, Network, WS, while you press Subscribe three times.
    2. subscribe() needs to know whether there is already a connection: keep it in a field.
    3. this.connection ??= … creates one only if there is none. Send the command over the existing one.
    """
    page = enter()
    page.click("#subscribe")
    page.click("#subscribe")
    page.waits_for_log("#events", SUBSCRIBED)
    page.click("#subscribe")
    office.registers(first := office.opens())
    page.waits_for_text("#latest", SUCCESS.format(first))
    page.click("#subscribe")
    office.registers(second := office.opens())
    page.waits_for_text("#latest", SUCCESS.format(second))

    assert_one_socket(page)
    assert outcomes_of(page) == [SUCCESS.format(first), SUCCESS.format(second)]


def test_send(enter, office):
    """Send sends a command to the server over the same WebSocket, and the page shows the answer.

    1. In `this.socket.next(command)`, which socket is open now?
    2. The server answers an unknown command with {"error": …}. That is a message like any other.
    3. send(command) { this.socket?.next(command) }
    """
    page = enter()
    listens(page)
    says(page, "dance")
    page.waits_for_count("#events [data-type=error]", 1)
    office.registers(section := office.opens())
    page.waits_for_text("#latest", SUCCESS.format(section))

    assert_one_socket(page)
    assert said_over(page.sockets[0]) == ["dance"]


def test_unsubscribe_closes(enter, office):
    """Unsubscribe closes the WebSocket, and the page shows nothing more.

    1. Read the condition of your unsubscribe() aloud. When there is a connection, is it true?
    2. socket.subscribe(…) returns a Subscription. Its unsubscribe() closes the WebSocket if nothing else is
       subscribed.
    3. this.connection?.unsubscribe(); this.connection = undefined
    """
    page = enter()
    page.click("#unsubscribe")  # where there is nothing to close
    assert_calm(page)
    listens(page)
    page.click("#unsubscribe")
    closed = comes_true(lambda: page.sockets[0].close_code is not None, 3)
    assert closed, "Unsubscribe was pressed, but the WebSocket is still open."
    office.registers(office.opens())

    assert page.sockets[0].page_closed_with is not None, "The page did not close its WebSocket."
    assert outcomes_of(page) == []


def test_one_can_subscribe_again(enter, office):
    """After Unsubscribe you can subscribe again at once, for someone else, and get all later events.

    1. What is left of the first connection? A subject that was closed for good can't be used again.
    2. subject.unsubscribe() makes a subject unusable: the next subscribe() throws ObjectUnsubscribedError.
       subscription.unsubscribe() ends one subscription and does not change the subject.
    3. Use a new webSocket(…) for each connection, unsubscribe() on the Subscription, and this.students.clear(). In
       closed(): if (this.socket === socket), because the old one's end may be reported when the new one is open.
    """
    page = enter()
    page.type("#student", ANOTHER)
    page.click("#subscribe")
    is_answered(page, 1)
    page.hold_answers()  # the first connection has not ended yet when the second one is open
    page.click("#unsubscribe")
    says(page, "between")
    office.registers(office.opens())
    page.type("#student", STUDENT)
    page.click("#subscribe")
    comes_true(lambda: page.open_sockets == 2, 3)
    page.release_answers()
    is_subscribed(page, 1)
    comes_true(lambda: page.open_sockets == 1, 3)
    says(page, "hello")
    is_answered(page, 3)
    office.registers(section := office.opens())
    page.waits_for_text("#latest", SUCCESS.format(section))

    assert outcomes_of(page) == [SUCCESS.format(section)]
    assert [socket.page_closed_with is None for socket in sockets_of(page)] == [False, True]
    assert SUBSCRIBE_ANOTHER not in frames_of(page.sockets[1]), (
        "After Unsubscribe, the page still asks for s2's events."
    )
    assert said_over(page.sockets[1]) == ["between", "hello"]


def test_it_comes_back(enter, office, second_site):
    """After the server is killed and started again, the page reconnects and shows the seat taken in the meantime.

    1. A lost connection arrives as an error, and an error ends a stream. What subscribes again?
    2. retry({ delay }) does. But the new connection knows nothing of the old one's commands. What sends them again?
    3. webSocket({ url, openObserver: { next: () => … } }): at each opening, send a "subscribe" for each student that
       subscribe() was called with.
    """
    page = enter()
    listens(page)
    page.type("#student", ANOTHER)
    page.click("#subscribe")
    is_answered(page, 1)
    asked = SUBSCRIBE_ANOTHER in frames_of(page.sockets[0])
    assert asked, "The page has not subscribed to s2's events over the existing connection."
    with office.is_away():
        office.registers(missed := office.opens(second_site), second_site)
        page.waits_for_refusals(1)
    is_subscribed(page, 2)
    page.waits_for_count(f"#seats [data-section={missed}]", 1)
    office.registers(heard := office.opens())
    page.waits_for_text("#latest", SUCCESS.format(heard))

    assert outcomes_of(page) == [SUCCESS.format(heard)]
    again = frames_of(sockets_of(page)[-1])
    for command in (SUBSCRIBE, SUBSCRIBE_ANOTHER):
        times = again.count(command)
        assert times == 1, f"Over the new connection, the page has sent {json.dumps(command)} {times} times."
    assert_calm(page)


def test_a_goodbye_is_no_end(enter, office):
    """After a server closes properly with 1001, the page reconnects too, and sends what was waiting.

    1. When Daphne ends a connection, RxJS sees an error. With other servers, and with nginx, it sees a completion.
    2. retry does nothing when a stream completes. concat(socket, …) then goes on with something else.
    3. concat(socket, throwError(() => new Error("The connection has ended."))), and retry after it. In closed(), set
       this.socket = undefined, so that send() keeps commands from then on.
    """
    page = enter()
    listens(page)
    page.hold_sockets()  # from the end of the first connection to the beginning of the second one, and no attempt fails
    page.say_goodbye(1001)
    says(page, "between")
    page.release_sockets()
    is_subscribed(page, 2)
    is_answered(page, 1)
    office.registers(section := office.opens())
    page.waits_for_text("#latest", SUCCESS.format(section))

    assert outcomes_of(page) == [SUCCESS.format(section)]
    assert [said_over(socket) for socket in sockets_of(page)] == [[], ["between"]]


def test_the_server_may_come_later(enter, office):
    """A page that subscribes while the server is away connects once it is there, without an uncaught error.

    1. The first connection may fail like any other. Does your stream treat it like any other?
    2. An error that nothing catches is reported as "Uncaught". retry catches it.
    3. defer(() => webSocket(…)).pipe(retry({ delay })).subscribe(…)
    """
    page = enter()
    with office.is_away():
        page.click("#subscribe")
        page.waits_for_refusals(2)
    is_subscribed(page, 1)
    office.registers(section := office.opens())
    page.waits_for_text("#latest", SUCCESS.format(section))

    assert_one_socket(page)
    assert_calm(page)


def test_unsubscribe_ends_the_attempts(enter, office):
    """Unsubscribe while the server is away ends the attempts to reach it.

    1. The timer for the next attempt is still running. What does it belong to?
    2. It is part of the stream that retry repeats, and ends when you unsubscribe that stream's Subscription.
    3. Keep the Subscription of the whole stream, not that of one socket: this.connection = stream.subscribe(…)
    """
    page, other = enter(), enter()
    listens(page)
    listens(other)
    with office.is_away():
        for window in (page, other):
            window.waits_for_refusals(2)
            window.click("#unsubscribe")
        known = other.attempts
        other.let_time_pass(LONG_S)
        assert other.attempts == known, "After Unsubscribe, the page went on trying to reach the server."

    page.click("#subscribe")
    is_subscribed(page, 2)


def test_what_is_said_meanwhile_waits(enter, office):
    """Commands sent while the server is away go out once when it is back, in order, after the subscription.

    1. A WebSocketSubject keeps what you send before it is open, but forgets it when the connection fails.
    2. So keep it yourself, in a list that send() adds to while no socket is open.
    3. At each opening: this.waiting.splice(0).forEach((command) => socket.next(command))
    """
    page = enter()
    listens(page)
    with office.is_away():
        page.waits_for_refusals(1)
        for command in ("one", "two", "three"):
            says(page, command)
        page.waits_for_refusals(2)
        says(page, "four")
    is_answered(page, 4)
    with office.is_away():
        page.waits_for_refusals(3)
    is_subscribed(page, 3)
    says(page, "five")
    is_answered(page, 5)

    assert [said_over(socket) for socket in sockets_of(page)] == [[], ["one", "two", "three", "four"], ["five"]]


def test_only_so_much_waits(enter, office):
    """Of all commands sent while the server is away, the newest 20 wait.

    1. An hour of commands would fill the browser's memory, and flood the server on its return.
    2. list.slice(-20) is the end of a list.
    3. this.waiting = [...this.waiting, command].slice(-20)
    """
    page = enter()
    listens(page)
    said = [f"no-{number}" for number in range(MOST_WAITING + 2)]
    with office.is_away():
        page.waits_for_refusals(1)
        for command in said:
            says(page, command)
    is_answered(page, MOST_WAITING)
    says(page, "last")
    is_answered(page, MOST_WAITING + 1)

    assert said_over(sockets_of(page)[-1]) == [*said[-MOST_WAITING:], "last"]


def test_the_waits_grow(enter, office):
    """The first attempt to reconnect comes within a second. Then the waits grow to four seconds, and it never gives up.

    1. A thousand pages that retry ten times a second can keep a server from starting. A page that has given up never
       learns that the server is back.
    2. retry({ delay: (error, attempt) => timer(…) }): attempt counts from 1. Without a `count`, it never stops.
    3. timer(Math.min(250 * 2 ** (attempt - 1), 4000))
    """
    page = enter()
    listens(page)
    with office.is_away():
        gone = time.monotonic()
        first, second, third, fourth = page.waits_for_refusals(4)[:4]

        waits = (
            f"The waits were {first - gone:.2f}, {second - first:.2f}, {third - second:.2f} and {fourth - third:.2f} s."
        )
        assert first - gone < deadline_s(SOON_UNITS), waits
        assert second - first > SHORTEST_S, waits
        assert fourth - third > GROWS_BY * (second - first), waits

        for _ in range(3):
            known = page.attempts
            page.let_time_pass(LONGEST_S)
            if page.attempts == known:
                page.let_time_pass(FOR_EVER_S)
                assert page.attempts > known, f"After {known - 1} attempts to come back the page has given up."
                raise Unmet(f"The waits grow, and in the end the page waits for more than {LONGEST_S} s.")
            comes_true(lambda: is_refused(page), 3)


@pytest.mark.slow
def test_a_good_connection_starts_anew(enter, office):
    """After a good connection, the first wait is the shortest again.

    1. retry counts all its attempts, unless you tell it when to start again.
    2. It has an option for that.
    3. retry({ delay, resetOnSuccess: true })
    """
    page = enter()
    listens(page)
    with office.is_away():
        page.waits_for_refusals(3)
    is_subscribed(page, 2)
    known = page.refusals
    with office.is_away():
        gone = time.monotonic()
        next_attempt = page.waits_for_refusals(known + 1)[known]

    assert next_attempt - gone < deadline_s(SOON_UNITS), (
        f"It waited {next_attempt - gone:.1f} s, as if nothing had gone well."
    )


def is_answered(page, times):
    """Wait until the server has answered so many unknown commands."""
    if not comes_true(lambda: page.count("#events [data-type=error]") >= times, BACK_UNITS):
        answers = page.count("#events [data-type=error]")
        raise Unmet(f"{page.name} sent {times} commands that must be answered, but sees {answers} answers.")


def assert_one_socket(page):
    count = len(page.sockets)
    assert count == 1, f"The page opened {count} WebSockets."


def frames_of(socket):
    """Return what the page has sent, as JSON; what is none, as it is."""
    return [parsed(frame) for frame in socket.sent]


def said_over(socket):
    """Return the commands that the page has sent after its subscriptions."""
    commands = [frame.get("command") if isinstance(frame, dict) else frame for frame in frames_of(socket)]
    return list(dropwhile(lambda command: command == "subscribe", commands))


def parsed(frame):
    try:
        return json.loads(frame)
    except ValueError:
        return frame
