"""The page that asks (lesson 13) against the page that is told (lesson 14), and a crowd of subscribers.

Both pages run in a real Chrome against the same Daphne, Redis and worker. The worker says when the work of a task is
done, the page when it shows the end: both read the clock of this machine. The crowd is 1,000 WebSockets, each
subscribed to a task of its own, on one plain Daphne.
"""

from __future__ import annotations

import asyncio
import json
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

from course.bench.byte_counter import ByteCounter
from course.bench.machine_facts import beginning
from course.bench.plain_daphne import Daphne, daphne
from course.bench.process_usage import allow_files
from course.bench.push_plot import picture, table
from course.bench.raw_websocket import Member, Tally, crowd
from course.catalog.lessons import Lesson, find
from course.errors import CourseError
from course.project.scratch_copy import scratch
from course.testbed.bed import Bed
from course.testbed.browser.open_page import OpenPage
from course.testbed.browser.page import Page
from course.testbed.clients.transcript import Transcript
from course.testbed.deadlines import deadline_s
from course.testbed.failed_waits import FailedWaits
from course.testbed.servers.manage_py import Manage
from course.testbed.servers.redis_server import Redis
from course.testbed.servers.rq_worker import RqWorker

STORED = Path("docs/assets/bench/push.json")
DRAWN = {STORED.with_suffix(".svg"): picture, Path("includes/bench/push.md"): table}
LESSONS = ("13_task_polling", "14_task_push")
TASKS = 40  # that each page starts, one after the other
SHORTEST_S, LONGEST_S = 1.5, 2.5  # of their work, evenly spread, so that the moments of asking are too
CROWD = 1000
# What the worker's log says at the end of a task's work, before anything is saved or told.
WORK = """
import time


def work(duration):
    time.sleep(duration)
    print(f"\\nwork ended at {time.time():.6f}", flush=True)
"""
# What the page writes down when it shows the end of a task: the time, in seconds like Python's.
WATCH = """
window.shown = [];
const seen = new Set();
new MutationObserver(() => {
  for (const line of document.querySelectorAll('#tasks [data-state="SUCCESS"]')) {
    if (seen.has(line)) continue;
    seen.add(line);
    requestAnimationFrame(() => window.shown.push((performance.timeOrigin + performance.now()) / 1000));
  }
}).observe(document.querySelector("#tasks"), { subtree: true, childList: true, attributes: true });
"""
Tell = Callable[[str], None]


def measure(tell: Tell) -> dict[str, object]:
    """Measure both pages, then the crowd; `tell` hears what is done."""
    allow_files(2 * CROWD + 200)
    results, pages = beginning(), {}
    for name in LESSONS:
        tell(f"{name}: {TASKS} tasks in a page")
        pages[name] = _measure_page(find(name))
    tell(f"{LESSONS[1]}: {CROWD:,} subscribers")
    return results | {"tasks": TASKS, "pages": pages, "crowd": _measure_crowd(find(LESSONS[1]))}


def _measure_page(lesson: Lesson) -> dict[str, object]:
    with scratch(lesson, solved=True) as folder, closing(Bed(lesson, folder)) as bed:
        (folder / "tasks" / "work.py").write_text(WORK, encoding="utf-8")
        bed.worker.start()
        with _passage(bed) as passage:
            ports = {*bed.ports, passage.port}
            opener = OpenPage(bed.browser_contexts, bed.site(0), lambda: ports, Transcript(), FailedWaits())
            page = opener("/", site=passage)  # type: ignore[arg-type]  # of a Site, a page needs the address
            try:
                return _tasks_in(page, bed, passage)
            finally:
                opener.close_all()


def _tasks_in(page: Page, bed: Bed, passage: ByteCounter) -> dict[str, object]:
    page.selenium.execute_script(WATCH)
    page.settle()
    before = passage.bytes
    for number in range(TASKS):
        duration = SHORTEST_S + (LONGEST_S - SHORTEST_S) * number / (TASKS - 1)
        page.type("#duration", f"{duration:.3f}")
        page.click("#start")
        page.waits_for_count('#tasks [data-state="SUCCESS"]', number)  # of those before it
        _wait_for_shown(page, number + 1)
    ended = [float(at) for at in re.findall(r"^work ended at (\d+\.\d+)", bed.worker.log, re.MULTILINE)]
    shown = page.selenium.execute_script("return window.shown")
    delays_ms = [round((there - then) * 1000, 1) for then, there in zip(ended, shown, strict=True)]
    asked = len(re.findall(r'"GET /tasks/\d+/"', bed.site(0).log))
    return {
        "delay_p50_ms": round(statistics.median(delays_ms), 1),
        "delay_most_ms": max(delays_ms),
        "delays_ms": delays_ms,
        "requests_a_task": round(asked / TASKS, 2),
        "bytes_a_task": round((passage.bytes - before) / TASKS),
    }


