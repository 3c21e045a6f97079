"""The comparison of asking and being told: it counts rightly, and the docs show what was stored."""

from __future__ import annotations

import asyncio
import re
import xml.etree.ElementTree as ET

from course.bench import push
from course.bench import stored_results as storing
from course.bench.byte_counter import ByteCounter
from course.bench.push_plot import picture, said

STORED = storing.load(push)
ASKS, TOLD = (STORED["pages"][name] for name in push.LESSONS)


def test_a_passage_hands_on_and_counts() -> None:
    """What goes through is unchanged, and counted in both directions."""

    async def talk() -> tuple[bytes, int]:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write((await reader.readline()).upper())
            writer.close()

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            passage = ByteCounter(server.sockets[0].getsockname()[1])
            async with passage.opened():
                reader, writer = await asyncio.open_connection("127.0.0.1", passage.port)
                writer.write(b"tea, please\n")
                heard = await reader.read()
                writer.close()
        return heard, passage.bytes

    heard, counted = asyncio.run(asyncio.wait_for(talk(), 10))

    assert heard == b"TEA, PLEASE\n"
    assert counted == 24


def test_only_ones_own_end_told_once_is_right() -> None:
    """A subscriber is counted when it heard its answer, then its own task's end once, and nothing else."""
    answer, end = {"detail": "Added to group task-7."}, {"task": {"id": 7, "status": "SUCCESS"}}
    other = {"task": {"id": 8, "status": "SUCCESS"}}

    assert push._is_right([answer, end], 7)
    assert not push._is_right([answer], 7)
    assert not push._is_right([answer, end, end], 7)
    assert not push._is_right([answer, end, other], 7)
    assert not push._is_right([answer, other], 7)


def test_who_is_told_asks_nothing_and_knows_soon() -> None:
    """The stored run shows what the lesson promises: no question, and the end on the page within 100 ms."""
    assert TOLD["requests_a_task"] == 0
    assert TOLD["delay_p50_ms"] < 100
    assert ASKS["requests_a_task"] >= 3
    assert ASKS["bytes_a_task"] > TOLD["bytes_a_task"]
    assert len(ASKS["delays_ms"]) == len(TOLD["delays_ms"]) == STORED["tasks"]


def test_a_thousand_hear_their_own_and_nothing_else() -> None:
    """The stored run had 1,000 subscribers, and each heard its own task's end once."""
    crowd = STORED["crowd"]

    assert crowd["subscribers"] == 1000
    assert crowd["heard_their_own_and_nothing_else"] == 1000


def test_the_picture_says_in_words_what_it_shows() -> None:
    """The drawing is well-formed, and its description holds the medians that are drawn."""
    root = ET.fromstring(picture(STORED))
    texts = [element.text for element in root.iter() if element.tag.endswith("desc")]

    assert texts == [said(STORED)]
    assert re.findall(r"page ([\d.]+) ms in the middle", said(STORED)) == [
        str(page["delay_p50_ms"]) for page in (ASKS, TOLD)
    ]
