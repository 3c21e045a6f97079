"""Echo with an AsyncConsumer: `ws/ac/` sends each text back once the project's `slow_reply` is done with it."""

import math
import time

import pytest
from edges import CONTROLS, TEXTS

SLOW_S = 0.3  # what slow_reply takes
AT_ONCE_S = 0.8 * SLOW_S  # less than one waiting for another takes
MOST_ROUNDS = 5


def test_the_handshake_is_accepted(connect):
    """A WebSocket to ws/ac/ is accepted.

    1. echo/routing.py names the consumer for ws/ac/. In echo/consumers.py, websocket_connect answers.
    2. Each handler is `async def`, and `self.send` is a coroutine. Without `await`, it does nothing.
    3. `async def websocket_connect(self, event): await self.send({"type": "websocket.accept"})`
    """
    with connect("/ws/ac/"):
        pass


@pytest.mark.given
def test_it_is_an_async_consumer(source):
    """The consumer is an AsyncConsumer.

    1. Look at the class statement in echo/consumers.py.
    2. The base class decides how Channels calls your methods. It awaits the methods of an AsyncConsumer.
    3. `class EchoConsumer(AsyncConsumer)`, imported from `channels.consumer`.
    """
    assert source.consumers("AsyncConsumer"), "No class of the project inherits from AsyncConsumer."


def test_a_message_comes_back(connect, fresh):
    """A text message comes back unchanged.

    1. websocket_receive(event) finds the text in event["text"].
    2. `slow_reply` and `self.send` are both coroutines. Each of the two calls needs its own `await`.
    3. `reply = await slow_reply(event["text"])`, then `await self.send({"type": "websocket.send", "text": reply})`.
    """
    text = fresh.text()
    everything = f" {fresh.text()} {' '.join(TEXTS)}{CONTROLS} \n"
    with connect("/ws/ac/") as ana, connect("/ws/ac/") as ben:
        ana.send(text)
        ben.send(everything)

        assert ana.receive() == text
        assert ben.receive() == everything


def test_the_reply_waits_for_slow_reply(connect, fresh, source):
    """The reply comes when slow_reply is done with the text, not before.

    1. echo/slow.py holds slow_reply. It takes 0.3 seconds. Where do you wait for it?
    2. `slow_reply(text)` without `await` creates a coroutine and runs none of it.
    3. `reply = await slow_reply(event["text"])`. Send the reply after that line.
    """
    with connect("/ws/ac/") as ana:
        took_s = seconds_for_one_reply(ana, fresh.text())

    too_early = took_s < SLOW_S - 0.05
    assert not too_early, f"The reply came after {took_s:.2f} s; slow_reply alone takes {SLOW_S} s."
    assert source.uses("slow_reply"), "No code of the project calls slow_reply, so the wait is for something else."


def test_messages_of_one_client_keep_their_order(connect, fresh):
    """Messages sent in one go come back in their order, one after another.

    1. Channels gives a consumer one event at a time. The next one waits until your handler has returned.
    2. Answer inside websocket_receive itself. A separate task is still running when the next event changes what you
       kept.
    3. Keep the text in a local variable, await slow_reply, then await self.send. Keep nothing on `self`.
    """
    first, second, photo = fresh.text(), fresh.text(), fresh.bytes()
    texts = [first, second, second]  # the same text twice is two messages
    with connect("/ws/ac/") as ana:
        began = time.monotonic()
        for frame in (first, photo, second, second):
            ana.send(frame)

        heard = [ana.receive(), ana.receive()]
        assert heard[0] != photo, "The binary frame came back before the text that was sent before it."
        if heard[1] == photo:  # which may go unanswered too
            heard[1] = ana.receive()
        two_s = time.monotonic() - began
        heard.append(ana.receive())
        took_s = time.monotonic() - began

        assert heard == texts
        said = f"Two replies came after {two_s:.2f} s, but slow_reply takes {SLOW_S} s for each."
        assert two_s > 2 * SLOW_S - 0.1, f"{said} Each message waits until the one before it is answered."
        said = f"Three replies came after {took_s:.2f} s, the first two after {two_s:.2f} s."
        assert took_s > 3 * SLOW_S - 0.1, f"{said} The third text is the second once more, and goes through slow_reply."


