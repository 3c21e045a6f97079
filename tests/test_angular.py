"""The Angular app of lesson 16 is built, and shows a student's seats live, with the same service as the graded page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from course.catalog.lessons import find
from course.project.scratch_copy import scratch
from course.testbed.bed import Bed
from course.testbed.browser.open_page import OpenPage
from course.testbed.browser.page import Page
from course.testbed.clients.transcript import Transcript
from course.testbed.deadlines import comes_true, deadline_s
from course.testbed.failed_waits import FailedWaits
from course.testbed.processes.process import Process
from course.testbed.tools import node, node_packages
from course.testbed.tools.browser_install import NoBrowser

LESSON = find("16")
SUBSCRIBED = "Subscribed to s1 events."


@pytest.fixture(scope="session")
def built() -> Iterator[Path]:
    """Return the solved project with both clients built."""
    with scratch(LESSON, solved=True) as folder:
        app = folder / "angular"
        try:
            node_packages.provide(app, lambda line: None)
        except node.NoNode as reason:
            pytest.skip(reason.message)
        node_packages.link(app)
        build = Process([node.need().npm, "run", "build", *node.QUIET], cwd=app, env=node.environment())
        code = build.wait(deadline_s(120))
        build.kill()

        assert code == 0, build.output
        yield folder


@pytest.fixture(scope="session")
def bed(built: Path) -> Iterator[Bed]:
    with closing(Bed(LESSON, built)) as bed:
        try:
            bed.browser_contexts.need()
        except NoBrowser as reason:
            pytest.skip(reason.message)
        yield bed


@pytest.fixture
def page(bed: Bed) -> Iterator[Page]:
    """Return the app's page, for a student who has logged in."""
    opener = OpenPage(bed.browser_contexts, bed.site(0), lambda: bed.ports, Transcript(), FailedWaits())
    page = opener("/accounts/login/?next=/angular/", name="s1")
    page.type("#id_username", "s1")
    page.type("#id_password", "tea-for-two")
    page.press("Enter")
    page.waits_for_text("#latest", SUBSCRIBED)
    yield page
    opener.close_all()


def register(bed: Bed, section: str, server: int = 0) -> None:
    assert bed.site(server).post("/registrations/", {"student": "s1", "section": section}).status == 201


def test_the_app_follows_its_student(built: Path, bed: Bed, page: Page) -> None:
    """A seat reaches the app by the service's one WebSocket; one that was got while its server was away follows."""
    # One test, because the builds before it take longer than all that it tries, and workers of pytest share nothing.
    page.waits_for_texts("#seats li", ["none yet"])
    register(bed, "history")
    page.waits_for_texts("#seats li", ["history"])

    assert page.text("#latest") == "SUCCESS: history"
    assert len(page.sockets) == 1
    assert page.errors == []

    site = bed.site(0)
    bed.site(1)
    site.stop()
    register(bed, "tasting", server=1)
    page.waits_for_refusals(1)
    site.start_again()

    assert comes_true(lambda: page.count("#seats [data-section=tasting]") == 1, 10)
    assert not [error for error in page.errors if error.startswith("Uncaught")]

    # The app detects changes without zone.js, and the service shares the app's RxJS.
    bundle = (built / "client" / "dist" / "angular" / "main.js").read_text(encoding="utf-8")
    assert "ZoneAwarePromise" not in bundle
    assert bundle.count("object unsubscribed") == 1
