"""A database of its own, for one run, on a Redis that others use too.

A Redis server holds numbered databases. A run claims a free one by a key in the database that REDIS_URL names: the
first to set it wins, and it expires unless the run renews it, so a run that was killed gives its database back.
"""

from __future__ import annotations

import secrets
import threading
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import redis

from course.errors import CourseError
from course.testbed.deadlines import deadline_s

LEASE_UNITS = 60
MOST_DATABASES = 64
OURS = "channels-on-the-wire"  # says of a database that what it holds was left by a run that was killed


class RedisDatabase:
    """A claimed database; `url` is the server's URL with its number."""

    def __init__(self, url: str) -> None:
        """Claim the first free database but 0, empty it, and keep the claim until `release`.

        A database that holds anything of somebody else's is not free. Raises CourseError when none is.
        """
        self._home = connect(url)
        self._token = secrets.token_hex(8)
        self._released = threading.Event()
        self._number = self._take(url)
        self.url = with_database(url, self._number)
        self._renewing = threading.Thread(target=self._renew, name="claim on a Redis database", daemon=True)
        self._renewing.start()

    def release(self) -> None:
        """Empty the database and give it back."""
        self._released.set()
        self._renewing.join()
        try:
            if self._home.get(self._key(self._number)) == self._token.encode():
                with connect(self.url) as database:
                    database.flushdb()
                self._home.delete(self._key(self._number))
        except redis.RedisError:
            pass  # the server is gone; the claim expires
        self._home.close()

    def _take(self, url: str) -> int:
        for number in range(1, MOST_DATABASES):
            if not self._home.set(self._key(number), self._token, nx=True, ex=_lease_s()):
                continue
            if self._is_free(with_database(url, number)):
                return number
            self._home.delete(self._key(number))
        raise CourseError(f"The Redis at {url} has no free database.", "Use another one, or unset REDIS_URL.")

    def _is_free(self, url: str) -> bool:
        """Tell whether a database is there and holds nothing of others; leave it empty, with our mark."""
        if url == with_database(url, self._home.connection_pool.connection_kwargs.get("db", 0)):
            return False
        with connect(url) as database:
            try:
                if database.dbsize() and not database.exists(OURS):
                    return False
                database.flushdb()
                database.set(OURS, "A run of the course uses this database.")
            except redis.ResponseError:
                return False  # the server has no database of this number
        return True

    def _renew(self) -> None:
        while not self._released.wait(_lease_s() / 3):
            try:
                if self._home.get(self._key(self._number)) == self._token.encode():
                    self._home.expire(self._key(self._number), _lease_s())
            except redis.RedisError:
                pass  # it may come back before the lease is over

    @staticmethod
    def _key(number: int) -> str:
        return f"{OURS}:database-{number}"


def connect(url: str) -> redis.Redis:
    """Return a client that gives up after two seconds."""
    return redis.Redis.from_url(url, socket_connect_timeout=deadline_s(2), socket_timeout=deadline_s(2))


def with_database(url: str, number: int) -> str:
    """Return a Redis URL with this database number instead of its own."""
    parts = urlsplit(url)
    query = {key: values for key, values in parse_qs(parts.query).items() if key != "db"}
    if parts.scheme == "unix":  # which has no place for it in its path
        return f"unix://{parts.netloc}{parts.path}?{urlencode(query | {'db': [str(number)]}, doseq=True)}"
    return urlunsplit(parts._replace(path=f"/{number}", query=urlencode(query, doseq=True)))


def _lease_s() -> int:
    return round(deadline_s(LEASE_UNITS)) or 1
