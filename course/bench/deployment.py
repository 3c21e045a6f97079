"""One Daphne against two: sockets held, and messages fanned out to them, by lesson 17's solution.

All sockets belong to one student, and so to one group: each event goes to every socket. The Daphnes are plain ones, and
are reached without nginx. Clients, Redis and whoever sends the events share the machine with them.
"""

from __future__ import annotations

import asyncio
import datetime
import json
import os
import re
import secrets
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.bench.machine_facts import machine
from course.bench.plain_daphne import Daphne, daphne
from course.bench.process_usage import allow_files
from course.bench.raw_websocket import Member
from course.catalog.lessons import Lesson, find
from course.errors import CourseError
from course.project.entry_points import read_project
from course.project.scratch_copy import scratch
from course.testbed.deadlines import deadline_s
from course.testbed.servers.manage_py import ManagePy
from course.testbed.servers.production_environment import NAME
from course.testbed.servers.redis_server import Redis

STORED = Path("docs/assets/bench/deployment.json")
PROCESSES = (1, 2)
SOCKETS = 2000
EVENTS, IN_FLIGHT = 60, 10  # a layer drops what exceeds its capacity, 100 events a process by default
ROUNDS = 3
AT_ONCE = 50
LOG_IN = """
from django.contrib.auth.models import User
from django.test import Client
student, client = User.objects.get(username="s1"), Client()
client.force_login(student)
print(f"\\nsession {client.cookies['sessionid'].value} of {student.pk}")
"""
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Topology:
    """Daphnes that run, and what a student needs there."""

    daphnes: list[Daphne]
    session: str
    student: int
    redis_url: str


def measure(tell: Tell) -> dict[str, object]:
    """Measure one Daphne, then two; `tell` hears what is done."""
    allow_files(2 * SOCKETS + 200)
    results: dict[str, object] = {"measured_on": datetime.date.today().isoformat(), "machine": machine()}
    results["busy_before"] = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    found = {}
    for number in PROCESSES:
        tell(f"{number} Daphne{'s' * (number > 1)}, {SOCKETS:,} sockets, {ROUNDS} times {EVENTS} events to each")
        found[str(number)] = _measure(find("17"), number)
    return results | {"sockets": SOCKETS, "events": EVENTS, "rounds": ROUNDS, "daphnes": found}


def _measure(lesson: Lesson, number: int) -> dict[str, object]:
    with ExitStack() as stack:
        folder = stack.enter_context(scratch(lesson, solved=True))
        redis = stack.enter_context(Redis())
        env = {"DJANGO_SECRET_KEY": secrets.token_urlsafe(50), "DJANGO_ALLOWED_HOSTS": NAME}
        project = read_project(folder)

        def manage(*arguments: str) -> ManagePy:
            command = ManagePy(*arguments, folder=folder, manage_in=project.folder, redis_url=redis.url, env=env)
            stack.callback(command.kill)
            if command.wait(deadline_s(60)) != 0:
                raise CourseError(f"manage.py {arguments[0]} does not work: {command.says}")
            return command

        manage("migrate", "--no-input")
        found = re.search(r"^session (\S+) of (\d+)", manage("shell", "-c", LOG_IN).output, re.MULTILINE)
        if not found:
            raise CourseError("Nobody could be logged in.")
        quiet = ("--access-log", os.devnull)
        daphnes = [stack.enter_context(daphne(folder, redis.url, *quiet, env=env)) for _ in range(number)]
        return asyncio.run(_fan_out(Topology(daphnes, found[1], int(found[2]), redis.url)))