def test_two_clients_do_not_hear_each_other(connect, fresh):
    """When two clients wait at the same time, each hears only its own replies.

    1. While one consumer awaits, others run. What can they change that your consumer reads afterwards?
    2. All connections share what is on the class or in the module.
    3. Use only `event`, `self` and local variables: `text = event["text"]`.
    """
    with connect("/ws/ac/", name="ana") as ana, connect("/ws/ac/", name="ben") as ben:
        to_ana = [fresh.text(), fresh.text()]
        to_ben = [fresh.text(), to_ana[1]]  # and both say the same in the end
        for for_ana, for_ben in zip(to_ana, to_ben, strict=True):
            ana.send(for_ana)
            ben.send(for_ben)

        # Their second replies are a fence behind their first: nothing else came in between.
        assert [ana.receive(), ana.receive()] == to_ana
        assert [ben.receive(), ben.receive()] == to_ben


def test_twenty_clients_wait_at_once(connect, fresh, site):
    """Twenty clients at once wait about as long as one client, not twenty times as long.

    1. One event loop runs all consumers. If something keeps it busy for 0.3 seconds, all of them wait.
    2. `await` lets the others run. `time.sleep` does not, and a lock or a semaphore on the class lets only a few
       through at a time.
    3. The only slow line is `reply = await slow_reply(event["text"])`. Use no time.sleep, no requests.get, no lock
       and no semaphore.
    """
    texts = [fresh.text() for _ in range(20)]
    with connect("/ws/ac/", name="ana") as ana:
        alone_s = max(seconds_for_one_reply(ana, texts[0]), SLOW_S)
    guests = connect.many("/ws/ac/", 20)

    began = time.monotonic()
    for guest, text in zip(guests, texts, strict=True):
        guest.send(text)
    # One after the other, they would need 20 × alone_s. Half of that is far from both answers.
    heard = connect.replies(guests, within_s=10 * alone_s)
    first_s, spread_s = min(guest.heard_at for guest in guests) - began, spread(guests)

    answered = len(heard) - heard.count(None)
    if answered < 20:
        stands_still = "stood still and answered nobody else" if not site.responds() else "answered others"
        said = f"One client waits {alone_s:.1f} s. Of 20 at once, {answered} had a reply after {10 * alone_s:.1f} s."
        assert answered == 20, f"{said} Meanwhile the server {stands_still}."
    assert heard == texts

    too_early = first_s < SLOW_S - 0.05
    assert not too_early, f"A text sent a second time was back after {first_s:.2f} s, without slow_reply."

    # A busy machine may spread the replies now and then. Where some clients wait for others, it is so in every round.
    rounds = 1
    while spread_s > AT_ONCE_S and rounds < MOST_ROUNDS:
        spread_s = seconds_between_replies(connect, guests, texts)
        rounds += 1
    said = f"Of 20 clients at once, the last one got its reply {spread_s:.1f} s after the first one."
    assert spread_s <= AT_ONCE_S, f"{said} Some of them wait until others have their replies."


def test_other_frames_break_nothing(connect, fresh, site):
    """A binary frame or an empty text does not end the connection. A binary frame comes back as it is, or not at all.

    1. A frame holds text or bytes. Which key does the event have when someone sends a photo?
    2. event["text"] is missing or None for a binary frame. "" and b"" are false in Python: compare with None.
    3. `if event.get("bytes") is not None: … else: …`. Send the bytes back, or leave them unanswered.
    """
    photo, text = fresh.bytes(), fresh.text()
    with connect("/ws/ac/", name="ana") as ana, connect("/ws/ac/", name="ben") as ben:
        ben.send("")
        ana.send(photo)
        ana.send(b"")
        ana.send(text)

        heard = ana.receive()
        assert (ana.receive() if heard == photo else heard) == text
        ben.stays_open(0)  # ana's text came after ben's, and is answered

    lost = site.reports.ignored
    assert not lost, f"The consumer sent something that reaches nobody: {lost[0]}."


