"""The test bed of one project: starts what its checks ask for, and ends all of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from course.catalog.lessons import Lesson
from course.errors import NotStarted
from course.project.entry_points import read_project
from course.project.scratch_copy import files_of
from course.project.source_queries import Source
from course.testbed.browser.browser_contexts import BrowserContexts
from course.testbed.clients.event_loop import EventLoop
from course.testbed.deadlines import deadline_s
from course.testbed.servers.daphne import Site, serve_forked
from course.testbed.servers.manage_py import ManagePy
from course.testbed.servers.nginx import Nginx
from course.testbed.servers.production_environment import ProductionEnvironment
from course.testbed.servers.redis_server import Redis
from course.testbed.servers.rq_worker import RqWorker
from course.testbed.servers.runserver import Runserver
from course.testbed.servers.topology import Topology
from course.testbed.shared import SharedParts
from course.testbed.tools.client_build import ClientBuild
from course.testbed.tools.nginx_install import HELP, NoNginx, find

MIGRATE_UNITS = 30.0


class Bed:
    """What lives while one project is checked.

    `folder` is a scratch copy of the project. Parts start when they are first asked for; `warm_up` begins early.
    """

    def __init__(self, lesson: Lesson, folder: Path, shared: SharedParts | None = None) -> None:
        """Start nothing yet; use the parts that `shared` holds."""
        self._shared = shared
        self.lesson = lesson
        self.folder = folder
        self.source = Source(folder)
        self._stack = ExitStack()
        self._redis: Redis | None = None
        self._loop: EventLoop | None = None
        self._sites: list[Site] = []
        self._runserver: Runserver | None = None
        self._migration: ManagePy | None = None
        self._people: BrowserContexts | None = None
        self._worker: RqWorker | None = None
        self._client: ClientBuild | None = None
        self._front: Topology | None = None
        self._collection: ManagePy | None = None
        self._early: threading.Thread | None = None
        self._production: ProductionEnvironment | None = None
        if "nginx" in lesson.needs:
            self._production = ProductionEnvironment(folder.parent / "static")
            self._stack.callback(self._production.close)
        self.in_vain: set[str] = set()  # what pages were waited for in vain

    @property
    def redis(self) -> Redis:
        """The Redis of this run."""
        if self._shared:
            return self._shared.redis
        if self._redis is None:
            self._redis = self._stack.enter_context(Redis(breakable=True))
        return self._redis

    @property
    def loop(self) -> EventLoop:
        """The event loop of the WebSocket clients."""
        if self._shared:
            return self._shared.loop
        if self._loop is None:
            self._loop = EventLoop()
            self._stack.callback(self._loop.stop)
        return self._loop

    @property
    def people(self) -> BrowserContexts:
        """Those who open windows in the browser of this run, which may be starting still."""
        if self._shared:
            return self._shared.people
        if self._people is None:
            self._people = BrowserContexts(self.loop)
            self._stack.callback(self._people.stop)
        return self._people

    def warm_up(self) -> None:
        """Begin to start the server, and a browser where one is needed, so that they come up meanwhile."""
        if not self.lesson.server:
            return
        if "browser" in self.lesson.needs:
            assert self.people.browser  # it begins to start
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
        self._begin_site(index)
        site = self._sites[index]
        if self._migration:
            assert site.host  # of a server that does not start, its own story is the better one
            _need_success(self._migration)
        if "node" in self.lesson.needs:
            self.client.need()
        return site

    def begin_check(self) -> None:
        """Let the logs of the next check begin here."""
        for server in self.servers:
            server.begin_check()

    def settle(self, still_open: int) -> None:
        """Let the servers write down what went wrong up to now; so many WebSockets of a page are still open."""
        for site in self._sites:
            site.settle(still_open)

    def heal(self) -> None:
        """Replace a server that is gone, or that answers nothing any more, so that the next check has a fair start."""
        for index, site in enumerate(self._sites):
            if site.started and (site.hung or not site.responds()):
                site.stop()
                self._sites[index] = self._start_site(index)
                self._sites[index].silent = site.silent
        if self._runserver and self._runserver.why_dead:
            self._runserver = None
        if self._worker:
            self._worker.heal()

    @property
    def runserver(self) -> Runserver:
        """The project's own `manage.py runserver`."""
        if self._runserver is None:
            self._runserver = Runserver(self.folder, self._begin_manage)
        return self._runserver

    @property
    def client(self) -> ClientBuild:
        """The part of the project that npm builds; it begins to."""
        if self._client is None:
            self._client = ClientBuild(self.folder)
            self._stack.callback(self._client.close)
        return self._client

    @property
    def front(self) -> Topology:
        """The whole site: nginx before two Daphnes, which run.

        Raises NoNginx where there is none, NotStarted where the project's configuration or a Daphne does not do.
        """
        gone = [number for number in (0, 1) if not self.site(number).host or not self.site(number).responds()]
        for site in [self._restart(number) for number in gone]:
            assert site.host
        if self._front is None:
            program = find()
            if program is None or self._production is None:
                raise NoNginx("There is no nginx here.", HELP)
            front = Topology(program, self.folder, self._production.static, self.collected, self._sites, self._restart)
            self._stack.callback(front.close)
            front.begin()
            self._front = front
        return self._front

    def collected(self) -> str:
        """Wait for `manage.py collectstatic`; return why there is nothing, or an empty text."""
        assert self._collection
        code = self._collection.wait(deadline_s(MIGRATE_UNITS))
        return "" if code == 0 else self._collection.says or f"exit code {code}"

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
        assert self._worker
        return self._worker

    @property
    def ports(self) -> set[int]:
        """The ports of the servers that are up."""
        hosts = [site.host for site in self._sites if site.started]
        if self._runserver and not self._runserver.why_dead:
            hosts.append(self._runserver.host)
        return {int(host.rpartition(":")[2]) for host in hosts}

    @property
    def servers(self) -> Sequence[Site | Runserver | RqWorker | Nginx]:
        """The servers that were asked for, and the worker."""
        nginx = self._front.nginx if self._front else None
        others = [server for server in (self._runserver, self._worker, nginx) if server]
        return [*self._sites, *others]

    @contextmanager
    def manage(self, *arguments: str, without: str = "", env: Mapping[str, str] | None = None) -> Iterator[ManagePy]:
        """Run `manage.py` with these arguments; it is ended when the block is left.

        `env` is added to its environment, the variable `without` taken out.
        """
        project = read_project(self.folder)
        url = self.redis.url if "redis" in self.lesson.needs else ""
        all_env = {**(self._production.env if self._production else {}), **(env or {})}
        its_own = {key: value for key, value in all_env.items() if key != without}
        parent = self._shared.forkserver if self._shared else None
        command = ManagePy(
            *arguments, folder=self.folder, manage_in=project.folder, redis_url=url, env=its_own, parent=parent
        )
        try:
            yield command
        finally:
            command.kill()

    def _begin_site(self, index: int) -> None:
        if "database" in self.lesson.needs and self._migration is None:
            self._begin_database()
        while len(self._sites) <= index:
            self._sites.append(self._start_site(len(self._sites)))
        if self._production and self._collection is None:
            self._begin_collection()

    def _begin_database(self) -> None:
        """Begin to make the database anew: one that somebody has worked with may hold anything."""
        for path in files_of(self.folder):
            if path.suffix == ".sqlite3":
                path.unlink()
        try:
            self._migration = self._stack.enter_context(self.manage("migrate", "--no-input"))
        except NotStarted:
            pass  # there is no manage.py, or it names no settings: the server finds the same, and tells it

    def _begin_worker(self) -> None:
        """Begin to start the worker once the tables are there: it may look at them before it takes a job."""
        if self._worker is None:
            if self._migration and self._migration.wait(deadline_s(MIGRATE_UNITS)) != 0:
                return
            worker = RqWorker(self.folder, self._begin_manage, self.redis.url)
            self._stack.callback(worker.close)
            self._worker = worker
            try:
                worker.begin()
            except NotStarted:
                pass  # there is no manage.py: the server finds the same, and tells it

    def _begin_manage(self, *arguments: str) -> ManagePy:
        return self._stack.enter_context(self.manage(*arguments))

    def _start_site(self, index: int) -> Site:
        url = self.redis.url if "redis" in self.lesson.needs else ""
        serve = serve_forked(self._shared.forkserver) if self._shared else None
        place = self._production.place(index) if self._production else {}
        site = Site(self.folder, redis_url=url, serve=serve, **place)
        self._stack.callback(site.stop)
        return site

    def _restart(self, index: int) -> Site:
        self._sites[index].stop()
        self._sites[index] = self._start_site(index)
        return self._sites[index]

    def _begin_collection(self) -> None:
        try:
            self._collection = self._stack.enter_context(self.manage("collectstatic", "--no-input"))
        except NotStarted:
            pass  # there is no manage.py, or it names no settings: the server finds the same, and tells it

    def close(self) -> None:
        """End everything."""
        if self._early:
            if self._migration:
                self._migration.kill()  # what the thread waits for
            self._early.join()
        self._stack.close()


def _need_success(migration: ManagePy) -> None:
    exit_code = migration.wait(deadline_s(MIGRATE_UNITS))
    if exit_code is None:
        raise NotStarted(f"manage.py migrate did not end within {deadline_s(MIGRATE_UNITS):g} s.")
    if exit_code:
        raise NotStarted(f"manage.py migrate ended with exit code {exit_code}.\n{migration.says}")
