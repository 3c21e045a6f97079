"""A Redis that is gone for a while, or slow, and who is in its groups: what the checks of the chat ask for."""

from __future__ import annotations

import asyncio
import importlib
import threading
from collections.abc import Iterator

import pytest
import redis as client

from course.testbed.deadlines import deadline_s
from course.testbed.servers.redis_server import Redis


@pytest.fixture
def theirs(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a Redis that somebody else runs, and that REDIS_URL names."""
    monkeypatch.delenv("REDIS_URL", raising=False)
    with Redis() as running:
        monkeypatch.setenv("REDIS_URL", running.url)
        yield running.url


@pytest.fixture(params=["embedded", "relayed"])
def breakable(request: pytest.FixtureRequest) -> Iterator[Redis]:
    """A Redis that can be taken away: our own, and somebody else's behind our relay."""
    if request.param == "relayed":
        request.getfixturevalue("theirs")
    with Redis(breakable=True) as redis:
        yield redis


def test_it_can_be_gone_for_a_while(breakable: Redis) -> None:
    """Nobody answers at its address, and connections that are open break; then it answers there again."""
    with client.Redis.from_url(breakable.url) as connection:
        before = connection.ping()
        with breakable.gone():
            with pytest.raises(client.ConnectionError):
                connection.ping()
        after = connection.ping()

    assert before
    assert after


def test_it_can_be_slow(breakable: Redis) -> None:
    """While it is stalled a command that writes is taken and not answered; afterwards it is."""
    answers: list[object] = []
    with client.Redis.from_url(breakable.url) as connection:
        connection.ping()
        writing = threading.Thread(target=lambda: answers.append(connection.set("tea", "green")))
        with breakable.stalled():
            writing.start()
            writing.join(deadline_s(0.2))
            meanwhile = list(answers)
        writing.join(deadline_s(3))

    assert meanwhile == []
    assert answers == [True]


@pytest.mark.parametrize("fault", ["gone", "stalled"])
def test_what_is_not_ours_to_stop_skips_the_check(theirs: str, fault: str) -> None:
    """Somebody else's Redis that is not reached through our relay can't be taken away."""
    with Redis() as ours:
        with pytest.raises(pytest.skip.Exception, match="Unset it to use an embedded one"), getattr(ours, fault)():
            pass


@pytest.mark.parametrize("layer", ["core.RedisChannelLayer", "pubsub.RedisPubSubChannelLayer"])
def test_it_knows_who_is_in_a_group(layer: str) -> None:
    """The members of groups are told, for both layers of channels-redis; what waits in a mailbox is no member."""
    module, _, name = layer.partition(".")
    make = getattr(importlib.import_module(f"channels_redis.{module}"), name)

    async def tell(redis: Redis) -> list[int]:
        made = make(hosts=[redis.url])
        channel = await made.new_channel()
        await made.group_add("tea", channel)
        await made.group_send("tea", {"type": "chat.message"})
        joined = len(redis.members())
        await made.group_discard("tea", channel)
        left = len(redis.members())
        await made.flush()
        return [joined, left]

    with Redis() as redis:
        assert asyncio.run(tell(redis)) == [1, 0]
