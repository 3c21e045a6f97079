"""The parts of a test bed that outlive a run: what is slow to start, and the same for every project."""

from __future__ import annotations

from contextlib import ExitStack

from course.testbed.browser.browser_contexts import BrowserContexts
from course.testbed.clients.event_loop import EventLoop
from course.testbed.processes.forkserver_client import Forkserver
from course.testbed.servers.redis_server import Redis


class SharedParts:
    """Holds a preloaded parent of servers, an event loop and a Redis for the runs to come.

    Each starts when it is first asked for; `begin_run` gives a run a fresh state of all.
    """

    def __init__(self, forkserver: Forkserver | None = None) -> None:
        """Begin to preload, or use a parent that does so already."""
        self._stack = ExitStack()
        self.forkserver = forkserver or Forkserver()
        self._stack.callback(self.forkserver.close)
        self._loop: EventLoop | None = None
        self._redis: Redis | None = None
        self._people: BrowserContexts | None = None

    @property
    def loop(self) -> EventLoop:
        """The event loop of all clients."""
        if self._loop is None:
            self._loop = EventLoop()
            self._stack.callback(self._loop.stop)
        return self._loop

    @property
    def redis(self) -> Redis:
        """The Redis, which each run finds empty."""
        if self._redis is None:
            self._redis = self._stack.enter_context(Redis(breakable=True))
        return self._redis

    @property
    def people(self) -> BrowserContexts:
        """Those who open windows in a browser that stays open."""
        if self._people is None:
            self._people = BrowserContexts(self.loop)
            self._stack.callback(self._people.stop)
        return self._people

    def begin_run(self) -> None:
        """Leave nothing of an earlier run behind."""
        if self._redis:
            self._redis.empty()

    def close(self) -> None:
        """End everything."""
        self._stack.close()
