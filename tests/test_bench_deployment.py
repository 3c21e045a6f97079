"""One Daphne against two: long frames are read rightly, and the table says what was stored."""

from __future__ import annotations

import asyncio

from course.bench.deployment import Heard, table
from course.bench.raw_websocket import TEXT, Member

ONE = {"messages_a_second": 12345, "kb_each": 60.5, "connected_in_s": 3.2}
RESULTS = {
    "measured_on": "2026-11-20",
    "machine": {
        "cores": 2,
        "memory_gib": 4,
        "processor": "Tea 9",
        "system": "Linux 6",
        "python": "3.12.1",
        "packages": {"channels": "4.3.2", "daphne": "4.2.3", "channels-redis": "4.3.0"},
    },
    "busy_before": 0.3,
    "sockets": 2000,
    "events": 60,
    "rounds": 3,
    "daphnes": {"1": ONE, "2": ONE | {"messages_a_second": 20000}},
}


def test_a_member_reads_short_and_long_frames_in_any_pieces() -> None:
    """Frames of 3, 125, 126 and 3,000 bytes come whole, however they are cut on the way."""
    texts = [b"tea", b"a" * 125, b"b" * 126, b"c" * 3000]
    wire = b"".join(bytes([TEXT]) + _length(text) + text for text in texts)

    async def read(size: int) -> list[bytes]:
        heard: list[bytes] = []
        member = Member(heard.append)
        member.accepted.set_result(None)
        for at in range(0, len(wire), size):
            member.data_received(wire[at : at + size])
        return heard

    for size in (1, 2, 3, 127, 1000, len(wire)):
        assert asyncio.run(read(size)) == texts


def test_events_are_told_from_answers() -> None:
    """What is sent for an event counts as one, the answer to "subscribe" does not."""

    async def count() -> dict[str, int]:
        heard = Heard()
        heard.take(b'{"type": "subscribe", "message": "Subscribed to s1 events."}')
        heard.take(b'{"type": "send", "registration_type": "SUCCESS", "registration_data": {}}')
        await heard.reaches("event", 1)
        return heard.counts

    assert asyncio.run(count()) == {"subscribed": 1, "event": 1}


def test_the_table_says_what_was_measured() -> None:
    """A column for each number of Daphnes, with the machine and its load below."""
    text = table(RESULTS)

    assert "| measured | 1 Daphne | 2 Daphnes |" in text
    assert "| messages a second, to 2,000 sockets | 12,345 | 20,000 |" in text
    assert "Tea 9, 2 cores, 4 GiB" in text
    assert "its load before the start was 0.3" in text


def _length(text: bytes) -> bytes:
    return bytes([len(text)]) if len(text) < 126 else bytes([126]) + len(text).to_bytes(2, "big")
