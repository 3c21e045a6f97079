"""What RQ's workers say of their jobs, read from the commands that Redis was given."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from course.testbed.servers.redis_monitor import Command

JOB = re.compile(rb"rq:job:([\w\-]+)")
QUEUE = re.compile(rb"rq:queue:([\w.\-]+)")
WORKING = re.compile(rb"rq:wip:[\w.\-]+")  # the jobs that workers have begun, each perhaps with its execution
QUEUED, STARTED = "queued", "started"
VERBS = {QUEUED: "enqueue", STARTED: "takes", "finished": "has done", "failed": "fails at"}  # by RQ's status
MOST_NAME = 80


@dataclass(frozen=True)
class JobEvent:
    """A job is put into a queue, or a worker begins or ends it; `status` is RQ's word for what it is then."""

    at: float
    sender: str
    job: str
    status: str
    says: str


def job_events(commands: Iterable[Command]) -> list[JobEvent]:
    """Return what became of jobs, in its order."""
    names: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    events = []
    for command in commands:
        for job, status in _told(command, names):
            if (job, status) not in seen:
                seen.add((job, status))
                says = f"{VERBS[status]} {names.get(job, 'a job')}"
                events.append(JobEvent(command.at, command.sender, job, status, says))
    return events


def waiting(events: Iterable[JobEvent], until: float = math.inf) -> list[str]:
    """Return what was put into a queue until some moment, and no worker has begun by now."""
    due = [event for event in events if event.status == QUEUED and event.at <= until]
    queued = {event.job: event.says.removeprefix(f"{VERBS[QUEUED]} ") for event in due}
    taken = {event.job for event in events if event.status != QUEUED}
    return [name for job, name in queued.items() if job not in taken]


def _told(command: Command, names: dict[str, str]) -> list[tuple[str, str]]:
    """Return the jobs that a command tells of, each with its status; keep their names, which RQ writes but once."""
    name, key, *rest = command.words
    if name in (b"rpush", b"lpush") and QUEUE.fullmatch(key):
        return [(job.decode("utf-8", "replace"), QUEUED) for job in rest]
    if name == b"zadd" and WORKING.fullmatch(key) and rest:
        return [(rest[-1].partition(b":")[0].decode("utf-8", "replace"), STARTED)]
    match = JOB.fullmatch(key)
    if name not in (b"hset", b"hmset") or not match:
        return []
    job, facts = match[1].decode(), dict(zip(rest[::2], rest[1::2], strict=False))
    if description := facts.get(b"description"):
        names.setdefault(job, _short(description.decode("utf-8", "replace")))
    status = facts.get(b"status", b"").decode("utf-8", "replace")
    return [(job, status)] if status in VERBS and status != QUEUED else []


def _short(text: str) -> str:
    return text if len(text) <= MOST_NAME else f"{text[:MOST_NAME]}…"
