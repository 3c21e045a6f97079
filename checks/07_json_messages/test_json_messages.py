"""Messages in JSON: `ws/chat/<room_name>/` answers `{"message": m}` with the same, all else with `{"error": why}`."""

import json

import pytest
from edges import CONTROLS, TEXTS

COMPLAINT = {"error": "…"}


def test_the_handshake_is_accepted(connect, fresh):
    """A WebSocket to ws/chat/<room_name>/ is accepted, whatever letters, digits, - and _ make up the name.

    1. The list in chat/routing.py is empty. In the path, the room's name may be any slug, such as tea-room_2.
    2. `<slug:room_name>` matches the name. The consumer lets everyone in if you write no `connect` of your own.
    3. path("ws/chat/<slug:room_name>/", ChatConsumer.as_asgi())
    """
    word, number = fresh.word(), fresh.number(2, 99)
    for room_name in (word, f"{word.title()}_{number}", f"{word}-{number}", str(number)):
        with connect(f"/ws/chat/{room_name}/"):
            pass


def test_a_message_comes_back_as_json(connect, fresh):
    """{"message": m} is answered once with {"message": m}, without an error, and nobody else gets the answer.

    1. A WebsocketConsumer calls one of your methods for each frame. It passes you a string, not a dictionary.
    2. json.loads turns a string into a dictionary, and json.dumps does the reverse. self.send takes a string.
    3. def receive(self, text_data=None, bytes_data=None): …, ending in self.send(text_data=json.dumps({"message": m}))
    """
    first, second, spaced = ({"message": fresh.text()} for _ in range(3))
    one_room = room(fresh)
    with connect(one_room, name="ana") as ana, connect(one_room, name="ben") as ben:
        for message in (first, second, second):
            ana.send_json(message)
            assert answer(ana) == message

        ana.send(f" {json.dumps(spaced, indent=2)}\n")  # the same JSON, spread over lines
        assert answer(ana) == spaced

        ana.send_json({fresh.word(): fresh.text(), **first})  # another key does no harm
        assert answer(ana) == first

        ben.hears_nothing(fence={"message": fresh.text()})
        ana.hears_nothing(fence={"message": fresh.text()})


def test_every_character_comes_back(connect, fresh):
    """Quotes, line breaks, accents, emoji and half an emoji come back as they were sent.

    1. What puts the quotes around the message in your answer: you or json.dumps?
    2. JSON that you put together from strings breaks at the first quote in a message. So does str() of a dictionary.
    3. self.send(text_data=json.dumps({"message": message})), with the message unchanged and no ensure_ascii=False.
    """
    word = fresh.word()
    texts = [f'"{word}"', f"'{word}'", f"{word}\n\t\\n {word}", f"{word} smørrebrød 茶 {word}", f"{word} 🫖👩‍🚀"]
    with connect(room(fresh)) as ana:
        for text in texts:
            ana.send_json({"message": text})
            assert answer(ana) == {"message": text}

        texts += [*TEXTS, CONTROLS]
        for text in texts:
            ana.send(json.dumps({"message": text}, ensure_ascii=False))  # written as a browser would
        for text in texts:
            assert answer(ana) == {"message": text}

        half = f"{word} \ud83e"  # half an emoji, from a page that has cut a string in two
        ana.send(json.dumps({"message": half}))
        assert answer(ana) == {"message": half}


def test_a_long_message_comes_back_whole(connect, fresh):
    """A message of 100,000 characters comes back whole.

    1. Nothing between the browser and your code shortens a message of this length.
    2. Look for a slice, such as `[:500]`, or for a limit that refuses longer messages.
    3. json.dumps({"message": message}), with the message as it arrived.
    """
    text = (f"{fresh.text()} " * 10_000)[:99_999] + "."
    with connect(room(fresh)) as ana:
        ana.send_json({"message": text})
        assert answer(ana) == {"message": text}


def test_a_message_that_is_no_text(connect, fresh):
    """A message may be any value: an empty string, 0, false, null, a list and an object come back as they were.

    1. How does your code find out that there is no message?
    2. `content.get("message")` is false for "", 0 and [], and None for null. Each of them is a message here.
    3. Test whether the key is there: `"message" in content`. Send its value back unchanged.
    """
    word, number = fresh.word(), fresh.number(2, 99)
    with connect(room(fresh)) as ana:
        nothing = "", 0, False, None, [], {}  # what Python counts as false
        exact = 2**53 + 1  # a whole number that no float holds
        for value in (*nothing, number, exact, -0.5, [word, [number, None]], {"message": word, word: [True]}):
            ana.send_json({"message": value})
            assert answer(ana) == {"message": value}


