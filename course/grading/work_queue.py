"""The queue in Redis over which one machine hands the submissions of a class to workers on others.

It is one of RQ, with JSON alone (a pickle could run anything). Its name holds the fingerprint of the engine, so that a
worker takes no job of another version of the course. What is large, submissions and checks, lies beside it under keys
that expire. A worker that is alive says so every few seconds; the job of one that is silent is given to another.
"""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from redis import ConnectionPool, Redis
from redis.exceptions import AuthenticationError, RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from course.errors import CourseError
from course.grading.snapshot import engine_fingerprint
from course.project.scratch_copy import files_of

PREFIX = "channels-on-the-wire"
HOW = "Write its address like this: redis://:PASSWORD@HOST:6379/0"
ALIVE_S = 12  # a worker that says nothing for so long is gone
KEPT_S = 24 * 60 * 60  # a submission, the checks, a result that nobody has fetched


class WorkQueue:
    """The queue of this version of the course, and what lies beside it."""

    def __init__(self, url: str) -> None:
        """Connect. Raises CourseError where there is no Redis, or one that asks for no password."""
        self.connection = _connected(url)
        version = engine_fingerprint()[:16]
        self.jobs = Queue(f"{PREFIX}-{version}", connection=self.connection, serializer=JSONSerializer)
        self._alive = f"alive-{version}"

    def put(self, kind: str, name: str, folder: Path) -> None:
        """Keep the files of a folder for a day, as a tar."""
        target = io.BytesIO()
        with tarfile.open(fileobj=target, mode="w:gz", compresslevel=1) as archive:
            for path in files_of(folder):
                archive.add(path, path.relative_to(folder).as_posix(), recursive=False)
        self.connection.set(_key(kind, name), target.getvalue(), ex=KEPT_S)

    def take(self, kind: str, name: str, folder: Path) -> None:
        """Lay down in a folder what `put` has kept. Raises LookupError where it is gone."""
        data = self.connection.get(_key(kind, name))
        if not isinstance(data, bytes):
            raise LookupError(f"There is no {kind} {name} in Redis any more.")
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            archive.extractall(folder, filter="data")

    def drop(self, kind: str, name: str) -> None:
        """Forget what `put` has kept."""
        self.connection.delete(_key(kind, name))

    def say_alive(self, worker: str) -> None:
        """Say for a worker that it is there."""
        self.connection.set(_key(self._alive, worker), 1, ex=ALIVE_S)

    def say_goodbye(self, worker: str) -> None:
        """Say for a worker that it goes."""
        self.connection.delete(_key(self._alive, worker))

    def is_alive(self, worker: str) -> bool:
        """Tell whether a worker has been heard in the last seconds."""
        return bool(self.connection.exists(_key(self._alive, worker)))

    def count_workers(self, *, all_versions: bool = False) -> int:
        """Return how many workers are alive, of this version of the course or of all."""
        return sum(1 for _ in self.connection.scan_iter(_key("alive-*" if all_versions else self._alive, "*")))


def _connected(url: str) -> Redis:
    try:
        redis = Redis.from_url(url)
    except ValueError:
        told = "The address of the workers' Redis is none that Redis has."
        raise CourseError(told, HOW) from None
    facts = redis.connection_pool.connection_kwargs
    place = facts.get("path") or f"{facts.get('host', 'localhost')}:{facts.get('port', 6379)}"
    try:
        if _lets_anyone_in(redis.connection_pool):
            told = f"The Redis at {place} asks for no password, so anyone who reaches it could write marks."
            raise CourseError(told, "Start it with one: redis-server --requirepass PASSWORD")
        redis.ping()
    except AuthenticationError:
        told = "does not take this password" if facts.get("password") else "asks for a password"
        raise CourseError(f"The Redis at {place} {told}.", HOW) from None
    except (RedisError, OSError) as error:
        told = f"No Redis answers at {place}: {str(error).rstrip('.')}."
        raise CourseError(told, "Start it, or name another one with --workers.") from None
    return redis


def _lets_anyone_in(pool: ConnectionPool) -> bool:
    """Tell whether Redis answers a stranger who gives no password."""
    without = {name: value for name, value in pool.connection_kwargs.items() if name not in ("username", "password")}
    with Redis(connection_pool=ConnectionPool(connection_class=pool.connection_class, **without)) as stranger:
        try:
            stranger.ping()
        except AuthenticationError:
            return False
    return True


def _key(kind: str, name: str) -> str:
    return f"{PREFIX}:{kind}:{name}"
