"""The sync chat of lesson 09 against the async one of lesson 10: the same Daphne, the same Redis, real WebSockets.

The server is plain `python -m daphne`, without what the test bed adds for learners. Clients and server share the
machine, so the numbers compare the two chats; they say little of any other machine.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path

from course.bench.chat_plot import picture, table
from course.bench.machine_facts import beginning
from course.bench.plain_daphne import Daphne, daphne
from course.bench.process_usage import allow_files
from course.bench.raw_websocket import Member, members
from course.catalog.lessons import Lesson, find
from course.errors import CourseError
from course.project.scratch_copy import scratch
from course.testbed.deadlines import deadline_s
from course.testbed.servers.redis_server import Redis

STORED = Path("docs/assets/bench/chat.json")
DRAWN = {STORED.with_suffix(".svg"): picture, Path("includes/bench/chat.md"): table}
LESSONS = ("09_chat_sync", "10_chat_async")
ROOM = 50  # members of a room whose latency is measured
MESSAGES = 300  # that one of them says, one after the other
CLASS = (100, 20)  # members, and messages of each
IN_FLIGHT = 10  # messages of the class on their way at once; a layer drops what exceeds its capacity, 100 by default
CONNECTIONS = 1000
WARM_UP = 20  # messages whose times do not count
Tell = Callable[[str], None]


def measure(tell: Tell) -> dict[str, object]:
    """Measure both chats, one after the other, each with a Redis and a server of its own; `tell` hears what is done."""
    allow_files(2 * CONNECTIONS + 200)
    return beginning() | {"chats": {name: _measure_chat(find(name), tell) for name in LESSONS}}


def _measure_chat(lesson: Lesson, tell: Tell) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, job in (("latency", latency), ("class", school_class), ("connections", connections)):
        with serving(lesson) as server:
            tell(f"{lesson.slug}: {name}")
            try:
                found[name] = asyncio.run(job(server))
            except TimeoutError:
                raise CourseError(f"{lesson.slug}, {name}: a message did not arrive.", "Is the machine busy?") from None
    return found


@contextmanager
def serving(lesson: Lesson) -> Iterator[Daphne]:
    """Serve the solution of a lesson as one would in production: one Daphne, one Redis."""
    with ExitStack() as stack:
        folder = stack.enter_context(scratch(lesson, solved=True))
        redis = stack.enter_context(Redis())
        yield stack.enter_context(daphne(folder, redis.url))


async def latency(server: Daphne) -> dict[str, object]:
    """Let one of a room's members speak, and time until each of them has heard it."""
    waits_ms: list[float] = []
    began = 0.0
    all_heard = asyncio.Event()

    def heard(_: bytes) -> None:
        waits_ms.append((time.perf_counter() - began) * 1000)
        if len(waits_ms) % ROOM == 0:
            all_heard.set()

    async with members(server.host, "/ws/chat/tea/", [heard] * ROOM) as room:
        for number in range(WARM_UP + MESSAGES):
            all_heard.clear()
            began = time.perf_counter()
            room[0].say(json.dumps({"message": f"message {number}"}).encode())
            await asyncio.wait_for(all_heard.wait(), deadline_s(10))
    quantiles = statistics.quantiles(waits_ms[WARM_UP * ROOM :], n=100)
    return {
        "members": ROOM,
        "messages": MESSAGES,
        "p50_ms": round(quantiles[49], 1),
        "p90_ms": round(quantiles[89], 1),
        "p99_ms": round(quantiles[98], 1),
    }


async def school_class(server: Daphne) -> dict[str, object]:
    """Let each member say its messages; count what did not reach everyone exactly once, in each sender's order."""
    number, each = CLASS
    total = number * each
    heard: list[list[str]] = [[] for _ in range(number)]
    reached: Counter[str] = Counter()
    places = asyncio.Semaphore(IN_FLIGHT)

    def listen(pupil: int, payload: bytes) -> None:
        message = json.loads(payload)["message"]
        heard[pupil].append(message)
        reached[message] += 1
        if reached[message] == number:
            places.release()

    listeners = [functools.partial(listen, pupil) for pupil in range(number)]
    async with members(server.host, "/ws/chat/class/", listeners) as pupils:
        began = time.perf_counter()
        for turn, pupil in itertools.product(range(each), range(number)):
            await asyncio.wait_for(places.acquire(), deadline_s(10))
            pupils[pupil].say(json.dumps({"message": f"{pupil} {turn}"}).encode())
        for _ in range(IN_FLIGHT):
            await asyncio.wait_for(places.acquire(), deadline_s(10))
        took_s = time.perf_counter() - began
    return {
        "members": number,
        "messages_each": each,
        "deliveries": sum(map(len, heard)),
        "not_exactly_once": sum(abs(count - number) for count in reached.values()) + (total - len(reached)) * number,
        "out_of_order": sum(not _in_order(to) for to in heard),
        "seconds": round(took_s, 1),
        "deliveries_per_second": round(total * number / took_s),
    }


def _in_order(heard: list[str]) -> bool:
    """Tell whether the messages of each sender came in the order in which it sent them."""
    turns: dict[str, list[int]] = {}
    for message in heard:
        sender, _, turn = message.partition(" ")
        turns.setdefault(sender, []).append(int(turn))
    return all(of_one == sorted(of_one) for of_one in turns.values())


async def connections(server: Daphne) -> dict[str, object]:
    """Open many silent connections, fifty to a room, and see what each of them costs."""
    held: list[Member] = []
    memory_mb = {0: server.memory_mb}
    began = time.perf_counter()
    async with AsyncExitStack() as stack:
        for room in range(CONNECTIONS // ROOM):
            opened = members(server.host, f"/ws/chat/room-{room}/", [lambda payload: None] * ROOM)
            held += await stack.enter_async_context(opened)
            memory_mb[len(held)] = server.memory_mb
        opened_s = time.perf_counter() - began
        alive = [member for member in held if not member.closed]
    growth_kb = (memory_mb[len(held)] - memory_mb[0]) * 1024 / len(held)
    return {
        "opened": len(held),
        "held": len(alive),
        "seconds": round(opened_s, 1),
        "kb_each": round(growth_kb, 1),
        "memory_mb": {str(number): round(mb, 1) for number, mb in memory_mb.items()},
    }