def test_text_that_is_not_json(connect, fresh):
    """Text that is not JSON is answered with {"error": why}, and the socket stays open.

    1. Anyone can send anything. What does json.loads do with text that is not JSON?
    2. It raises a ValueError, or a RecursionError for [[[[… thousands deep. If nothing catches it, the connection
       ends.
    3. Put `json.loads(text_data)` into a `try`. In `except (ValueError, RecursionError)`, send `{"error": …}`.
    """
    word = fresh.word()
    with connect(room(fresh)) as ana:
        for wrong in (fresh.text(), "", "  ", f'{{"message": "{word}"', f"{{'message': '{word}'}}"):
            is_answered_with_a_complaint(ana, wrong, fresh)

        is_answered_with_a_complaint(ana, f'{{"message": "{word}"}} {word}', fresh)
        is_answered_with_a_complaint(ana, "[" * 100_000, fresh)


def test_json_without_a_message(connect, fresh):
    """An object without "message" is answered with {"error": why}, and the socket stays open.

    1. It is JSON, and json.loads does not complain. What does ["message"] do if there is none?
    2. It raises a `KeyError`. Test first, with `in`.
    3. If `"message" not in content`, send `{"error": "There is no message."}`.
    """
    with connect(room(fresh)) as ana:
        for wrong in ({}, {"text": fresh.text()}, {"Message": fresh.text()}, {fresh.word(): {"message": fresh.text()}}):
            is_answered_with_a_complaint(ana, json.dumps(wrong), fresh)


def test_json_that_is_no_object(connect, fresh):
    """A list, a number, a string or null is answered with {"error": why}, and the socket stays open.

    1. JSON is more than objects: 7, null, "tea" and ["message"] are JSON too.
    2. Only an object becomes a `dict`. `"message" in content` is also true for `["message"]` and for `"message"`.
    3. If `not isinstance(content, dict) or "message" not in content`, send `{"error": …}`.
    """
    with connect(room(fresh)) as ana:
        for wrong in ([], ["message"], [{"message": fresh.text()}], fresh.number(2, 99), 0, "message", "", True, None):
            is_answered_with_a_complaint(ana, json.dumps(wrong), fresh)


def test_a_binary_frame(connect, fresh):
    """A binary frame is answered with {"error": why}, and the socket stays open.

    1. A frame holds text or bytes, as in lesson 02. Which of the two arguments of receive has a value?
    2. For bytes, receive is called with only bytes_data, and text_data keeps its default.
    3. Write `def receive(self, text_data=None, bytes_data=None)`. If `text_data is None`, send `{"error": …}`.
    """
    readable = json.dumps({"message": fresh.text()}).encode()
    with connect(room(fresh)) as ana:
        for wrong in (fresh.bytes(), b"", readable):
            is_answered_with_a_complaint(ana, wrong, fresh)


def test_the_consumer_ends_with_its_connection(connect, fresh, site):
    """However the client leaves, the consumer ends without an error.

    1. A `WebsocketConsumer` ends without your help. Have you written a `disconnect` of your own?
    2. `disconnect` is called with one argument, the close code, and must not raise.
    3. Leave it out, or write def disconnect(self, code): …
    """
    one_room = room(fresh)
    with connect(one_room) as ana, connect(one_room) as ben, connect(one_room) as cleo, connect(one_room) as dan:
        ana.send_json(message := {"message": fresh.text()})
        assert answer(ana) == message
        ana.close()
        ben.close()  # without having sent anything
        cleo.close(None)
        dan.vanish()

    site.consumers_end()
    assert not site.crash, f"An exception left the application: {site.crash}"


@pytest.mark.own
def test_a_result_has_the_id_of_its_request(connect, fresh):
    """At ws/calc/ each request is answered once, in order, with its own id and the result.

    1. A client may ask many things before it reads the first answer. What tells it which answer belongs to which
       question?
    2. Take "id", "op" and "values" out of the object, and put the "id" into the answer as it came. You need not
       understand it: 0, null and an empty string are ids like any other.
    3. Python has functions called sum, min and max. A dictionary can map each "op" to its function. A class that
       inherits from ChatConsumer already has a `reply`.
    """
    low, high = fresh.number(-99, -2), fresh.number(2, 99)
    with connect("/ws/calc/", name="ana") as ana, connect("/ws/calc/", name="ben") as ben:
        asked = [("sum", [low, high, 0.5], low + high + 0.5), ("min", [0, low, high], low), ("max", [low, -1.5], -1.5)]
        for op, values, result in [*asked, ("sum", [], 0), ("sum", [low], low), ("max", [high, high], high)]:
            name = fresh.word()
            ana.send_json({"id": name, "op": op, "values": values, fresh.word(): fresh.text()})
            assert outcome(ana) == {"id": name, "result": result}

        ids = [high, 0, "", None, low / 2, [fresh.word()], {fresh.word(): None}, f"{fresh.word()} 🫖", "half \ud83e"]
        for number, name in enumerate(ids):
            ana.send_json({"id": name, "op": "sum", "values": [number, 1]})
        ben.send_json({"id": "ben's", "op": "max", "values": [low] * 100_000})
        for number, name in enumerate(ids):
            assert outcome(ana) == {"id": name, "result": number + 1}
        assert outcome(ben) == {"id": "ben's", "result": low}

        ana.send_json({"op": "min", "values": [high]})
        assert outcome(ana) == {"id": None, "result": high}

        name = fresh.word()
        for values in ([low], [low], [high]):  # requests of the same id are requests of their own
            ana.send_json({"id": name, "op": "sum", "values": values})
        for result in (low, low, high):
            assert outcome(ana) == {"id": name, "result": result}


