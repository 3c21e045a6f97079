"""What a timeline tells beside its clients: what Redis was told, by whom, and what became of jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
import redis as redis_py
import rq
from channels_redis.core import RedisChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer

from course.testbed.clients.transcript import Transcript
from course.testbed.deadlines import comes_true
from course.testbed.overheard import MOST_EVENTS, Overheard
from course.testbed.servers.channel_layer_events import LayerEvent, layer_events, read_message
from course.testbed.servers.redis_monitor import RedisMonitor
from course.testbed.servers.redis_server import Redis
from course.testbed.servers.rq_job_events import JobEvent, job_events, waiting

TEA = {"type": "chat.message", "message": 'tea "green" \n\x00ü'}
Scene = Callable[[Any], Awaitable[None]]


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    with Redis() as found:
        yield found


@pytest.fixture
def monitor(redis: Redis) -> RedisMonitor:
    assert redis.monitor
    redis.empty()
    redis.monitor.forget()
    return redis.monitor


def played(layer: Any, scene: Scene) -> None:
    async def play() -> None:
        await scene(layer)
        await layer.flush()

    asyncio.run(play())


async def room(layer: Any) -> None:
    ana, ben = [await layer.new_channel() for _ in range(2)]
    listening = asyncio.ensure_future(layer.receive(ana))
    for channel in (ana, ben):
        await layer.group_add("tea", channel)
    await layer.group_send("tea", TEA)
    await listening
    await layer.group_send("garden", TEA)
    for channel in (ana, ben):
        await layer.group_discard("tea", channel)
    await layer.send(ana, TEA)


def told(monitor: RedisMonitor) -> list[tuple[str, str, Any, int | None]]:
    return [(event.verb, event.group, event.message, event.reached) for event in layer_events(monitor.commands())]


def test_the_default_layer_is_told_in_the_words_of_channels(redis: Redis, monitor: RedisMonitor) -> None:
    """Joining, sending with whom it reached, leaving; a message to nobody has left no content on Redis."""
    played(RedisChannelLayer(hosts=[redis.url]), room)

    assert told(monitor) == [
        ("group_add", "tea", None, None),
        ("group_add", "tea", None, None),
        ("group_send", "tea", TEA, 2),
        ("group_send", "garden", None, 0),
        ("group_discard", "tea", None, None),
        ("group_discard", "tea", None, None),
        ("send to a channel", "", TEA | {"__asgi_channel__": told(monitor)[-1][2]["__asgi_channel__"]}, None),
    ]


def test_the_pubsub_layer_says_nothing_of_whom_it_reaches(redis: Redis, monitor: RedisMonitor) -> None:
    """Its process joins once, whoever in it joins; whom a message reaches stands nowhere, and is not said."""
    played(RedisPubSubChannelLayer(hosts=[redis.url]), room)
    *first, last, least = told(monitor)

    assert first == [
        ("group_add", "tea", None, None),
        ("group_send", "tea", TEA, None),
        ("group_send", "garden", TEA, None),
    ]
    # It leaves the group on one connection, and sends on another: which of the two Redis hears first is chance.
    assert {last[0]: last[1:], least[0]: least[1:]} == {
        "group_discard": ("tea", None, None),
        "send to a channel": ("", TEA, None),
    }


def test_what_is_sent_at_once_is_never_mixed_up(redis: Redis, monitor: RedisMonitor) -> None:
    """Many sends that take turns on few connections: what each has reached is told rightly, or not at all."""

    async def crowd(layer: Any) -> None:
        channels = [await layer.new_channel() for _ in range(6)]
        for size in range(6):
            for channel in channels[:size]:
                await layer.group_add(f"group-{size}", channel)
        sends = [layer.group_send(f"group-{n % 6}", {"type": "t", "to": f"group-{n % 6}"}) for n in range(60)]
        await asyncio.gather(*sends)

    played(RedisChannelLayer(hosts=[redis.url], capacity=1000), crowd)
    sent = [event for event in layer_events(monitor.commands()) if event.verb == "group_send"]

    assert len(sent) == 60
    for event in sent:
        assert event.reached in (None, int(event.group[-1]))
        assert event.message is None or event.message["to"] == event.group


def test_an_encrypted_message_is_told_without_its_content(redis: Redis, monitor: RedisMonitor) -> None:
    """A layer with a key of its own packs what nobody else can read, and whom it is for."""
    played(RedisChannelLayer(hosts=[redis.url], symmetric_encryption_keys=["tea"]), room)
    sent = [event for event in layer_events(monitor.commands()) if event.group == "tea" and "send" in event.verb]

    assert [(event.message, event.reached) for event in sent] == [(None, None)]


@pytest.mark.parametrize("payload", [b"", b"\xc1", b"[" * 5000, b"\x81\x01\x02", b"null"])
def test_what_is_no_message_is_none(payload: bytes) -> None:
    """Whatever a project packs, reading it raises nothing."""
    assert read_message(payload) is None


def test_the_life_of_a_job(redis: Redis, monitor: RedisMonitor) -> None:
    """It is put into its queue, taken, and done or failed; until it is taken it waits."""
    with redis_py.Redis.from_url(redis.url) as connection:
        queue = rq.Queue(connection=connection)
        queue.enqueue("builtins.len", "tea")
        queue.enqueue("builtins.len", 3)
        before = waiting(job_events(monitor.commands()))
        rq.SimpleWorker([queue], connection=connection).work(burst=True, logging_level="CRITICAL")
    events = job_events(monitor.commands())

    assert before == ["builtins.len('tea')", "builtins.len(3)"]
    assert [event.says for event in events] == [
        "enqueue builtins.len('tea')",
        "enqueue builtins.len(3)",
        "takes builtins.len('tea')",
        "has done builtins.len('tea')",
        "takes builtins.len(3)",
        "fails at builtins.len(3)",
    ]
    assert waiting(events) == []


def test_what_an_earlier_check_did_is_forgotten(redis: Redis, monitor: RedisMonitor) -> None:
    """Each check hears its own."""
    played(RedisChannelLayer(hosts=[redis.url]), room)
    monitor.forget()

    assert monitor.commands() == []
    assert monitor.is_whole


def test_after_an_outage_nothing_is_said_to_be_missing() -> None:
    """When Redis was gone not everything was heard; the next check hears all again."""
    with Redis(breakable=True) as redis:
        assert redis.monitor
        redis.monitor.forget()
        with redis.gone():
            assert comes_true(lambda: not (redis.monitor.commands() or redis.monitor.is_whole), 3)
        lost = redis.monitor.is_whole
        redis.monitor.forget()

        assert not lost
        assert redis.monitor.is_whole


def timeline(*, waits: bool = True) -> Transcript:
    transcript = Transcript()
    transcript.add("ana", "→", "opens /ws/", at=1.0)
    transcript.add("ana", "→", "tea", at=2.0)
    if waits:
        transcript.add("ana", "·", "waited 3 s, and nothing came", at=5.0, diverged=True)
    return transcript


def layer(at: float, verb: str = "group_add", sender: str = "a:1") -> LayerEvent:
    return LayerEvent(at, sender, verb, "tea")


def lines(transcript: Transcript) -> list[str]:
    return [f"{event.who} {event.direction} {event.what}" for event in transcript.events()]


def test_who_is_known_speaks_and_what_is_not_known_is_noted() -> None:
    """A connection that lives has its process's name; what came from another one is told without."""
    transcript = timeline()
    events = [layer(1.5), layer(2.5, "group_send", "gone:1")]
    Overheard(events, [], {"a:1": "server"}, is_whole=True).write_to(transcript)

    assert lines(transcript) == [
        "ana → opens /ws/",
        "server → Redis group_add tea",
        "ana → tea",
        "Redis · group_send tea",
        "ana · waited 3 s, and nothing came",
    ]


