"""Event loops in threads: one in which all clients of a run live, so that a hundred of them cost one thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class EventLoop:
    """One event loop in a thread, shared by all clients of a run."""

    def __init__(self, name: str = "websocket clients") -> None:
        """Start the thread, under a name."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T], timeout_s: float | None = None) -> T:
        """Run a coroutine there and return what it returns; raise TimeoutError, and cancel it, when it takes longer."""
        return asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, timeout_s), self._loop).result()

    def call(self, act: Callable[[], object]) -> None:
        """Call a function there, and wait until that is done: what belongs to the loop is touched nowhere else."""

        async def calling() -> None:
            act()

        self.run(calling())

    def stop(self) -> None:
        """Stop the loop and its thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
