import json
import time
from contextlib import asynccontextmanager

from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.test import SimpleTestCase

from config.asgi import application

PATIENCE_S = 4
IN_MEMORY = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}


def client(path, origin="http://127.0.0.1:8000"):
    return WebsocketCommunicator(application, path, headers=[(b"host", b"127.0.0.1"), (b"origin", origin.encode())])


@asynccontextmanager
async def member(room):
    somebody = client(f"/ws/chat/{room}/")
    accepted, code = await somebody.connect(timeout=PATIENCE_S)
    assert accepted, f"{room} is closed: {code}"
    try:
        yield somebody
    finally:
        await somebody.disconnect(timeout=PATIENCE_S)


async def say(somebody, text):
    await somebody.send_to(text_data=json.dumps({"message": text}))


async def heard(somebody):
    return json.loads(await somebody.receive_from(timeout=PATIENCE_S)).get("message")


class RoomTests(SimpleTestCase):
    async def test_both_hear_both_messages_once_and_in_order(self):
        async with member("room-1") as one, member("room-1") as two:
            for text in ("a", "b"):
                await say(one, text)
            for somebody in (one, two):
                self.assertEqual([await heard(somebody) for _ in range(2)], ["a", "b"])
            await say(two, "c")
            for somebody in (one, two):
                self.assertEqual(await heard(somebody), "c")

    async def test_rooms_are_apart(self):
        async with member("room-1") as one, member("room-2") as two:
            await say(one, "first room")
            self.assertEqual(await heard(one), "first room")
            await say(two, "second room")
            self.assertEqual(await heard(two), "second room")

    async def test_nobody_stays_behind(self):
        with self.settings(CHANNEL_LAYERS=IN_MEMORY):
            async with member("room-1"):
                self.assertTrue(get_channel_layer().groups)
            self.assertFalse(get_channel_layer().groups)

    async def test_ten_messages_are_quick(self):
        async with member("room-1") as one:
            start = time.perf_counter()
            for number in range(10):
                await say(one, f"{number}")
                self.assertEqual(await heard(one), f"{number}")
            self.assertLess(time.perf_counter() - start, 3)


class InputTests(SimpleTestCase):
    async def test_what_is_no_json_is_answered(self):
        async with member("room-1") as one:
            await one.send_to(text_data="{")
            self.assertIn("error", await one.receive_json_from(PATIENCE_S))
            await say(one, "fine")
            self.assertEqual(await heard(one), "fine")

    async def test_a_type_from_outside_calls_nothing(self):
        async with member("room-1") as one, member("room-1") as two:
            await one.send_json_to({"message": "fine", "type": "websocket.disconnect"})
            self.assertEqual(await heard(one), "fine")
            self.assertEqual(await heard(two), "fine")


class DoorTests(SimpleTestCase):
    async def test_pages_of_other_sites_stay_outside(self):
        stranger = client("/ws/chat/room-1/", origin="https://evil.example")
        accepted, _ = await stranger.connect(timeout=PATIENCE_S)
        await stranger.disconnect()
        self.assertFalse(accepted)

    async def test_no_more_after_the_room(self):
        with self.assertRaises(ValueError):
            await client("/ws/chat/room-1/more/").connect(timeout=0.2)
