"""The comparison of the two chats: it counts rightly, and the docs show what was stored."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from websockets.sync.server import ServerConnection, serve

from course.bench import chat
from course.bench import stored_results as storing
from course.bench.chat_plot import picture, told
from course.bench.raw_websocket import members
from course.catalog.lessons import find

STORED = storing.load(chat)


@contextmanager
def serving(script) -> Iterator[str]:
    with serve(script, "127.0.0.1", 0) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()


def echo(connection: ServerConnection) -> None:
    for message in connection:
        connection.ping()
        connection.send(message)


def test_the_light_client_says_and_hears() -> None:
    """What it says is understood by a real server, what comes back arrives whole, a ping is answered."""
    heard: list[bytes] = []

    async def talk(host: str) -> None:
        async with members(host, "/", [heard.append]) as (member,):
            for text in (b"tea", "grün".encode(), b"x" * 125):
                member.say(text)
            while len(heard) < 3:
                await asyncio.sleep(0)

    with serving(echo) as host:
        asyncio.run(asyncio.wait_for(talk(host), 10))

    assert heard == [b"tea", "grün".encode(), b"x" * 125]


def test_a_refusal_is_told() -> None:
    """A server that does not accept ends the bench, with what it answered."""

    async def talk() -> None:
        with chat.serving(find("10")) as server:
            async with members(server.host, "/ws/nowhere/", [print]):
                pass

    with pytest.raises(ConnectionError, match=r"HTTP/1\.1 500"):
        asyncio.run(talk())


def test_a_small_class_hears_everything_once_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five members with three messages each make 75 deliveries, all of them right."""
    monkeypatch.setattr(chat, "CLASS", (5, 3))
    with chat.serving(find("10")) as server:
        found = asyncio.run(chat.school_class(server))

    assert (found["deliveries"], found["not_exactly_once"], found["out_of_order"]) == (75, 0, 0)


def test_the_stored_class_lost_nothing() -> None:
    """In the stored run, each of the 100 members heard each of the 2,000 messages exactly once, in order."""
    classes = [measured["class"] for measured in STORED["chats"].values()]

    assert [(c["members"], c["messages_each"], c["deliveries"]) for c in classes] == [(100, 20, 200_000)] * 2
    assert [(c["not_exactly_once"], c["out_of_order"]) for c in classes] == [(0, 0)] * 2


def test_the_picture_says_in_words_what_it_shows() -> None:
    """It has a title and a description with its numbers, and tells the chats apart by names, not by colours alone."""
    root = ET.fromstring(picture(STORED))
    name = "{http://www.w3.org/2000/svg}"
    texts = [element.text for element in root.iter(f"{name}text")]

    assert root.get("role") == "img"
    assert root.findtext(f"{name}title")
    assert root.findtext(f"{name}desc") == told(STORED)
    assert texts.count("09, sync") == texts.count("10, async") == 3
    assert "stroke-dasharray" in picture(STORED)
