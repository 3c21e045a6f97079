"""One Daphne against two: sockets held, and messages fanned out to them, by lesson 17's solution.

All sockets belong to one student, and so to one group: each event goes to every socket. The Daphnes are plain ones, and
are reached without nginx. Clients, Redis and whoever sends the events share the machine with them.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from course.bench.drawing import lines
from course.bench.machine_facts import beginning, circumstances, load_before
from course.bench.plain_daphne import Daphne, daphne
from course.bench.process_usage import allow_files
from course.bench.raw_websocket import Member, Tally, crowd
from course.catalog.lessons import Lesson, find
from course.errors import CourseError
from course.project.scratch_copy import scratch
from course.testbed.deadlines import deadline_s
from course.testbed.servers.manage_py import Manage
from course.testbed.servers.production_environment import NAME
from course.testbed.servers.redis_server import Redis

STORED = Path("docs/assets/bench/deployment.json")
PROCESSES = (1, 2)
SOCKETS = 2000
EVENTS, IN_FLIGHT = 60, 10  # a layer drops what exceeds its capacity, 100 events a process by default
ROUNDS = 3
LOG_IN = """
from django.contrib.auth.models import User
from django.test import Client
student, client = User.objects.get(username="s1"), Client()
client.force_login(student)
print(f"\\nsession {client.cookies['sessionid'].value} of {student.pk}")
"""
Tell = Callable[[str], None]


def measure(tell: Tell) -> dict[str, object]:
    """Measure one Daphne, then two; `tell` hears what is done."""
    allow_files(2 * SOCKETS + 200)
    results, found = beginning(), {}
    for number in PROCESSES:
        tell(f"{number} Daphne{'s' * (number > 1)}, {SOCKETS:,} sockets, {ROUNDS} times {EVENTS} events to each")
        found[str(number)] = _measure(find("17"), number)
    return results | {"sockets": SOCKETS, "events": EVENTS, "rounds": ROUNDS, "daphnes": found}


def _measure(lesson: Lesson, number: int) -> dict[str, object]:
    with ExitStack() as stack:
        folder = stack.enter_context(scratch(lesson, solved=True))
        redis = stack.enter_context(Redis())
        env = {"DJANGO_SECRET_KEY": secrets.token_urlsafe(50), "DJANGO_ALLOWED_HOSTS": NAME}
        manage = stack.enter_context(closing(Manage(folder, lambda: redis.url, env, None)))
        for arguments in (("migrate", "--no-input"), ("shell", "-c", LOG_IN)):
            command = manage.begin(*arguments)
            if command.wait(deadline_s(60)) != 0:
                raise CourseError(f"manage.py {arguments[0]} does not work: {command.says}")
        found = re.search(r"^session (\S+) of (\d+)", command.output, re.MULTILINE)
        if not found:
            raise CourseError("Nobody could be logged in.")
        quiet = ("--access-log", os.devnull)
        daphnes = [stack.enter_context(daphne(folder, redis.url, *quiet, env=env)) for _ in range(number)]
        return asyncio.run(_fan_out(daphnes, redis.url, session=found[1], student=found[2]))


async def _fan_out(daphnes: list[Daphne], redis_url: str, *, session: str, student: str) -> dict[str, object]:
    """Connect everybody, then send them events, some at a time; see how long it takes until all have heard all."""
    heard = Heard()
    empty_mb = sum(one.memory_mb for one in daphnes)
    began = time.perf_counter()

    async def subscribe(number: int) -> Member:
        host, headers = daphnes[number % len(daphnes)].host, {"Cookie": f"sessionid={session}"}
        member = await Member.open(host, "/ws/events/", heard.take, called=NAME, headers=headers)
        member.say(json.dumps({"command": "subscribe", "student": "s1"}).encode())
        return member

    members = await crowd(SOCKETS, subscribe)
    await heard.reaches("subscribed", SOCKETS)
    connected_s = time.perf_counter() - began
    full_mb = sum(one.memory_mb for one in daphnes)
    rates = [await _round(redis_url, student, heard) for _ in range(ROUNDS)]
    for member in members:
        member.drop()
    await asyncio.sleep(0)  # in which the loop closes them
    return {
        "connected_in_s": round(connected_s, 1),
        "kb_each": round((full_mb - empty_mb) * 1024 / SOCKETS, 1),
        "messages_a_second": round(statistics.median(rates)),
        "messages_a_second_of_each_round": [round(rate) for rate in rates],
    }


async def _round(redis_url: str, student: str, heard: Heard) -> float:
    """Return how many messages a second reached the sockets."""
    from channels_redis.core import RedisChannelLayer

    layer = RedisChannelLayer(hosts=[{"address": redis_url, "socket_timeout": None}])
    before, began = heard.counts["event"], time.perf_counter()
    for number in range(EVENTS):
        event = {"type": "broadcast.event", "registration_type": "SUCCESS", "registration_data": {"section": number}}
        await layer.group_send(f"student-{student}", event)
        await heard.reaches("event", before + (number + 1 - IN_FLIGHT) * SOCKETS)
    await heard.reaches("event", before + EVENTS * SOCKETS)
    took_s = time.perf_counter() - began
    await layer.close_pools()
    return EVENTS * SOCKETS / took_s


class Heard(Tally):
    """What all sockets together have heard: answers to "subscribe", and events."""

    def take(self, payload: bytes) -> None:
        """Count a frame."""
        self.add("event" if b'"send"' in payload else "subscribed")


def table(results: dict[str, Any]) -> str:
    """Return the numbers as a table in Markdown, and what they were measured on."""
    found = results["daphnes"]
    sockets = f"{results['sockets']:,} sockets"
    rows = [
        ("measured", *(f"{number} Daphne{'s' * (number != '1')}" for number in found)),
        ("---", *("--:" for _ in found)),
        (f"messages a second, to {sockets}", *(f"{one['messages_a_second']:,}" for one in found.values())),
        ("memory for each socket, in Daphne", *(f"{one['kb_each']} kB" for one in found.values())),
        (f"until {sockets} are open and subscribed", *(f"{one['connected_in_s']} s" for one in found.values())),
    ]
    rounds = f", the median of {results['rounds']} rounds of {results['events']} events"
    return (
        f"{lines(rows)}\n\n{circumstances(results, 'channels', 'daphne', 'channels-redis', what=rounds)} The Daphnes "
        "share the cores of the machine with Redis and with the clients, so two of them do less than they would by "
        "themselves"
        f"{load_before(results)}.\n"
    )


DRAWN = {Path("includes/bench/deployment.md"): table}