async def _fan_out(topology: Topology) -> dict[str, object]:
    """Connect everybody, then send them events, some at a time; see how long it takes until all have heard all."""
    heard = Heard()
    empty_mb = sum(one.memory_mb for one in topology.daphnes)
    began = time.perf_counter()
    members: list[Member] = []
    for first in range(0, SOCKETS, AT_ONCE):
        turns = range(first, min(first + AT_ONCE, SOCKETS))
        hosts = [topology.daphnes[index % len(topology.daphnes)].host for index in turns]
        members += await asyncio.gather(*(_subscribe(host, topology, heard) for host in hosts))
    await heard.reaches("subscribed", SOCKETS)
    connected_s = time.perf_counter() - began
    full_mb = sum(one.memory_mb for one in topology.daphnes)
    rates = [await _round(topology, heard) for _ in range(ROUNDS)]
    for member in members:
        member.drop()
    await asyncio.sleep(0)  # in which the loop closes them
    return {
        "connected_in_s": round(connected_s, 1),
        "kb_each": round((full_mb - empty_mb) * 1024 / SOCKETS, 1),
        "messages_a_second": round(statistics.median(rates)),
        "messages_a_second_of_each_round": [round(rate) for rate in rates],
    }


async def _subscribe(host: str, topology: Topology, heard: Heard) -> Member:
    headers = {"Cookie": f"sessionid={topology.session}"}
    member = await Member.open(host, "/ws/events/", heard.take, called=NAME, headers=headers)
    member.say(json.dumps({"command": "subscribe", "student": "s1"}).encode())
    return member


async def _round(topology: Topology, heard: Heard) -> float:
    """Return how many messages a second reached the sockets."""
    from channels_redis.core import RedisChannelLayer

    layer = RedisChannelLayer(hosts=[{"address": topology.redis_url, "socket_timeout": None}])
    before, began = heard.counts["event"], time.perf_counter()
    for number in range(EVENTS):
        event = {"type": "broadcast.event", "registration_type": "SUCCESS", "registration_data": {"section": number}}
        await layer.group_send(f"student-{topology.student}", event)
        await heard.reaches("event", before + (number + 1 - IN_FLIGHT) * SOCKETS)
    await heard.reaches("event", before + EVENTS * SOCKETS)
    took_s = time.perf_counter() - began
    await layer.close_pools()
    return EVENTS * SOCKETS / took_s


class Heard:
    """What all sockets together have heard."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.counts = {"subscribed": 0, "event": 0}
        self._changed = asyncio.Event()

    def take(self, payload: bytes) -> None:
        """Count a frame."""
        self.counts["event" if b'"send"' in payload else "subscribed"] += 1
        self._changed.set()

    async def reaches(self, kind: str, number: int) -> None:
        """Wait until so many were heard; raise TimeoutError when a minute is not enough."""
        async with asyncio.timeout(deadline_s(60)):
            while self.counts[kind] < number:
                self._changed.clear()
                await self._changed.wait()


def table(results: Mapping[str, Any]) -> str:
    """Return the numbers as a table in Markdown, and what they were measured on."""
    found, where = results["daphnes"], results["machine"]
    lines = ["| measured | " + " | ".join(f"{number} Daphne{'s' * (number != '1')}" for number in found) + " |"]
    lines.append("|---|" + "--:|" * len(found))
    facts = {
        f"messages a second, to {results['sockets']:,} sockets": ("messages_a_second", "{:,}"),
        "memory for each socket, in Daphne": ("kb_each", "{} kB"),
        f"until {results['sockets']:,} sockets are open and subscribed": ("connected_in_s", "{} s"),
    }
    for name, (key, form) in facts.items():
        lines.append(f"| {name} | " + " | ".join(form.format(one[key]) for one in found.values()) + " |")
    packages = ", ".join(f"{name} {where['packages'][name]}" for name in ("channels", "daphne", "channels-redis"))
    return "\n".join(lines) + (
        f"\n\nMeasured on {results['measured_on']} with {where['cores']} cores of an {where['processor']}, "
        f"Python {where['python']}, {packages}; load before it {results['busy_before']}. The median of "
        f"{results['rounds']} rounds of {results['events']} events. The Daphnes share the cores with Redis and with "
        "the clients, so two of them do less than they would by themselves.\n"
    )


DRAWN = {Path("includes/bench/deployment.md"): table}
