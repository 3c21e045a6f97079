"""Pictures of a lesson's page in a browser, for the docs."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from course.catalog.lessons import Lesson
from course.catalog.mistakes import Mistake
from course.errors import CourseError
from course.judging.session import run_checks
from course.project.scratch_copy import scratch
from course.testbed.bed import Bed
from course.testbed.browser.open_page import OpenPage
from course.testbed.browser.page import Page
from course.testbed.clients.transcript import Transcript
from course.testbed.failed_waits import FailedWaits


def of_page(lesson: Lesson) -> bytes:
    """Return a picture of the solved lesson's page in use, as PNG."""
    with windows_of(lesson) as open_page:
        return base64.b64decode(SCENES[lesson.slug](open_page).screenshot())


@contextmanager
def windows_of(lesson: Lesson) -> Iterator[OpenPage]:
    """Run the solved lesson, and yield what opens browser windows on it; they are closed afterwards."""
    with scratch(lesson, solved=True) as folder, closing(Bed(lesson, folder)) as bed:
        if "worker" in lesson.needs:
            bed.worker.start()
        opener = OpenPage(bed.browser_contexts, bed.site(0), lambda: bed.ports, Transcript(), FailedWaits())
        try:
            yield opener
        finally:
            opener.close_all()


def of_failure(lesson: Lesson, mistake: Mistake, seed: int) -> bytes:
    """Return the picture that the check of a mistake leaves behind when it fails, as PNG."""
    report = run_checks(lesson, mistake=mistake, only=mistake.caught_by, seed=seed)
    failure = report.checks[0].failure
    if not failure or not failure.attachments:
        raise CourseError(f"The mistake {mistake.name} left no picture.", "Is there a browser? python3 course doctor")
    return (lesson.root / failure.attachments[0]).read_bytes()


def _order_tea(open_page: OpenPage) -> Page:
    ana = open_page("/")
    ana.waits_for_attribute("#status", "data-state", "open")
    for number, text in enumerate(("Good morning, tea house!", "A pot of Assam, please."), 1):
        ana.type("#message", text)
        ana.press("Enter")
        ana.waits_for_count("#log li", number)
    ana.type("#message", "And two cups")
    ana.waits_for_value("#message", "And two cups")
    return ana


def _talk_alone(open_page: OpenPage) -> Page:
    ana = open_page("/chat/tea/")
    _say(ana, "Is anybody here?", "I am.")
    ana.type("#chat-message-input", "Then we are two")
    return ana


def _talk_by_name(open_page: OpenPage) -> Page:
    pages = {}
    for name in ("ana", "ben", "<b>dan</b>"):
        pages[name] = log_in(open_page, name, "?next=/chat/tea/")
    for name, text in {"ben": "Good morning!", "<b>dan</b>": "<i>Morning.</i>", "ana": "Tea is ready."}.items():
        _say(pages[name], text)
    pages["ana"].waits_for_count("#chat-log li", 3)
    return pages["ana"]


def _await_tasks(open_page: OpenPage) -> Page:
    ana = open_page("/")
    for number, (duration, status) in enumerate([("0.2", "SUCCESS"), ("0", "FAILURE"), ("30", "PENDING")], 1):
        ana.type("#duration", duration)
        ana.click("#start")
        ana.waits_for_attribute(f"#tasks li:nth-child({number})", "data-state", status)
    return ana


def _register_twice(open_page: OpenPage) -> Page:
    s1 = log_in(open_page, "s1")
    for number in (1, 2, 3):
        s1.waits_for_count("#events li", number)
        s1.waits_for_count("#sections li", 4)
        if number < 3:
            s1.click("[data-section=brewing] button")
    s1.waits_for_log("[data-section=brewing]", "29 free")
    return s1


def _register_by_service(open_page: OpenPage) -> Page:
    s1 = log_in(open_page, "s1")
    s1.waits_for_path("/")
    s1.settle()
    s1.click("#subscribe")
    s1.waits_for_count("#events li", 1)
    s1.click("[data-section=brewing] button")
    s1.waits_for_count("#events li", 2)
    s1.click("#send")
    s1.waits_for_count("#events li", 3)
    s1.waits_for_count("#seats li", 2)
    return s1


def log_in(open_page: OpenPage, name: str, query: str = "") -> Page:
    """Open a window in which somebody has logged in."""
    page = open_page(f"/accounts/login/{query}", name=name)
    page.type("#id_username", name)
    page.type("#id_password", "tea-for-two")
    page.press("Enter")
    return page


def _say(page: Page, *texts: str) -> None:
    page.waits_for_socket("/ws/chat/tea/")
    for text in texts:
        page.type("#chat-message-input", text)
        page.press("Enter")
        page.waits_for_log("#chat-log", text)


SCENES: dict[str, Callable[[OpenPage], Page]] = {
    "06_browser_client": _order_tea,
    "08_chat_pages": _talk_alone,
    "11_chat_security": _talk_by_name,
    "14_task_push": _await_tasks,
    "15_course_registration": _register_twice,
    "16_rxjs_client": _register_by_service,
}
