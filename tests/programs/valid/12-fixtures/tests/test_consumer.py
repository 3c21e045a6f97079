import itertools
import time
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import pytest_asyncio
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator

from config.asgi import application

PATIENCE_S = 3


class Member:
    def __init__(self, room, origin="http://localhost:8000"):
        self.wire = WebsocketCommunicator(application, f"/ws/chat/{room}/", headers=[(b"origin", origin.encode())])

    async def __aenter__(self):
        accepted, _ = await self.wire.connect(PATIENCE_S)
        assert accepted
        return self

    async def __aexit__(self, *exception):
        await self.wire.disconnect()

    async def say(self, text, **more):
        await self.wire.send_json_to({"message": text, **more})

    async def hears(self, *texts):
        for text in texts:
            assert (await self.wire.receive_json_from(PATIENCE_S))["message"] == text


@asynccontextmanager
async def member(room):
    """For the browser's tests, which speak through a communicator."""
    async with Member(room) as somebody:
        yield somebody.wire


async def say(wire, text):
    await wire.send_json_to({"message": text})


@pytest_asyncio.fixture
async def enter():
    async with AsyncExitStack() as stack:

        async def enter(room):
            return await stack.enter_async_context(Member(room))

        yield enter


@pytest.mark.asyncio
@pytest.mark.parametrize("room", ["tea", "a-room_2", "x" * 150])
async def test_a_room_hears_all_and_once(enter, room):
    ana, ben = await enter(room), await enter(room)
    await ana.say("one")
    await ana.say("two")
    for somebody in (ana, ben):
        await somebody.hears("one", "two")
    await ben.say("three")
    for somebody in (ana, ben):
        await somebody.hears("three")


@pytest.mark.asyncio
async def test_rooms_do_not_mix(enter):
    everybody = [await enter(room) for room in ("tea", "coffee", "water")]
    for somebody, number in zip(everybody, itertools.count()):
        await somebody.say(f"from {number}")
    for somebody, number in zip(everybody, itertools.count()):
        await somebody.hears(f"from {number}")


@pytest.mark.asyncio
@pytest.mark.parametrize("frame", ["", "no JSON", "[]", "{}", '"text"', '{"message": 1}', '{"message": null}'])
async def test_bad_input_is_answered(enter, frame):
    ana = await enter("tea")
    await ana.wire.send_to(text_data=frame or " ")
    assert "error" in await ana.wire.receive_json_from(PATIENCE_S)
    await ana.say("on we go")
    await ana.hears("on we go")


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", ["websocket.disconnect", "no.such.type"])
async def test_the_type_is_not_the_clients(enter, kind):
    ana, ben = await enter("tea"), await enter("tea")
    await ana.say("hello", type=kind)
    await ben.hears("hello")


@pytest.mark.asyncio
async def test_no_one_is_held_up(enter):
    ana = await enter("tea")
    began = time.monotonic()
    for number in map(str, range(10)):
        await ana.say(number)
        await ana.hears(number)
    assert time.monotonic() < began + 3


@pytest.mark.asyncio
async def test_leaving_leaves_nothing(settings):
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    async with Member("tea"), Member("tea"):
        assert sum(map(len, get_channel_layer().groups.values())) == 2
    assert sum(map(len, get_channel_layer().groups.values())) == 0


@pytest.mark.asyncio
async def test_foreign_pages_are_refused():
    wire = Member("tea", origin="http://tea.example").wire
    assert (await wire.connect(PATIENCE_S))[0] is False
    await wire.disconnect()


@pytest.mark.asyncio
async def test_a_longer_path_is_no_room():
    with pytest.raises(ValueError):
        await Member("tea/more").wire.connect(timeout=0.1)
