"""What all clients said and heard, on one timeline."""

from __future__ import annotations

import re

import pytest

from course.results import REDIS
from course.testbed.clients.transcript import MOST_EVENTS, Transcript, show


def filled(number: int) -> Transcript:
    transcript = Transcript()
    for i in range(number):
        transcript.add("ana", "→", f"event {i}", payload=f"payload {i}")
    return transcript


def whats(transcript: Transcript) -> list[str]:
    return [event.what for event in transcript.events()]


def test_events_come_in_their_order_and_begin_at_zero() -> None:
    """The timeline starts with its first event and never goes back."""
    events = filled(3).events()

    assert [event.what for event in events] == ["event 0", "event 1", "event 2"]
    assert events[0].at_ms == 0
    assert [event.at_ms for event in events] == sorted(event.at_ms for event in events)


def test_an_empty_timeline_has_no_events() -> None:
    """A check that opened no socket has no wire to show, and marking it does nothing."""
    transcript = Transcript()
    transcript.mark_last()

    assert transcript.events() == ()


def test_the_event_that_handed_out_a_payload_is_marked() -> None:
    """The mark goes to the very message that the check was handed, not to an equal one."""
    transcript = Transcript()
    first, second = bytearray(b"tea"), bytearray(b"tea")
    transcript.add("ana", "←", "first", first)
    transcript.add("ana", "←", "second", second)

    assert transcript.mark(first)
    assert [event.diverged for event in transcript.events()] == [True, False]


@pytest.mark.parametrize("payload", [None, b"never seen", object()])
def test_a_payload_that_was_not_heard_marks_nothing(payload: object) -> None:
    """What no event handed out leaves the timeline as it is."""
    transcript = filled(2)

    assert not transcript.mark(payload)
    assert not any(event.diverged for event in transcript.events())


def test_the_last_event_can_be_marked() -> None:
    """A silence is marked where it began."""
    transcript = filled(3)
    transcript.mark_last()

    assert [event.diverged for event in transcript.events()] == [False, False, True]


def test_a_timeline_of_forty_is_shown_whole() -> None:
    """Nothing is left out of what fits."""
    assert len(filled(MOST_EVENTS).events()) == MOST_EVENTS


@pytest.mark.parametrize("marked", [None, 0, 5, 15, 25, 60, 95, 99])
def test_a_long_timeline_shows_its_beginning_and_the_mark(marked: int | None) -> None:
    """Of a hundred events the first ten and those around the mark are shown; each gap counts, in its place."""
    transcript = Transcript()
    payloads = [bytearray() for _ in range(100)]
    for i, payload in enumerate(payloads):
        transcript.add("ana", "→", f"event {i}", payload)
    if marked is not None:
        transcript.mark(payloads[marked])

    told = whats(transcript)

    at = 0
    for what in told:
        gap = re.fullmatch(r"\((\d+) more events\)", what)
        assert gap or what == f"event {at}"
        at += int(gap[1]) if gap else 1
    assert at == 100
    assert told[:10] == [f"event {i}" for i in range(10)]
    assert f"event {99 if marked is None else marked}" in told
    assert len(told) <= MOST_EVENTS


def test_what_redis_is_told_does_not_count() -> None:
    """It stands after the client's event before it, is left out with that, and takes nobody's place."""
    transcript = Transcript()
    for i in range(50):
        transcript.add("ana", "→", f"event {i}")
        transcript.add("Daphne 1", "→", f"group_send {i}", peer=REDIS)

    told = whats(transcript)

    assert told[:4] == ["event 0", "group_send 0", "event 1", "group_send 1"]
    assert told[20:] == ["(40 more events)"]


@pytest.mark.parametrize(
    ("payload", "shown"),
    [
        ("tea", '"tea"'),
        ('say "tea"\n\x1b[2J', '"say \\"tea\\"\\n\\u001b[2J"'),
        ("grün 🍵", '"grün 🍵"'),
        ("half \ud800", '"half \\ud800"'),
        ("x" * 200, '"' + "x" * 99 + "… (202 characters)"),
        (b"\xff\x00", "2 bytes ff 00"),
        (b"123456789", "9 bytes 31 32 33 34 35 36 37 38…"),
        (b"", "0 bytes "),
        ({"message": b"x"}, '{"message": "b\'x\'"}'),
        (None, "null"),
    ],
)
def test_a_payload_is_shown_as_one_printable_line(payload: object, shown: str) -> None:
    """Text stands in quotes, bytes by number and beginning; nothing that drives a terminal is left in it."""
    assert show(payload) == shown
    assert show(payload).encode("utf-8")
