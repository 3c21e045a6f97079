"""The test bed of one project: starts what its checks ask for, and ends all of it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

from course.catalog.lessons import Lesson
from course.errors import NotStarted
from course.project.source_queries import Source
from course.results import SERVER, WORKER
from course.testbed.browser.browser_contexts import BrowserContexts
from course.testbed.cage.cage import Cage
from course.testbed.clients.event_loop import EventLoop
from course.testbed.failed_waits import FailedWaits
from course.testbed.overheard import Overheard, overhear
from course.testbed.processes.process import Spawn
from course.testbed.servers.daphne import Site
from course.testbed.servers.daphne_launch import serve_cold, serve_forked, serve_spawned
from course.testbed.servers.manage_py import Manage, Migration, StaticFiles
from course.testbed.servers.nginx import Nginx
from course.testbed.servers.production_environment import ProductionEnvironment
from course.testbed.servers.redis_server import Redis
from course.testbed.servers.rq_worker import RqWorker
from course.testbed.servers.runserver import Runserver
from course.testbed.servers.sites import Sites
from course.testbed.servers.topology import Topology
from course.testbed.shared import SharedParts
from course.testbed.tools.client_build import ClientBuild


class Bed:
    """What lives while one project is checked; `folder` is a scratch copy of it.

    A part starts when it is first asked for, is needed by those that stand on it, and knows how to end; the bed asks.
    `warm_up` begins early with what the lesson needs.
    """

    def __init__(
        self, lesson: Lesson, folder: Path, shared: SharedParts | None = None, cage: Cage | None = None
    ) -> None:
        """Start nothing yet; parts that `shared` holds outlive the bed. What starts is put into `cage`."""
        self.lesson = lesson
        self.folder = folder
        self.source = Source(folder)
        self.waits = FailedWaits()  # of this run, in vain
        self._stack = ExitStack()
        self.cage = cage
        self.spawn: Spawn | None = cage.spawn if cage else None
        self._shared = shared or SharedParts(cage=cage)
        if shared is None:
            self._stack.callback(self._shared.close)
        self._production: ProductionEnvironment | None = None
        if "nginx" in lesson.needs:
            self._production = ProductionEnvironment(folder.parent / "static")
            self._stack.callback(self._production.close)
        env = self._production.env if self._production else {}
        self.manage = Manage(folder, lambda: self._redis_url, env, self._shared.forkserver, self.spawn)
        self._stack.callback(self.manage.close)
        self._sites = Sites(self._start_site)
        self._stack.callback(self._sites.stop)
        self._runserver: Runserver | None = None
        self._early: threading.Thread | None = None

    @property
    def redis(self) -> Redis:
        """The Redis of this run."""
        return self._shared.redis

    @property
    def loop(self) -> EventLoop:
        """The event loop of the WebSocket clients."""
        return self._shared.loop

    @property
    def browser_contexts(self) -> BrowserContexts:
        """Those who open windows in the browser of this run, which may be starting still."""
        return self._shared.browser_contexts

    def warm_up(self) -> None:
        """Begin to start the server, and a browser where one is needed, so that they come up meanwhile."""
        if not self.lesson.server:
            return
        if "browser" in self.lesson.needs:
            assert self.browser_contexts.browser  # it begins to start
        self._begin_site(1 if self._production else 0)
        if "node" in self.lesson.needs:
            assert self.client  # it begins to be built
        if "worker" in self.lesson.needs:
            self._early = threading.Thread(target=self._begin_worker, name="early worker")
            self._early.start()

    def site(self, index: int) -> Site:
        """Return the server process of this number, 0 for the first.

        Raises NotStarted when the project's database could not be made or its client not be built, NoNode when there
        is nothing to build it with.
        """
        site = self._begin_site(index)
        if "database" in self.lesson.needs:
            assert site.host  # of a server that does not start, its own story is the better one
            self._migration.need()
        if "node" in self.lesson.needs:
            self.client.need()
        return site

    def begin_check(self) -> None:
        """Let the logs of the next check begin here, and its waits.

        Where the last one took Redis away, a server beside the first may hold connections that are broken. It ends,
        and the check that asks for it next gets a new one.
        """
        self.waits.begin_check()
        if "redis" in self.lesson.needs:
            if self.redis.was_disturbed and not self._production:
                self._sites.stop_others()
            self.redis.was_disturbed = False
            if self.redis.monitor:
                self.redis.monitor.forget()
        for server in self.servers:
            server.begin_check()

    def overheard(self) -> Overheard | None:
        """Return what went over Redis since the check began, or None where there is nothing to hear it with."""
        if "redis" not in self.lesson.needs or not self.redis.monitor:
            return None
        processes = {site.label or SERVER: site.pid for site in self._sites if site.started}
        if self._has("_worker"):
            processes[WORKER] = self._worker.pid
        is_alone = "worker" not in self.lesson.needs and not self._runserver and len(list(self._sites)) == 1
        running = {name: pid for name, pid in processes.items() if pid}
        return overhear(self.redis.monitor, running, only=SERVER if is_alone else "")

    def settle(self, still_open: int) -> None:
        """Let the servers write down what went wrong up to now; so many WebSockets of a page are still open."""
        for site in self._sites:
            site.settle(still_open)

    def heal(self) -> None:
        """Replace a server that is gone, or that answers nothing any more, so that the next check has a fair start."""
        self._sites.heal()
        if self._runserver and self._runserver.why_dead:
            self._runserver = None
        if self._has("_worker"):
            self._worker.heal()

    @property
    def runserver(self) -> Runserver:
        """The project's own `manage.py runserver`."""
        if self._runserver is None:
            self._runserver = Runserver(self.folder, self.manage.begin)
        return self._runserver

    @cached_property
    def client(self) -> ClientBuild:
        """The part of the project that npm builds; it begins to."""
        client = ClientBuild(self.folder, self.spawn)
        self._stack.callback(client.close)
        return client

    @property
    def topology(self) -> Topology:
        """The whole site: nginx before two Daphnes, which run.

        Raises NoNginx where there is none, NotStarted where the project's configuration or a Daphne does not do.
        """
        assert self._production, "the lesson does not need nginx"
        self.site(1)
        self._sites.running(2)
        return self._topology

    @property
    def worker(self) -> RqWorker:
        """The project's own `manage.py rqworker`.

        Raises NotStarted when the project's database could not be made.
        """
        self.site(0)
        if self._early:
            self._early.join()
            self._early = None
        self._begin_worker()
        return self._worker

    def another_worker(self) -> RqWorker:
        """Return one more `manage.py rqworker` of the project, which does not run yet; who asks for it ends it."""
        return RqWorker(self.folder, self.manage.begin, self.redis.url)

    @property
    def ports(self) -> set[int]:
        """The ports of the servers that are up."""
        hosts = [site.host for site in self._sites if site.started]
        if self._runserver and not self._runserver.why_dead:
            hosts.append(self._runserver.host)
        return {int(host.rpartition(":")[2]) for host in hosts}

    @property
    def sites(self) -> Sequence[Site]:
        """The server processes that were asked for."""
        return list(self._sites)

    @property
    def servers(self) -> Sequence[Site | Runserver | RqWorker | Nginx]:
        """The servers that were asked for, and the worker."""
        worker = [self._worker] if self._has("_worker") else []
        nginx = [self._topology.nginx] if self._has("_topology") else []
        return [*self._sites, *([self._runserver] if self._runserver else []), *worker, *nginx]

    def close(self) -> None:
        """End everything."""
        if self._early:
            if self._has("_migration"):
                self._migration.stop()  # what the thread waits for
            self._early.join()
        self._stack.close()

    @property
    def _redis_url(self) -> str:
        return self.redis.url if "redis" in self.lesson.needs else ""

    @cached_property
    def _migration(self) -> Migration:
        return Migration(self.folder, self.manage)

    @cached_property
    def _static_files(self) -> StaticFiles:
        return StaticFiles(self.manage)

    @cached_property
    def _worker(self) -> RqWorker:
        worker = self.another_worker()
        self._stack.callback(worker.close)
        return worker

    @cached_property
    def _topology(self) -> Topology:
        assert self._production
        complaint = self._static_files.complaint
        topology = Topology(self.folder, self._production.static, complaint, self._sites, self.spawn)
        self._stack.callback(topology.close)
        topology.nginx.start()
        return topology

    def _has(self, part: str) -> bool:
        """Tell whether a part was asked for."""
        return part in self.__dict__

    def _begin_site(self, index: int) -> Site:
        if "database" in self.lesson.needs:
            assert self._migration  # it begins
        site = self._sites.begin(index)
        if self._production:
            assert self._static_files  # they begin to be collected
        return site

    def _start_site(self, index: int) -> Site:
        # Only the first is forked: forks share their parent's hash seed, which two servers of a real site do not.
        forked = self._shared.forkserver if index == 0 else None
        serve = serve_spawned(self.spawn) if self.spawn else serve_forked(forked) if forked else serve_cold
        place = self._production.place(index) if self._production else {}
        label = f"Daphne {index + 1}" if index else ""
        site = Site(self.folder, redis_url=self._redis_url, serve=serve, spawn=self.spawn, label=label, **place)
        site.waits = self.waits
        return site

    def _begin_worker(self) -> None:
        """Begin to start the worker once the tables are there: it may look at them before it takes a job."""
        if "database" in self.lesson.needs and not self._migration.succeeds():
            return
        try:
            self._worker.begin()
        except NotStarted:
            pass  # there is no manage.py: the server finds the same, and tells it