def test_leaving_during_a_slow_reply(connect, fresh, site):
    """However a client leaves, even before its reply comes or without a word, its consumer ends without an error.

    1. After your handler has returned, one more event arrives: websocket.disconnect. Which method does Channels call
       for it?
    2. A handler that returns says "next event, please". To end the consumer, it has to raise.
    3. `async def websocket_disconnect(self, event): raise StopConsumer()`, from `channels.exceptions`.
    """
    with connect("/ws/ac/") as ana, connect("/ws/ac/") as ben, connect("/ws/ac/") as cleo:
        for client in (ana, ben, cleo):
            client.send(text := fresh.text())
        ana.close()
        ben.vanish()
        with connect("/ws/ac/") as dan, connect("/ws/ac/") as eva:  # they never say a word
            dan.close(None)
            eva.vanish()
        assert cleo.receive() == text

        alone_s = max(seconds_for_one_reply(cleo, text), SLOW_S)
        for guest in connect.many("/ws/ac/", 10):
            guest.vanish()
        cleo.send(text)
        heard = connect.replies([cleo], within_s=5 * alone_s)
        assert heard == [text], "Ten clients left, and for a long time the server answered nobody else."

    site.consumers_end()
    assert not site.crash, f"An exception left the application: {site.crash}"


@pytest.mark.own
def test_the_words_of_a_message_race(connect, fresh):
    """At ws/race/ each word of "a,b,c" gets a reply of its own, and all of them take as long as one.

    1. An `await` after each word adds their times up. What starts a coroutine without waiting for its end?
    2. Python's page on tasks has a call that makes a task of a coroutine: from then on the event loop runs it beside
       everything else. Give each word a coroutine of its own that awaits slow_reply and then sends.
    3. One `asyncio.create_task` for each part of `split(",")` that is not empty. Keep the tasks in a place that lasts
       as long as the connection: the loop holds them only weakly.
    """
    with connect("/ws/race/", name="ana") as ana:
        began = time.monotonic()
        ana.send(word := fresh.word())
        assert ana.receive() == word
        alone_s = time.monotonic() - began
        assert alone_s > SLOW_S - 0.05, f"The reply came after {alone_s:.2f} s; slow_reply alone takes {SLOW_S} s."

        words = [fresh.word() for _ in range(9)]
        # The same word twice is two words, and blanks are part of a word or all of it.
        words += [words[0], f" {fresh.word()}  {fresh.word()} ", "  "]
        took_s, spread_s = race(ana, [",".join(words)])
        said = f"One word takes {alone_s:.1f} s, and {len(words)} words took {took_s:.1f} s."
        assert took_s < alone_s * len(words) / 2, f"{said} They were asked one after another."
        said = f"Of {len(words)} words, the last one came {spread_s:.1f} s after the first one."
        assert spread_s <= AT_ONCE_S, f"{said} Some of them wait until others have their replies."

        ana.send(f",,{words[1]},")  # between two commas without a word there is nothing to ask
        ana.send("")
        ana.send(",")
        assert ana.receive() == words[1]
        ana.send(words[2])
        assert ana.receive() == words[2]


@pytest.mark.own
def test_a_second_message_races_too(connect, fresh):
    """At ws/race/ a second message does not wait for the replies to the first, and no client waits for another.

    1. Channels gives the consumer its next event when the handler of this one has returned. What is your handler
       waiting for?
    2. `asyncio.gather` and `asyncio.TaskGroup` start many and wait for all of them. That is one wait too many here.
    3. The handler starts tasks and returns at once. Each task sends its own reply with `self.send`, when it has one.
    """
    with connect("/ws/race/", name="ana") as ana, connect("/ws/race/", name="ben") as ben:
        began = time.monotonic()
        ben.send(word := fresh.word())
        assert ben.receive() == word
        alone_s = max(time.monotonic() - began, SLOW_S)

        ben.send(word)  # while ana's words race
        messages = [f"{fresh.word()},{fresh.word()}" for _ in range(10)]
        took_s, spread_s = race(ana, messages)
        assert ben.receive() == word
        said = f"One word takes {alone_s:.1f} s. Ten messages, sent in one go, were answered after {took_s:.1f} s."
        assert took_s < alone_s * 5, f"{said} Each waited for the one before it."
        said = f"Of the words of ten messages, the last one came {spread_s:.1f} s after the first one."
        assert spread_s <= AT_ONCE_S, f"{said} Some of them wait until others have their replies."


