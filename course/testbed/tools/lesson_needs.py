"""What lessons need beside Python: it is looked for, and got where that is possible; each step is said aloud."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from course.catalog.lessons import Lesson
from course.errors import NotStarted

Say = Callable[[str], None]


def provide(chosen: Iterable[Lesson], say: Say, project: Path | None = None) -> None:
    """Get what these lessons need and is not here, and `say` so; without it, their checks are skipped.

    The packages of a client are those of `project`, unless it is the lesson's own.
    """
    chosen = list(chosen)
    if any("browser" in lesson.needs for lesson in chosen):
        _provide_browser(say)
    if any("nginx" in lesson.needs for lesson in chosen):
        _provide_nginx(say)
    for lesson in chosen:
        if "node" in lesson.needs:
            _provide_packages(lesson, project or lesson.starter, say)


def lacking(lesson: Lesson) -> bool:
    """Tell whether there is something to get for a lesson, which takes a while."""
    from course.testbed.tools import browser_install as provision
    from course.testbed.tools import nginx_install as nginx
    from course.testbed.tools import node

    return (
        ("browser" in lesson.needs and not provision.find())
        or ("nginx" in lesson.needs and not nginx.find())
        or ("node" in lesson.needs and not node.is_ready(lesson.starter))
    )


def _provide_browser(say: Say) -> None:
    from course.testbed.tools import browser_install as provision

    try:
        provision.provide(say)
    except provision.NoBrowser as reason:
        say(f"{reason.message} {reason.hint} Checks that need a browser are skipped.")


def _provide_nginx(say: Say) -> None:
    from course.testbed.tools import nginx_install as nginx

    try:
        nginx.provide(say)
    except nginx.NoNginx as reason:
        say(f"{reason.message} {reason.hint} Checks that need nginx are skipped.")


def _provide_packages(lesson: Lesson, project: Path, say: Say) -> None:
    from course.testbed.tools import node

    try:
        node.provide(node.client_of(project), say)
    except node.NoNode as reason:
        say(f"{reason.message} {reason.hint} Checks of lesson {lesson.number} that need it are skipped.")
    except NotStarted:
        pass  # the project's own fault: its checks tell it
