"""Lets a run be abandoned from another thread, at a moment when nothing is left half done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNAL = getattr(signal, "SIGUSR1", None)  # Windows has none: there a run is abandoned between two checks only


class Cancellation:
    """A wish to end the run that is going on.

    The run happens in the main thread. While it is `armed`, in the middle of a check, `request` breaks it off at once
    with KeyboardInterrupt; at other times the wish waits until it is. `wanted` tells whether somebody has asked.
    """

    def __init__(self) -> None:
        """Take over the signal; make this in the main thread."""
        self.wanted = False
        self._armed = False
        self._main = threading.main_thread()
        if SIGNAL:
            signal.signal(SIGNAL, self._on_signal)

    def request(self) -> None:
        """Ask for the end of the run, from any thread."""
        self.wanted = True
        if SIGNAL and self._main.ident is not None:
            signal.pthread_kill(self._main.ident, SIGNAL)

    def begin(self) -> None:
        """Begin a new run: what was asked before concerns an older one."""
        self.wanted = False

    @contextmanager
    def armed(self) -> Iterator[None]:
        """Let a request break in; raise KeyboardInterrupt when there was one before."""
        self._armed = True
        try:
            if self.wanted:
                raise KeyboardInterrupt
            yield
        finally:
            self._armed = False

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._armed and self.wanted:
            self._armed = False
            raise KeyboardInterrupt