def test_a_story_is_bounded() -> None:
    """Of a lot, its beginning and its end are told, and how much lies between; what came after the last word is not."""
    transcript = timeline()
    Overheard([layer(1 + n / 100) for n in range(100)] + [layer(9.0)], [], {}, is_whole=True).write_to(transcript)

    assert len(lines(transcript)) == 3 + MOST_EVENTS + 1
    assert f"Redis · ({100 - MOST_EVENTS} more events)" in lines(transcript)
    assert lines(transcript)[-1].startswith("ana · waited")


@pytest.mark.parametrize(
    ("events", "waits", "is_whole", "said"),
    [
        ([layer(1.5)], True, True, True),
        ([layer(1.5)], True, False, False),
        ([layer(1.5)], False, True, False),
        ([layer(1.5), layer(2.1, "group_send")], True, True, False),
        ([layer(2.5)], True, True, False),
        ([], True, True, False),
    ],
    ids=["nothing came", "Redis was gone", "nobody waited", "it came", "nobody spoke since", "nobody joined"],
)
def test_what_did_not_come_is_said_only_where_it_is_known(
    events: list[LayerEvent], waits: bool, is_whole: bool, said: bool
) -> None:
    """Somebody joined, a client spoke after that and waited in vain, and all was heard: no group_send has come."""
    transcript = timeline(waits=waits)
    Overheard(events, [], {}, is_whole).tell_what_is_missing(transcript)

    assert ("Redis · no group_send has come" in lines(transcript)) == said


def test_a_job_that_nobody_took_is_told() -> None:
    """The worker of this run has not begun it by then."""
    transcript = timeline()
    queued = JobEvent(2.0, "a:1", "1", "queued", "enqueue jobs.tea()")
    Overheard([], [queued], {}, is_whole=True).tell_what_is_missing(transcript)

    assert lines(transcript)[-1] == "worker · has not begun jobs.tea()"


def test_of_two_servers_each_has_its_name() -> None:
    """Who speaks to another server than the first says so, and then the first has a name, too."""
    transcript = timeline()
    transcript.toward("Daphne 2").add("ben", "→", "milk", at=3.0)

    assert lines(transcript) == [
        "ana → Daphne 1 opens /ws/",
        "ana → Daphne 1 tea",
        "ben → Daphne 2 milk",
        "ana · waited 3 s, and nothing came",
    ]