@pytest.mark.own
def test_what_can_not_be_calculated(connect, fresh):
    """At ws/calc/ a request that can't be calculated is answered with its id and an error.

    1. Each of the three parts may be missing, and each may be any JSON value. Which of your lines trust them?
    2. In Python a boolean is an int. min and max compare strings and lists as well, and need at least one value. A
       list can't be the key of a dictionary: looking it up raises an exception.
    3. Look at "op" and "values" with isinstance before you use them, and then at each value. The sum of floats may be
       infinite (see math.inf), and that of a huge int and a float raises an OverflowError, which is not a ValueError.
    """
    op, values, word = "sum", [1, fresh.number(2, 99)], fresh.word()
    with connect("/ws/calc/") as ana:
        for wrong in (word, "len", "SUM", "sum ", "", None, 0, True, ["sum"], {"sum": "max"}):
            is_answered_with_an_error(ana, {"op": wrong, "values": values}, fresh)
        for wrong in (None, 7, word, "", {"1": 2}, True):
            is_answered_with_an_error(ana, {"op": op, "values": wrong}, fresh)
        for wrong in (True, False, None, "7", "", [1], [], {}):
            is_answered_with_an_error(ana, {"op": "max", "values": [wrong]}, fresh)
            is_answered_with_an_error(ana, {"op": op, "values": [*values, wrong]}, fresh)
        for wrong in ({}, {"op": op}, {"values": values}, {"op": "min", "values": []}, {"op": "max", "values": []}):
            is_answered_with_an_error(ana, wrong, fresh)
        for wrong in ([1e308, 1e308], [-1e308, -1e308], [10**400, 0.5]):
            is_answered_with_an_error(ana, {"op": op, "values": wrong}, fresh)


@pytest.mark.own
def test_what_is_no_request(connect, fresh, site):
    """At ws/calc/ a frame that does not contain an object is answered with an error and the id null.

    1. There is no id to send back, but the client still waits for an answer.
    2. You know these frames from the chat: bytes, text that is not JSON, JSON that is not an object, and [[[[…
       thousands deep.
    3. Where there is no object, go on with an empty dictionary. It has no "op", and its `.get("id")` is None, which
       json.dumps writes as null.
    """
    readable = json.dumps({"id": fresh.word(), "op": "sum", "values": [1]})
    with connect("/ws/calc/") as ana:
        texts = fresh.text(), "", " ", "7", "null", "true", '"id"', "[]", f"[{readable}]", readable[:-1], "[" * 100_000
        for wrong in (*texts, fresh.bytes(), b"", readable.encode()):
            is_answered_with_an_error(ana, wrong, fresh)
        ana.vanish()
    site.consumers_end()


def room(fresh):
    return f"/ws/chat/{fresh.word()}/"


def answer(client, key="message"):
    """Return the next answer, without what it says beside `key`: anything but the other of the two keys."""
    content = client.receive_json()
    other = "error" if key == "message" else "message"
    says_more = isinstance(content, dict) and key in content and not content.get(other)
    return {key: content[key]} if says_more else content


def is_answered_with_a_complaint(client, wrong, fresh):
    client.send(wrong)
    client.send_json(good := {"message": fresh.text()})  # the fence: where no complaint comes, this does
    complaint = answer(client, "error")
    is_answered = complaint != good
    assert is_answered, f"The server did not answer {wrong!r:.60}."
    reason = complaint["error"] if isinstance(complaint, dict) and set(complaint) == {"error"} else None

    assert (COMPLAINT if is_reason(reason) else complaint) == COMPLAINT
    assert answer(client) == good


def is_reason(value):
    return value and not isinstance(value, bool) and bool(str(value).strip())


def outcome(client):
    """Return the next answer: its id and its result or error, without what else it says."""
    content = client.receive_json()
    if not isinstance(content, dict):
        return content
    said = {key: content[key] for key in ("id", "result", "error") if key in content}
    empty = {key for key in ("result", "error") if said.get(key) is None}  # as good as left out
    reason = COMPLAINT if is_reason(said.get("error")) else {}
    return {key: value for key, value in (said | reason).items() if key not in empty}


def is_answered_with_an_error(client, wrong, fresh):
    name, good = None, fresh.word()
    if isinstance(wrong, dict):
        name = fresh.word()
        wrong = json.dumps({"id": name, **wrong})
    client.send(wrong)
    client.send_json({"id": good, "op": "sum", "values": [1]})  # the fence: where no error comes, this does

    assert outcome(client) == {"id": name, **COMPLAINT}
    assert outcome(client) == {"id": good, "result": 1}
