"""A room and another room, without server, socket or browser: pytest-django and Channels' communicator."""

import asyncio
from contextlib import asynccontextmanager

from channels.testing import WebsocketCommunicator

from config.asgi import application

HEADERS = [(b"origin", b"http://localhost"), (b"host", b"localhost")]


@asynccontextmanager
async def member(room):
    """Be a member of a room."""
    communicator = WebsocketCommunicator(application, f"/ws/chat/{room}/", HEADERS)
    accepted, _ = await communicator.connect(timeout=5)
    assert accepted
    yield communicator
    await communicator.disconnect(timeout=5)


def test_everyone_in_the_room_hears_it():
    """What one member says, both hear."""

    async def talk():
        async with member("tea") as ana, member("tea") as ben:
            await ana.send_json_to({"message": "hello"})
            assert await ana.receive_json_from(5) == {"message": "hello"}
            assert await ben.receive_json_from(5) == {"message": "hello"}

    asyncio.run(talk())


def test_another_room_hears_nothing():
    """What is said in one room is not heard in the other."""

    async def talk():
        async with member("tea") as ana, member("coffee") as ben:
            await ana.send_json_to({"message": "hello"})
            assert await ana.receive_json_from(5) == {"message": "hello"}
            await ben.send_json_to({"message": "good morning"})
            assert await ben.receive_json_from(5) == {"message": "good morning"}

    asyncio.run(talk())
