"""What an RQ worker has to do and is doing, read from Redis, where RQ writes it down."""

from __future__ import annotations

from typing import Any

from course.testbed.claim import connect

QUEUES = "rq:queue:*"  # lists of job ids; while a worker takes one over, it is in the queue's list of its own for that
RUNNING = "rq:wip:*"
JOBS = "rq:job:*"


class Jobs:
    """The jobs of a project, whatever their functions are called."""

    def __init__(self, url: str) -> None:
        """Look at the Redis at `url`."""
        self._client = connect(url)
        self._abandoned: set[bytes] = set()

    def count(self) -> int:
        """Return how many jobs RQ knows: waiting, running, and those that ended within the last minutes."""
        names = [key.split(b":") for key in self._client.scan_iter(JOBS, count=1000)]
        return len([name for name in names if len(name) == 3])  # "rq:job:ID:dependents" is no job

    def waiting(self) -> int:
        """Return how many jobs are in a queue."""
        keys = list(self._client.scan_iter(QUEUES, _type="list", count=1000))
        return sum(len(_bytes(self._client.lrange(key, 0, -1))) for key in keys)

    def running(self) -> int:
        """Return how many jobs have been started, and neither ended nor were abandoned."""
        return len(self._started() - self._abandoned)

    def abandon(self) -> None:
        """Take what runs for dead: its worker was killed, and RQ will believe for minutes that it runs."""
        self._abandoned = self._started()

    def forget(self) -> None:
        """Remove all that RQ has written down."""
        for key in self._client.scan_iter("rq:*", count=1000):
            self._client.delete(key)

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def _started(self) -> set[bytes]:
        keys = list(self._client.scan_iter(RUNNING, _type="zset", count=1000))
        return {name for key in keys for name in _bytes(self._client.zrange(key, 0, -1))}


def _bytes(answer: Any) -> list[bytes]:
    """Say what redis-py leaves open: that this is no awaitable."""
    return list(answer)
