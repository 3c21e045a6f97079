import time
from contextlib import asynccontextmanager

import pytest
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator

from config.asgi import application

pytestmark = pytest.mark.asyncio

PATIENCE_S = 3  # the communicator's own is one second: too little for a machine that is busy with something else


# --8<-- [start:client]
def client(path, origin="http://localhost"):
    return WebsocketCommunicator(application, path, headers=[(b"origin", origin.encode())])


# --8<-- [end:client]
# --8<-- [start:member]
@asynccontextmanager
async def member(room):
    communicator = client(f"/ws/chat/{room}/")
    accepted, _ = await communicator.connect(PATIENCE_S)
    assert accepted
    try:
        yield communicator
    finally:  # also when the test fails
        if not communicator.future.cancelled():  # as after a receive in vain: nobody is left to disconnect
            await communicator.disconnect()


async def say(communicator, text):
    await communicator.send_json_to({"message": text})


async def heard(communicator):
    return (await communicator.receive_json_from(PATIENCE_S))["message"]


# --8<-- [end:member]
# --8<-- [start:everyone]
async def test_everyone_in_a_room_hears_each_message_once():
    async with member("tea") as ana, member("tea") as ben:
        await say(ana, "first")
        await say(ana, "second")

        assert [await heard(ana), await heard(ana)] == ["first", "second"]
        assert [await heard(ben), await heard(ben)] == ["first", "second"]


# --8<-- [end:everyone]
# --8<-- [start:rooms]
async def test_another_room_hears_nothing():
    async with member("tea") as ana, member("coffee") as cleo:
        await say(ana, "for tea only")
        assert await heard(ana) == "for tea only"

        await say(cleo, "for coffee only")
        assert await heard(cleo) == "for coffee only"


# --8<-- [end:rooms]
# --8<-- [start:leaves]
async def test_who_leaves_is_in_no_group(settings):
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    async with member("tea"):
        assert len(get_channel_layer().groups) == 1

    assert len(get_channel_layer().groups) == 0


# --8<-- [end:leaves]
# --8<-- [start:input]
async def test_bad_json_is_answered_with_an_error():
    async with member("tea") as ana:
        await ana.send_to("no JSON")
        assert "error" in await ana.receive_json_from(PATIENCE_S)

        await say(ana, "still here")
        assert await heard(ana) == "still here"


async def test_a_client_does_not_pick_the_handler():
    async with member("tea") as ana, member("tea") as ben:
        await ana.send_json_to({"type": "websocket.disconnect", "message": "hello"})

        assert await heard(ben) == "hello"


# --8<-- [end:input]
# --8<-- [start:clock]
async def test_ten_messages_keep_nobody_waiting():
    async with member("tea") as ana:
        began = time.monotonic()
        for number in range(10):
            await say(ana, str(number))
            assert await heard(ana) == str(number)

        assert time.monotonic() - began < 3


# --8<-- [end:clock]
# --8<-- [start:door]
async def test_a_page_of_another_site_is_refused():
    stranger = client("/ws/chat/tea/", origin="http://evil.example")
    accepted, _ = await stranger.connect(PATIENCE_S)
    await stranger.disconnect()

    assert not accepted


async def test_a_longer_path_leads_nowhere():
    with pytest.raises(ValueError, match="No route found"):
        await client("/ws/chat/tea/extra/").connect(timeout=0.1)


# --8<-- [end:door]


# own:
async def test_an_error_is_for_its_sender_alone():
    async with member("tea") as ana, member("tea") as ben:
        await ana.send_to("no JSON")
        assert "error" in await ana.receive_json_from(PATIENCE_S)

        await say(ana, "for both")
        assert await heard(ben) == "for both"


async def test_a_capital_letter_makes_another_room():
    async with member("milk") as ana, member("Milk") as ben:
        await say(ana, "for small milk")
        assert await heard(ana) == "for small milk"

        await say(ben, "for big milk")
        assert await heard(ben) == "for big milk"


async def test_a_room_goes_on_without_the_one_who_leaves():
    async with member("cake") as ana:
        async with member("cake") as ben:
            await say(ben, "bye")
            assert await heard(ana) == "bye"
        await say(ana, "and on")
        assert await heard(ana) == "and on"


# end own
