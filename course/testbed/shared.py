"""The parts of a test bed that are the same for every project, and may be shared by the runs to come."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property, partial

from course.testbed.browser.browser_contexts import BrowserContexts
from course.testbed.cage.cage import Cage
from course.testbed.cage.limits import OF_A_BROWSER
from course.testbed.clients.event_loop import EventLoop
from course.testbed.processes.forkserver_client import Forkserver
from course.testbed.servers.redis_server import Redis


class SharedParts:
    """Holds a preloaded parent of servers, an event loop, a Redis and a browser: what is slow to start.

    Each starts when it is first asked for; `begin_run` gives a run a fresh state of all.
    """

    def __init__(self, forkserver: Forkserver | None = None, cage: Cage | None = None) -> None:
        """Let processes be forked from this parent, which is ended with the rest; without one they are new programs.

        Where there is a `cage`, the Redis lives in it, and the browser in one of its own.
        """
        self._stack = ExitStack()
        self._cage = cage
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
        return self._stack.enter_context(Redis(breakable=True, spawn=self._cage.spawn if self._cage else None))

    @cached_property
    def browser_contexts(self) -> BrowserContexts:
        """Those who open windows in the browser, which begins to start when it is first asked for."""
        make_cage = partial(Cage, OF_A_BROWSER, is_for_browser=True) if self._cage else None
        contexts = BrowserContexts(self.loop, make_cage)
        self._stack.callback(contexts.stop)
        return contexts

    def begin_run(self) -> None:
        """Leave nothing of an earlier run behind."""
        if "redis" in self.__dict__:
            self.redis.empty()

    def close(self) -> None:
        """End everything."""
        self._stack.close()
