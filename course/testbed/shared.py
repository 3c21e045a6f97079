"""The parts of a test bed that are the same for every project, and may be shared by the runs to come."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property

from course.testbed.browser.browser_contexts import BrowserContexts
from course.testbed.cage.cage import Cage
from course.testbed.clients.event_loop import EventLoop
from course.testbed.processes.forkserver_client import Forkserver
from course.testbed.processes.process import Spawn
from course.testbed.servers.redis_server import Redis


class SharedParts:
    """Holds a preloaded parent of servers, an event loop, a Redis and a browser: what is slow to start.

    Each starts when it is first asked for; `begin_run` gives a run a fresh state of all.
    """

    def __init__(
        self,
        forkserver: Forkserver | None = None,
        spawn: Spawn | None = None,
        browser_cage: Callable[[], Cage] | None = None,
    ) -> None:
        """Let processes be forked from this parent, which is ended with the rest; without one they are new programs.

        `spawn` starts the Redis in another way than as a program of ours, and `browser_cage` makes what the browser
        is to live in.
        """
        self._spawn = spawn
        self._browser_cage = browser_cage
        self._stack = ExitStack()
        self.forkserver = forkserver
        if forkserver:
            self._stack.callback(forkserver.close)

    @cached_property
    def loop(self) -> EventLoop:
        """The event loop of all clients."""
        loop = EventLoop()
        self._stack.callback(loop.stop)
        return loop

    @cached_property
    def redis(self) -> Redis:
        """The Redis, which each run finds empty."""
        return self._stack.enter_context(Redis(breakable=True, spawn=self._spawn))

    @cached_property
    def browser_contexts(self) -> BrowserContexts:
        """Those who open windows in the browser, which begins to start when it is first asked for."""
        cage = self._browser_cage() if self._browser_cage else None
        if cage:
            self._stack.callback(cage.close)
        contexts = BrowserContexts(self.loop, cage)
        self._stack.callback(contexts.stop)
        return contexts

    def begin_run(self) -> None:
        """Leave nothing of an earlier run behind."""
        if "redis" in self.__dict__:
            self.redis.empty()

    def close(self) -> None:
        """End everything."""
        self._stack.close()
