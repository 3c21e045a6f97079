"""What an RQ worker has to do and is doing, read from Redis, where RQ writes it down."""

from __future__ import annotations

from typing import Any

from course.testbed.claim import connect

QUEUES = "rq:queue:*"  # lists of job ids
TAKEN = b":intermediate"  # ends the name of the list that holds an id from the queue to the beginning of the work
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
        """Return how many jobs are in a queue, or on their way from there to a worker."""
        keys = list(self._client.scan_iter(QUEUES, _type="list", count=1000))
        ids = [(key, job) for key in keys for job in _bytes(self._client.lrange(key, 0, -1))]
        return len([job for key, job in ids if not key.endswith(TAKEN) or job not in self._abandoned])

    def running(self) -> int:
        """Return how many jobs have been started, and neither ended nor were abandoned."""
        return len(self._started() - self._abandoned)

    def abandon(self) -> None:
        """Take what runs for dead: its worker was killed, and RQ will believe for minutes that it runs."""
        started = self._started()
        self._abandoned = started | {name.partition(b":")[0] for name in started}  # "job:execution", and the job

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