@pytest.mark.own
def test_nobody_races_for_a_client_that_has_left(connect, fresh, site):
    """When a client leaves ws/race/, its words are given up: no task goes on for it, nothing is sent, nothing fails.

    1. slow_reply has 0.3 seconds to go when the client leaves. Who tells it that nobody is waiting any more?
    2. The last event of a connection reaches your consumer while its tasks run. A task has a method that ends it early.
    3. Call `cancel()` on each task that still runs, in websocket_disconnect. Then let the consumer end as the other
       one does. Tasks that are done can be dropped from your collection with `add_done_callback`.
    """
    with connect("/ws/race/", name="cleo") as cleo:
        for way in ("close", "close without a code", "vanish"):
            with connect("/ws/race/", name="ana") as ana:
                for _ in range(2):
                    ana.send(",".join(fresh.word() for _ in range(5)))
                cleo.send(word := fresh.word())
                if way == "vanish":
                    ana.vanish()
                else:
                    ana.close(1000 if way == "close" else None)
            assert cleo.receive() == word  # her words are not given up with ana's
        with connect("/ws/race/", name="ben") as ben:
            ben.close()  # without having said a word
    site.consumers_end()
    lost = site.reports.late
    assert not lost, f"A client has left, and its consumer went on: {lost[0]} was sent to nobody."
    assert not site.crash, f"An exception left the application: {site.crash}"

    took_s = seconds_to_give_up(connect, site, fresh)
    said = f"A client left at once, and for {took_s:.1f} s something went on for it."
    assert took_s <= AT_ONCE_S, f"{said} Its words were not given up: slow_reply ran to its end."


def race(client, messages):
    """Send the messages in one go; return how long all replies took, and how long after the first the last came.

    A busy machine may spread the replies now and then: of a few rounds, the one counts that spread them least.
    """
    words = sorted(word for message in messages for word in message.split(","))
    best = (math.inf, math.inf)
    for _ in range(MOST_ROUNDS):
        began = time.monotonic()
        for message in messages:
            client.send(message)
        heard = [client.receive()]
        first_s = time.monotonic() - began
        heard += [client.receive() for _ in words[1:]]
        took_s = time.monotonic() - began
        assert sorted(heard) == words
        best = min(best, (took_s - first_s, took_s))
        if best[0] <= AT_ONCE_S:
            break
    spread_s, took_s = best
    return took_s, spread_s


def seconds_to_give_up(connect, site, fresh):
    """Let clients leave their words behind; return the shortest time until nothing ran any more for one of them."""
    best = math.inf
    for _ in range(MOST_ROUNDS):
        with connect("/ws/race/", name="ana") as ana:
            began = time.monotonic()
            ana.send(",".join(fresh.word() for _ in range(5)))
            ana.close()
            site.consumers_end()
        best = min(best, time.monotonic() - began)
        if best <= AT_ONCE_S:
            break
    return best


def seconds_between_replies(connect, guests, texts):
    """Let all clients ask at once, and return how long after the first reply the last one comes."""
    for guest, text in zip(guests, texts, strict=True):
        guest.send(text)
    assert connect.replies(guests, within_s=20 * SLOW_S) == texts
    return spread(guests)


def spread(guests):
    """Return how long after the first reply the last one came, whoever had them."""
    heard_at = [guest.heard_at for guest in guests]
    return max(heard_at) - min(heard_at)


def seconds_for_one_reply(client, text):
    began = time.monotonic()
    client.send(text)
    client.receive()
    return time.monotonic() - began
