"""What the servers of a run said to Redis, and the worker of its jobs: the lanes of a timeline beside its clients.

Only what was observed is told. Who has said something to Redis is known while their connection lives; of what came from
another one, it is told that it came.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from course.results import REDIS, WORKER
from course.testbed.clients.transcript import Transcript
from course.testbed.deadlines import deadline_s
from course.testbed.servers.channel_layer_events import LayerEvent, layer_events
from course.testbed.servers.redis_monitor import RedisMonitor
from course.testbed.servers.rq_job_events import QUEUED, JobEvent, job_events, waiting

NOT_SENT, NOT_BEGUN = "no group_send has come", "has not begun"
WAITS_UNITS = 1.0  # a job that has waited for less may be begun in a moment
MISSING = (NOT_SENT, NOT_BEGUN)  # how a line begins that tells of what did not happen
MOST_EVENTS = 14  # beside what the clients say


@dataclass(frozen=True)
class Overheard:
    """What went over the channel layer since the check began, and what became of jobs.

    `speakers` are the names of processes by the "address:port" of their connections to Redis. Where the project has had
    one process, `only` is its name: nobody else can have said anything.
    """

    layer: list[LayerEvent]
    jobs: list[JobEvent]
    speakers: Mapping[str, str]
    is_whole: bool  # nothing was missed
    only: str = ""

    def write_to(self, transcript: Transcript, most: int = MOST_EVENTS) -> None:
        """Write it into a timeline, in its places; of a lot, the beginning and more of the end.

        What the layer is told after the clients have said their last comes of their leaving, and belongs to no story.
        """
        layer = [event for event in self.layer if event.at <= transcript.last_at]
        told: list[LayerEvent | JobEvent] = sorted([*layer, *self.jobs], key=lambda event: event.at)
        left_out = max(len(told) - most, 0)
        begins = most // 3
        for event in told[:begins] + told[begins + left_out :]:
            self._write(event, transcript)
        if left_out:
            transcript.add(REDIS, "·", f"({left_out} more events)", at=told[begins].at)

    def tell_what_is_missing(self, transcript: Transcript) -> None:
        """Write down what did not happen, where the clients' waiting in vain may come of it."""
        if not self.is_whole:
            return
        joined = [event.at for event in self.layer if event.verb == "group_add"]
        is_silent = not any("send" in event.verb for event in self.layer)
        waited = transcript.waited_in_vain_until
        if waited and joined and is_silent and transcript.was_told_after(max(joined)):
            transcript.add(REDIS, "·", NOT_SENT, at=waited)
        for name in waiting(self.jobs, until=time.monotonic() - deadline_s(WAITS_UNITS)):
            transcript.add(WORKER, "·", f"{NOT_BEGUN} {name}", at=waited)

    def _write(self, event: LayerEvent | JobEvent, transcript: Transcript) -> None:
        if isinstance(event, JobEvent) and event.status != QUEUED:
            transcript.add(WORKER, "·", event.says, at=event.at)
        elif speaker := self.only or self.speakers.get(event.sender):
            transcript.add(speaker, "→", event.says, at=event.at, peer=REDIS)
        else:
            transcript.add(REDIS, "·", event.says, at=event.at)


def overhear(monitor: RedisMonitor, processes: Mapping[str, int], only: str = "") -> Overheard:
    """Return what was heard since the check began; `processes` are the pids of those that may have spoken.

    `only` is the name of a process, where it was alone all the time.
    """
    commands = monitor.commands()
    layer, jobs = layer_events(commands), job_events(commands)
    speakers = _speakers(processes) if (layer or jobs) and not only else {}
    return Overheard(layer, jobs, speakers, monitor.is_whole, only)


def _speakers(processes: Mapping[str, int]) -> dict[str, str]:
    """Return who holds which connections."""
    import psutil  # it takes some milliseconds, and runs that pass need none of it

    found: dict[str, str] = {}
    for name, pid in processes.items():
        try:
            root = psutil.Process(pid)
            for process in (root, *root.children(recursive=True)):
                found |= dict.fromkeys(_ports(process.net_connections("tcp")), name)
        except psutil.Error:
            continue  # it is gone, or not ours to look at: what it said is told without its name
    return found


def _ports(connections: Iterable[object]) -> list[str]:
    local = [getattr(connection, "laddr", ()) for connection in connections]
    return [f"{address[0]}:{address[1]}" for address in local if address]