def _wait_for_shown(page: Page, number: int) -> None:
    until = time.monotonic() + deadline_s(LONGEST_S + 10)
    while len(page.selenium.execute_script("return window.shown")) < number:
        if time.monotonic() > until:
            raise CourseError(f"The page does not show the end of task {number}.", "Is the machine busy?")
        time.sleep(0.2)  # rarely enough to be in nobody's way


@contextmanager
def _passage(bed: Bed) -> Iterator[ByteCounter]:
    """Open a way to the bed's server that counts bytes."""
    passage = ByteCounter(int(bed.site(0).host.rpartition(":")[2]))
    way = passage.opened()
    bed.loop.run(way.__aenter__())
    try:
        yield passage
    finally:
        bed.loop.run(way.__aexit__(None, None, None))


def _measure_crowd(lesson: Lesson) -> dict[str, object]:
    with ExitStack() as stack:
        folder = stack.enter_context(scratch(lesson, solved=True))
        (folder / "tasks" / "work.py").write_text(WORK, encoding="utf-8")
        redis = stack.enter_context(Redis())
        manage = stack.enter_context(closing(Manage(folder, lambda: redis.url, {}, None)))
        if manage.begin("migrate", "--no-input").wait(deadline_s(30)) != 0:
            raise CourseError("The tables could not be made.")
        server = stack.enter_context(daphne(folder, redis.url))
        worker = stack.enter_context(closing(RqWorker(folder, manage.begin, redis.url)))
        worker.start()
        worker.pause()
        return asyncio.run(_crowd(server, worker))


async def _crowd(server: Daphne, worker: RqWorker) -> dict[str, object]:
    """Subscribe to a thousand tasks, let the worker do them all, and see who hears what."""
    async with httpx.AsyncClient(trust_env=False) as http:
        made = [await http.post(f"http://{server.host}/tasks/", json={"duration": 0.001}) for _ in range(CROWD)]
    tasks = [int(answer.raise_for_status().json()["id"]) for answer in made]
    heard: list[list[dict[str, Any]]] = [[] for _ in tasks]
    told = Tally()
    empty_mb = server.memory_mb

    def listen(number: int, payload: bytes) -> None:
        frame = json.loads(payload)
        heard[number].append(frame)
        told.add("ends" if "task" in frame else "subscriptions")

    async def subscribe(number: int) -> Member:
        member = await Member.open(server.host, "/ws/tasks/", lambda payload: listen(number, payload))
        member.say(json.dumps({"group": f"task-{tasks[number]}"}).encode())
        return member

    began = time.perf_counter()
    members = await crowd(CROWD, subscribe)
    await told.reaches("subscriptions", CROWD)
    subscribed_s, full_mb = time.perf_counter() - began, server.memory_mb
    began = time.perf_counter()
    await asyncio.to_thread(worker.start)
    await told.reaches("ends", CROWD, 300.0)
    pushed_s = time.perf_counter() - began
    await asyncio.to_thread(worker.is_done)
    for member in members:
        member.drop()
    right = sum(_is_right(frames, task) for frames, task in zip(heard, tasks, strict=True))
    return {
        "subscribers": CROWD,
        "heard_their_own_and_nothing_else": right,
        "subscribed_in_s": round(subscribed_s, 1),
        "told_in_s": round(pushed_s, 1),
        "memory_before_mb": round(empty_mb, 1),
        "memory_with_all_mb": round(full_mb, 1),
        "kb_each": round((full_mb - empty_mb) * 1024 / CROWD, 1),
    }


def _is_right(frames: list[dict[str, Any]], task: int) -> bool:
    """Tell whether somebody was told of the subscription, then once of the task's end, and of nothing else."""
    ends = [frame["task"] for frame in frames if "task" in frame]
    return len(frames) == 2 and [(end["id"], end["status"]) for end in ends] == [(task, "SUCCESS")]
