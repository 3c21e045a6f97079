"""A Redis for one run: an embedded Valkey, or a database of its own on the server in REDIS_URL."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from course.errors import CourseError
from course.testbed.processes.process import Spawn
from course.testbed.servers.redis_monitor import RedisMonitor
from course.testbed.servers.tcp_relay import TcpRelay
from course.testbed.servers.valkey import Valkey

if TYPE_CHECKING:
    import redis

STALL_MS = 60_000  # at most; it ends when a check says so
WAITING = ("blmove", "blpop", "brpop", "brpoplpush", "bzpopmin", "bzpopmax")  # for as long as there is nothing
CHANNEL_NAME = re.compile(rb"[\w.\-]{1,99}![\w.\-]{1,99}")  # of one consumer: its process, "!", itself
NO_ANSWER = "Start that Redis, or unset REDIS_URL to use an embedded one."


class Redis:
    """A running Redis; `url` is what projects find in REDIS_URL.

    On the one that somebody else's REDIS_URL names the run has a database of its own, emptied at its end, so that two
    runs never meet there.
    """

    def __init__(self, *, breakable: bool = False, spawn: Spawn | None = None) -> None:
        """Claim a database where REDIS_URL is set, else start Valkey. `breakable` prepares for `gone`.

        With `spawn` it is always a Valkey, started in that way: in a cage nobody reaches another.

        Raises CourseError when there is neither, or when nothing answers at REDIS_URL.
        """
        self.was_disturbed = False  # since the check began: what a correct program raises then is no fault of it
        self._stack = ExitStack()
        self._valkey: Valkey | None = None
        self._relay: TcpRelay | None = None
        self.monitor: RedisMonitor | None = None  # of the embedded one: what others do on theirs is none of our affair
        if not spawn and (theirs := os.environ.get("REDIS_URL", "")):
            self.url = self._claim(theirs, breakable=breakable)
        else:
            self._valkey = Valkey(spawn)
            self._stack.callback(self._valkey.kill)
            self.url = f"redis://127.0.0.1:{self._valkey.port}"
            self.monitor = RedisMonitor(self._valkey.port)
            self._stack.callback(self.monitor.close)

    @property
    def embedded(self) -> bool:
        """Whether this is the embedded Valkey."""
        return self._valkey is not None

    def empty(self) -> None:
        """Remove all that this run's own database holds."""
        with self._client() as client:
            client.flushdb()

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Let nothing answer at its address, all connections broken; afterwards it answers again.

        The check is skipped where the Redis in REDIS_URL can't be taken away.
        """
        self._disturb("taken away")
        if self._relay:
            self._relay.cut()
        elif self._valkey:
            self._valkey.kill()
        try:
            yield
        finally:
            if self._relay:
                self._relay.mend()
            elif self._valkey:
                self._valkey.start_again()

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Let it take commands and answer none that writes; afterwards it answers them all.

        The check is skipped where the Redis in REDIS_URL can't be held up.
        """
        self._disturb("held up")
        if self._relay:
            with self._relay.held():
                yield
            return
        with self._client() as client:
            client.client_pause(STALL_MS, all=False)
            try:
                yield
            finally:
                client.client_unpause()

    def held_up(self) -> int:
        """Return how many clients wait for an answer that `stalled` keeps back; 0 for a Redis that is not ours."""
        if not self.embedded:
            return 0
        with self._client() as client:
            clients = client.client_list()
        return len([each for each in clients if "b" in each["flags"] and each["cmd"] not in WAITING])

    def members(self) -> set[str]:
        """Return the channel names that are in any group.

        A group of RedisChannelLayer is a sorted set of channel names; one of RedisPubSubChannelLayer is known by its
        name alone, and only while it has a member.
        """
        found: set[bytes] = set()
        with self._client() as client:
            for key in client.scan_iter(_type="zset"):
                found |= {name for name in client.zrange(key, 0, -1) if CHANNEL_NAME.fullmatch(name)}
            if self.embedded:  # what is published on another's Redis is heard in all its databases
                found |= set(client.pubsub_channels("*__group__*"))
        return {name.decode() for name in found}

    def age_members(self, by_s: int) -> None:
        """Let all members of groups have joined so many seconds earlier; a group that is over by then is gone."""
        with self._client() as client:
            for key in client.scan_iter(_type="zset"):
                names = [name for name in client.zrange(key, 0, -1) if CHANNEL_NAME.fullmatch(name)]
                for name in names:
                    client.zincrby(key, -by_s, name)
                if names and (lives_s := int(client.ttl(key))) >= 0:
                    client.expire(key, lives_s - by_s)

    def undelivered(self) -> int:
        """Return how many events wait on RedisChannelLayer for the server process that they are meant for."""
        with self._client() as client:
            keys = [key for key in client.scan_iter("*specific.*", _type="zset") if b"$inflight" not in key]
            return sum(int(client.zcard(key)) for key in keys)

    def stop(self) -> None:
        """End the embedded server; on another's, leave nothing behind."""
        self._stack.close()

    def __enter__(self) -> Redis:
        """Return the running Redis."""
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Stop it."""
        self.stop()

    def _client(self) -> redis.Redis:
        from course.testbed.servers.redis_database import connect  # it takes 50 ms to import, and few runs need it

        return connect(self.url)

    def _claim(self, url: str, *, breakable: bool) -> str:
        """Claim a database there; where it is to be breakable, lead to it by way of a relay of ours."""
        import redis

        from course.testbed.servers.redis_database import RedisDatabase, connect

        try:
            with connect(url) as client:
                client.ping()
        except (redis.RedisError, ValueError, OSError) as error:
            raise CourseError(f"REDIS_URL is {url}, but no Redis answers there: {error}", NO_ANSWER) from None
        claim = RedisDatabase(url)
        self._stack.callback(claim.release)
        parts = urlsplit(claim.url)
        if not breakable or parts.scheme != "redis":
            return claim.url
        self._relay = TcpRelay(parts.hostname or "localhost", parts.port or 6379)
        self._stack.callback(self._relay.stop)
        login = parts.netloc.rpartition("@")[0]
        netloc = f"{login}@127.0.0.1:{self._relay.port}" if login else f"127.0.0.1:{self._relay.port}"
        return urlunsplit(parts._replace(netloc=netloc))

    def _disturb(self, to_be: str) -> None:
        self.was_disturbed = True
        if not self._valkey and not self._relay:
            import pytest

            pytest.skip(f"The Redis in REDIS_URL can't be {to_be}. Unset it to use an embedded one.")
