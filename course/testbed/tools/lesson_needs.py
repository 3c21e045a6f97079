"""What lessons need beside Python: it is looked for, and got where that is possible; each step is said aloud."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from course.catalog.lessons import Lesson
from course.console import err
from course.errors import NotStarted


def provide(chosen: Iterable[Lesson], project: Path | None = None) -> None:
    """Get what these lessons need and is not here; without it, their checks are skipped.

    The packages of a client are those of `project`, unless it is the lesson's own.
    """
    chosen = list(chosen)
    if any("browser" in lesson.needs for lesson in chosen):
        _provide_browser()
    if any("nginx" in lesson.needs for lesson in chosen):
        _provide_nginx()
    for lesson in chosen:
        if "node" in lesson.needs:
            _provide_packages(lesson, project or lesson.starter)


def lacking(lesson: Lesson) -> bool:
    """Tell whether there is something to get for a lesson, which takes a while."""
    from course.testbed.servers import nginx
    from course.testbed.tools import browser_install as provision
    from course.testbed.tools import node

    return (
        ("browser" in lesson.needs and not provision.find())
        or ("nginx" in lesson.needs and not nginx.find())
        or ("node" in lesson.needs and not node.is_ready(lesson.starter))
    )


def _provide_browser() -> None:
    from course.testbed.tools import browser_install as provision

    try:
        provision.provide(_say)
    except provision.NoBrowser as reason:
        _say(f"{reason.message} {reason.hint} Checks that need a browser are skipped.")


def _provide_nginx() -> None:
    from course.testbed.servers import nginx

    try:
        nginx.provide(_say)
    except nginx.NoNginx as reason:
        _say(f"{reason.message} {reason.hint} Checks that need nginx are skipped.")


def _provide_packages(lesson: Lesson, project: Path) -> None:
    from course.testbed.tools import node

    try:
        node.provide(node.client_of(project), _say)
    except node.NoNode as reason:
        _say(f"{reason.message} {reason.hint} Checks of lesson {lesson.number} that need it are skipped.")
    except NotStarted:
        pass  # the project's own fault: its checks tell it


def _say(line: str) -> None:
    err.print(line, markup=False, soft_wrap=True)
