"""All commands that a Redis of ours is given, as it tells them to whoever asks with MONITOR.

Nobody reads along: what is told waits in the connection until a failure asks for it, so a run pays next to nothing.
"""

from __future__ import annotations

import re
import socket
import time
from dataclasses import dataclass

from course.testbed.deadlines import deadline_s

SCRIPT = "lua"  # who gives the commands of a script
CHUNK_BYTES = 1024 * 1024
MOST_BYTES = 16 * CHUNK_BYTES  # of one check
# Those that a channel layer or RQ change something with; all others are passed over.
NAMES = "zadd|zrem|zrange|zremrangebyscore|eval|publish|subscribe|unsubscribe|hset|hmset|rpush|lpush"
LINE = re.compile(rb'^\+(\d+\.\d+) \[\d+ (\S+)\] ("(?:%b)" .*)$' % NAMES.encode(), re.IGNORECASE | re.MULTILINE)
WORD = re.compile(rb'"((?:[^"\\]|\\.)*)"')
ESCAPED = re.compile(rb"\\(?:x([0-9a-f]{2})|(.))", re.DOTALL)
CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b"}


@dataclass(frozen=True)
class Command:
    """One command: when by `time.monotonic`, from which "address:port", and its words, the name in lower case."""

    at: float
    sender: str
    words: tuple[bytes, ...]


class RedisMonitor:
    """Hears what the Redis at a port of this machine is told, from `forget` on."""

    def __init__(self, port: int) -> None:
        """Hear nothing yet."""
        self._port = port
        self._connection: socket.socket | None = None
        self._heard = bytearray()
        self.is_whole = False  # nothing was missed since `forget`

    def forget(self) -> None:
        """Begin anew: what was told up to now belongs to nobody."""
        self._take_in()
        self._heard.clear()
        if self._connection is None:
            self._connect()
        self.is_whole = self._connection is not None

    def commands(self) -> list[Command]:
        """Return what was told since `forget`, as far as it may concern a channel layer or jobs."""
        self._take_in()
        later = time.monotonic() - time.time()
        return [
            Command(float(at) + later, sender.decode(), tuple(_words(said)))
            for at, sender, said in LINE.findall(self._heard.replace(b"\r\n", b"\n"))
        ]

    def close(self) -> None:
        """Hang up."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _connect(self) -> None:
        try:
            self._connection = socket.create_connection(("127.0.0.1", self._port), deadline_s())
            self._connection.sendall(b"MONITOR\r\n")
            self._connection.recv(len(b"+OK\r\n"))
            self._connection.setblocking(False)
        except OSError:  # a check has taken this Redis away
            self.close()

    def _take_in(self) -> None:
        """Read what has come; what is too much is not kept, and then not everything is known."""
        try:
            while self._connection:
                chunk = self._connection.recv(CHUNK_BYTES)
                if len(self._heard) < MOST_BYTES:
                    self._heard += chunk
                else:
                    self.is_whole = False
                if not chunk:
                    self._lose()
        except BlockingIOError:
            pass  # that was all
        except OSError:
            self._lose()

    def _lose(self) -> None:
        self.close()
        self.is_whole = False


def _words(said: bytes) -> list[bytes]:
    name, *rest = (ESCAPED.sub(_unescaped, word) for word in WORD.findall(said))
    return [name.lower(), *rest]


def _unescaped(match: re.Match[bytes]) -> bytes:
    code, letter = match.groups()
    return bytes.fromhex(code.decode()) if code else CONTROLS.get(letter, letter)
