"""What an RQ worker has to do and is doing, read from Redis, where RQ writes it down."""

from __future__ import annotations

import base64
import secrets
import zlib
from typing import Any

import redis

from course.testbed.servers.redis_database import connect

TAKEN = b":intermediate"  # ends the name of the list that holds an id from the queue to the beginning of the work
JOBS, QUEUE = "rq:job:*", "rq:queue:"
WORKERS, LISTENING = "rq:workers", (b"idle", b"busy")
RESULTS = "rq:results:*"  # a stream for each job: how each of its runs has ended
MOST_TEXT = 1024 * 1024  # of a traceback
GONE = (redis.ConnectionError, redis.TimeoutError)  # a check may have taken Redis away
# All queues and all that runs, at one moment: a job that moves from one to the other must not be seen in neither.
SNAPSHOT = """
local waiting, running = {}, {}
for _, key in ipairs(redis.call('KEYS', 'rq:queue:*')) do
  if redis.call('TYPE', key).ok == 'list' then
    for _, id in ipairs(redis.call('LRANGE', key, 0, -1)) do table.insert(waiting, {key, id}) end
  end
end
for _, key in ipairs(redis.call('KEYS', 'rq:wip:*')) do
  if redis.call('TYPE', key).ok == 'zset' then
    for _, name in ipairs(redis.call('ZRANGE', key, 0, -1)) do table.insert(running, name) end
  end
end
return {waiting, running}
"""


class RqJobs:
    """The jobs of a project, whatever their functions are called."""

    def __init__(self, url: str) -> None:
        """Look at the Redis at `url`."""
        self._client = connect(url)
        self._abandoned: set[bytes] = set()
        self._is_left = False
        self._since_ms = 0

    def begin_check(self) -> None:
        """Let the tracebacks of the next check begin here, by Redis's own clock."""
        try:
            moment: Any = self._client.time()
        except GONE:
            return
        seconds, microseconds = moment
        self._since_ms = seconds * 1000 + microseconds // 1000

    def tracebacks(self) -> list[str]:
        """Return the tracebacks of the jobs that have failed since the check began, the oldest first.

        RQ keeps them in Redis, whatever the project's logging does with them.
        """
        found: list[tuple[bytes, str]] = []
        try:
            for key in self._client.scan_iter(RESULTS, count=1000):
                runs: Any = self._client.xrange(key, min=self._since_ms)
                found += [(moment, _unpacked(run[b"exc_string"])) for moment, run in runs if b"exc_string" in run]
        except GONE:
            return []
        return [text for _, text in sorted(found)]

    def unheard(self) -> dict[str, str]:
        """Return the queues in which jobs wait, though each worker that there is takes jobs from others only.

        Each is told with the queues that are listened to; where no worker is up at all, nothing is.
        """
        try:
            workers: Any = self.listeners()
            listening = [self._client.hget(name, "queues") for name in workers]
            waiting = [key for key, _ in self._snapshot()[0] if not key.endswith(TAKEN)]
        except GONE:
            return {}
        heard = {queue for queues in listening for queue in _text(queues).split(",") if queue}
        named = dict.fromkeys(_text(key).removeprefix(QUEUE) for key in waiting)
        return {queue: ", ".join(sorted(heard)) for queue in named if heard and queue not in heard}

    def count(self) -> int:
        """Return how many jobs RQ knows: waiting, running, and those that ended within the last minutes."""
        keys = self._client.scan_iter(JOBS, count=1000)
        return sum(key.count(b":") == 2 for key in keys)  # "rq:job:ID:dependents" is no job

    def listeners(self) -> set[bytes]:
        """Return the names of the workers that wait for a job or have one, as they said themselves."""
        self._cross_off()
        names: Any = self._client.smembers(WORKERS)
        states: Any = {name: self._client.hget(name, "state") for name in names}
        return {name for name in names if states[name] in LISTENING}

    def births(self) -> set[tuple[bytes, bytes | None]]:
        """Return the workers that listen, each with its birth: one that has a name of its own keeps it."""
        workers: Any = self.listeners()
        found: Any = {(name, self._client.hget(name, "birth")) for name in workers}
        return set(found)

    def waiting(self) -> int:
        """Return how many jobs are in a queue, or on their way from there to a worker."""
        return self._now()[0]

    def running(self) -> int:
        """Return how many jobs have been started, and neither ended nor were abandoned."""
        return self._now()[1]

    def unfinished(self) -> int:
        """Return how many jobs wait or run; those that were abandoned do not count."""
        return sum(self._now())

    def abandon(self) -> None:
        """Take what runs for dead: its worker was killed, and RQ will believe for minutes that it runs.

        What that is, is looked up later, for Redis itself may be held up now.
        """
        self._is_left = True

    def drop(self) -> None:
        """Remove the jobs that wait; a worker that was handed one, and has not begun, finds nothing to do."""
        for key, job in self._snapshot()[0]:
            self._client.delete(key, b"rq:job:" + job)

    def double(self) -> None:
        """Put a second job beside each that waits, as a worker does that finds its work undone when it starts."""
        for key, job in self._snapshot()[0]:
            twin = secrets.token_hex(16)
            self._client.copy(f"rq:job:{_text(job)}", f"rq:job:{twin}")
            self._client.rpush(key.removesuffix(TAKEN), twin)

    def forget(self) -> None:
        """Remove all that RQ has written down."""
        for key in self._client.scan_iter("rq:*", count=1000):
            self._client.delete(key)

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def _now(self) -> tuple[int, int]:
        """Return how many jobs wait, and how many run."""
        self._cross_off()
        waiting, running = self._snapshot()
        due = [job for key, job in waiting if not key.endswith(TAKEN) or job not in self._abandoned]
        return len(due), len(running - self._abandoned)

    def _cross_off(self) -> None:
        """Note what a killed worker has left, before another one begins."""
        if self._is_left:
            _, started = self._snapshot()
            self._abandoned = started | {name.partition(b":")[0] for name in started}  # "job:execution", and the job
            self._is_left = False

    def _snapshot(self) -> tuple[list[tuple[bytes, bytes]], set[bytes]]:
        answer: Any = self._client.eval(SNAPSHOT, 0)
        waiting, running = answer
        return [(key, job) for key, job in waiting], set(running)


def _text(told: Any) -> str:
    return told.decode("utf-8", "replace") if isinstance(told, bytes) else ""


def _unpacked(told: bytes) -> str:
    """Return a traceback as RQ packs it."""
    try:
        packed = base64.b64decode(told)  # the project may have packed anything: a few bytes can stand for gigabytes
        return zlib.decompressobj().decompress(packed, MOST_TEXT).decode("utf-8", "replace")
    except (ValueError, zlib.error):  # some other version's way
        return _text(told)
