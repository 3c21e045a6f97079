# ruff: noqa: PT009, PT027 - tests in another style are what this project is for

import time
from itertools import count

import pytest
from django.test import SimpleTestCase

from trials.people import Person, members

numbers = count()


class RoomTrial(SimpleTestCase):
    def setUp(self):
        self.here, self.there = f"/ws/chat/here-{next(numbers)}/", f"/ws/chat/there-{next(numbers)}/"

    async def test_three_hear_each_message_and_no_more(self):
        async with Person(self.here) as ana, Person(self.here) as ben, Person(self.here) as cleo:
            for speaker in (ana, ben, cleo):
                await speaker.say("one")
                await speaker.say("two")
                for person in (ana, ben, cleo):
                    await person.hears("one", "two")

    async def test_two_rooms_are_two(self):
        async with Person(self.here) as ana, Person(self.there) as ben:
            await ana.say("ours")
            await ben.say("theirs")
            await ana.hears("ours")
            await ben.hears("theirs")
            self.assertTrue(await ana.receive_nothing())
            self.assertTrue(await ben.receive_nothing())

    async def test_whoever_goes_is_gone(self):
        before = members()
        async with Person(self.here):
            self.assertEqual(members(), before + 1)
        self.assertEqual(members(), before)

    async def test_nonsense_is_answered(self):
        async with Person(self.here) as ana:
            for nonsense in ("}{", "[]", "7", '{"massage": 1}'):
                await ana.send_to(nonsense)
                self.assertIn("error", await ana.receive_json_from())
            await ana.say("sense")
            await ana.hears("sense")

    async def test_a_type_is_nothing_to_the_others(self):
        async with Person(self.here) as ana, Person(self.here) as ben:
            await ana.say("boo", type="websocket.close")
            await ben.hears("boo")

    async def test_a_mistake_is_a_private_matter(self):
        async with Person(self.here) as ben, Person(self.here) as ana:
            await ana.send_to("}{")
            self.assertIn("error", await ana.receive_json_from())
            self.assertTrue(await ben.receive_nothing())

    async def test_names_are_taken_exactly(self):
        async with Person(self.here) as ana, Person(self.here.replace("here", "HERE")) as ben:
            await ana.say("small")
            await ana.hears("small")
            await ben.say("big")
            await ben.hears("big")

    async def test_people_come_and_go(self):
        async with Person(self.here) as ana:
            await ana.say("alone")
            await ana.hears("alone")
            async with Person(self.here) as ben:
                await ana.say("together")
                await ben.hears("together")
            await ana.say("alone again")
            await ana.hears("together", "alone again")

    async def test_ten_members_are_quick(self):
        async with Person(self.here) as ana:
            start = time.perf_counter()
            for number in range(8):
                await ana.say((number and str(number)) or "zero")
            await ana.hears("zero", *map(str, range(1, 8)))
            self.assertLess(time.perf_counter() - start, 3)

    async def test_strangers_are_sent_away(self):
        with self.assertRaises(PermissionError):
            await Person(self.here, site=b"https://elsewhere.example").__aenter__()


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/ws/chat/tea/pot/", "/ws/chat/"])
async def it_is_nowhere_else(path, anyio_backend):
    with pytest.raises(ValueError, match="No route"):
        await Person(path).connect()


@pytest.fixture
def anyio_backend():
    return "asyncio"
