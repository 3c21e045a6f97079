"""What checks are written with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing

import pytest

from course.judging.judge import TRANSCRIPT, WINDOWS, judge_of
from course.project.source_queries import Source
from course.testbed.bed import Bed
from course.testbed.browser.open_page import OpenPage
from course.testbed.clients.early_sender import EarlySender
from course.testbed.clients.http_session import HttpSession
from course.testbed.clients.transcript import Transcript
from course.testbed.clients.websocket_connect import Connect
from course.testbed.sample_data import SampleData
from course.testbed.servers.daphne import Site
from course.testbed.servers.manage_py import ManagePy
from course.testbed.servers.redis_server import Redis
from course.testbed.servers.rq_worker import RqWorker
from course.testbed.servers.runserver import Runserver
from course.testbed.servers.sqlite_locks import SqliteDatabase
from course.testbed.servers.topology import Topology
from course.testbed.tools.browser_install import NoBrowser
from course.testbed.tools.client_build import ClientBuild
from course.testbed.tools.nginx_install import NoNginx
from course.testbed.tools.node import NoNode


@pytest.fixture
def bed(request: pytest.FixtureRequest) -> Bed:
    """The test bed of the project under check; checks use the parts of it below."""
    return judge_of(request.config).bed_for(request.node)


@pytest.fixture
def site(bed: Bed) -> Site:
    """The running project, served by Daphne from its real `asgi.py`.

    The check fails here, with file and line, when the project does not start. Where its page has to be built and
    there is no Node to do it, the check is skipped, and so not passed.
    """
    try:
        found = bed.site(0)
    except NoNode as reason:
        pytest.skip(f"{reason.message} {reason.hint}")
    assert found.host
    return found


@pytest.fixture
def client(bed: Bed, site: Site) -> ClientBuild:
    """The part of the project that npm has built: `client.types()` tells what the TypeScript compiler finds in it."""
    assert site.host
    return bed.client


@pytest.fixture
def second_site(bed: Bed, site: Site) -> Site:
    """Another server process of the same project, on the same Redis."""
    found = bed.site(1)
    assert found.host
    return found


@pytest.fixture
def transcript(request: pytest.FixtureRequest) -> Transcript:
    """The timeline of this check, which a failure prints."""
    timeline: Transcript = request.node.stash[TRANSCRIPT]
    return timeline


@pytest.fixture
def connect(bed: Bed, site: Site, transcript: Transcript) -> Iterator[Connect]:
    """Opens WebSockets to `site`: `with connect("/ws/sc/") as ana: …`."""
    opener = Connect(site, bed.loop, transcript)
    yield opener
    opener.close_all()


@pytest.fixture
def visit(site: Site, transcript: Transcript) -> Callable[[str], HttpSession]:
    """Lets somebody come to `site` over HTTP: `ana = visit("ana")`, with cookies of their own."""
    return lambda name: HttpSession(name, site, transcript)


@pytest.fixture
def send_early(site: Site, transcript: Transcript) -> EarlySender:
    """Somebody who sends before they know whether they are welcome: `send_early("/ws/sc/", ["hello"], name="eva")`."""
    return EarlySender(site, transcript)


@pytest.fixture
def open_page(request: pytest.FixtureRequest, bed: Bed, site: Site, transcript: Transcript) -> Iterator[OpenPage]:
    """Opens windows of a real Chrome on pages of `site`: `ana = open_page("/", name="ana")`.

    A check that needs it is skipped, and so not passed, where there is no browser.
    """
    try:
        bed.browser_contexts.need()
    except NoBrowser as reason:
        pytest.skip(f"{reason.message} {reason.hint}")
    opener = OpenPage(bed.browser_contexts, site, lambda: bed.ports, transcript, bed.waits)
    request.node.stash[WINDOWS] = opener
    yield opener
    opener.close_all()
    bed.browser_contexts.heal()


@pytest.fixture
def topology(bed: Bed) -> Topology:
    """The whole site: nginx with the project's `nginx.conf.template`, before two Daphnes that run.

    A check that needs it is skipped, and so not passed, where there is no nginx. It fails here, with file and line,
    when nginx does not accept the configuration.
    """
    try:
        return bed.topology
    except NoNginx as reason:
        pytest.skip(f"{reason.message} {reason.hint}")


@pytest.fixture
def manage(bed: Bed) -> Callable[..., AbstractContextManager[ManagePy]]:
    """Runs the project's own `manage.py`: `with manage("check") as command: …`.

    The command is ended when the block is left.
    """
    return bed.manage


@pytest.fixture
def runserver(bed: Bed) -> Runserver:
    """The project under its own `manage.py runserver`, on a free port.

    The check fails here when it does not come up.
    """
    assert bed.runserver.host
    return bed.runserver


@pytest.fixture
def worker(bed: Bed, site: Site) -> RqWorker:
    """The project's own `manage.py rqworker`, which takes jobs when the check begins.

    The check fails here, with file and line, when it does not come up.
    """
    assert site.host
    bed.worker.start()
    return bed.worker


@pytest.fixture
def second_worker(bed: Bed, worker: RqWorker) -> Iterator[RqWorker]:
    """Another `manage.py rqworker` of the same project, which takes jobs once the check starts it."""
    with closing(bed.another_worker()) as second:
        yield second


@pytest.fixture
def database(bed: Bed, site: Site) -> SqliteDatabase:
    """The project's SQLite, which a check can keep busy: `with database.commits_wait(): …`."""
    assert site.host
    return SqliteDatabase(bed.folder, bed.spawn)


@pytest.fixture
def redis(bed: Bed) -> Redis:
    """The Redis of this run; lessons find its address in REDIS_URL."""
    return bed.redis


@pytest.fixture
def source(bed: Bed) -> Source:
    """The project's source as text, for the few questions that the wire can't answer."""
    return bed.source


@pytest.fixture
def fresh(request: pytest.FixtureRequest) -> SampleData:
    """Texts, names and numbers that are new in each run, so that no canned answer passes.

    They come from a seed that the report prints; `--seed` repeats a run.
    """
    judge = judge_of(request.config)
    return SampleData(f"{judge.seed} {request.node.name}", judge.words)
