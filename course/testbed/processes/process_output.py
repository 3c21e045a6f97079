"""What a child process writes, read as it comes in a thread of its own, and waited on."""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Callable
from typing import IO

from course.testbed.deadlines import deadline_s

MOST_OUTPUT_BYTES = 16 * 1024 * 1024


class ProcessOutput:
    """Reads a pipe to its end and keeps what comes, or hands out each line and keeps nothing.

    More than 16 MB is a fault of whoever writes it: `flooded` says so, `on_flood` is called once, and the rest is lost.
    """

    def __init__(self, pipe: IO[bytes], name: str, on_line: Callable[[str], None] | None, on_flood: Callable[[], None]):
        """Begin to read."""
        self.flooded = False
        self.ended = False
        self._pipe = pipe
        self._on_line = on_line
        self._on_flood = on_flood
        self._kept = bytearray()
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, name=name, daemon=True)
        self._reader.start()

    def since(self, offset: int) -> bytes:
        """Return what was written from byte `offset` on, up to now."""
        self._drain()
        with self._changed:
            return bytes(self._kept[offset:])

    def wait_until(self, fact: Callable[[bytearray], bool], timeout_s: float) -> bool:
        """Wait until `fact` is true of what is kept, asked anew after each output; False at its end, or the time's."""
        until = time.monotonic() + timeout_s
        with self._changed:
            while not fact(self._kept):
                left = until - time.monotonic()
                if self.ended or left <= 0:
                    return fact(self._kept)
                self._changed.wait(left)
        return True

    def join(self) -> None:
        """Wait a moment for the end, once the process is gone: what it left behind may hold the pipe open."""
        self._reader.join(deadline_s(1))

    def _read(self) -> None:
        fd = self._pipe.fileno()
        while not self.ended:
            _readable(fd, None)
            self._take(fd)
        self._pipe.close()

    def _take(self, fd: int) -> None:
        with self._changed:
            if self.ended or not _readable(fd, 0):
                return
            chunk = os.read(fd, 65536)
            self.ended = not chunk
            if not self.flooded:
                self._kept += chunk
            if self._on_line:
                self._hand_out(self._on_line)
            if len(self._kept) > MOST_OUTPUT_BYTES and not self.flooded:
                self.flooded = True
                threading.Thread(target=self._on_flood, daemon=True).start()  # it may wait for this very thread
            self._changed.notify_all()

    def _hand_out(self, on_line: Callable[[str], None]) -> None:
        """Give whole lines away, at the end also a line without one."""
        *lines, rest = bytes(self._kept).split(b"\n")
        self._kept[:] = b"" if self.ended else rest
        for line in [*lines, rest] if self.ended and rest else lines:
            on_line(line.decode("utf-8", "replace"))

    def _drain(self) -> None:
        """Take in what is written already, so that nothing said before now is missed."""
        if os.name == "nt":
            return  # pipes can't be asked there; the reader thread is at most a moment behind
        with self._changed:
            while not self.ended and not self._pipe.closed and _readable(self._pipe.fileno(), 0):
                self._take(self._pipe.fileno())


def _readable(fd: int, timeout_ms: int | None) -> bool:
    """Tell whether a read would not block; on Windows, where nobody can tell, say yes."""
    if os.name == "nt":
        return True
    poll = select.poll()
    poll.register(fd, select.POLLIN | select.POLLHUP)
    return bool(poll.poll(timeout_ms))
