"""What lessons need beside Python: it is looked for, and got where that is possible; each step is said aloud."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from course.catalog.lessons import Lesson
from course.errors import CourseError, NotStarted

# What gets them is imported where it is asked for: most commands and lessons do without.
Say = Callable[[str], None]


def provide(chosen: Iterable[Lesson], say: Say, project: Path | None = None, *, trusted: bool = True) -> None:
    """Get what these lessons need and is not here, and `say` so; without it, their checks are skipped.

    The packages of a client are those of `project`, unless it is the lesson's own. Those of one that is not `trusted`
    are not got from anywhere but npm's registry.
    """
    chosen = list(chosen)
    if any("browser" in lesson.needs for lesson in chosen):
        from course.testbed.tools import browser_install

        with _skips("that need a browser", browser_install.NoBrowser, say):
            browser_install.provide(say)
    if any("nginx" in lesson.needs for lesson in chosen):
        from course.testbed.tools import nginx_install

        with _skips("that need nginx", nginx_install.NoNginx, say):
            nginx_install.provide(say)
    for lesson in chosen:
        if "node" in lesson.needs:
            from course.testbed.tools import node, node_packages

            wanted = project if project and (trusted or node_packages.is_harmless(project)) else lesson.starter
            with _skips(f"of lesson {lesson.number} that need it", node.NoNode, say):
                node_packages.provide(node_packages.client_of(wanted), say)


def lacking(lesson: Lesson) -> bool:
    """Tell whether there is something to get for a lesson, which takes a while."""
    from course.testbed.tools import browser_install, nginx_install, node_packages

    return (
        ("browser" in lesson.needs and not browser_install.find())
        or ("nginx" in lesson.needs and not nginx_install.find())
        or ("node" in lesson.needs and not node_packages.is_ready(lesson.starter))
    )


@contextmanager
def _skips(checks: str, lack: type[CourseError], say: Say) -> Iterator[None]:
    """Say which checks are skipped where something can't be got."""
    try:
        yield
    except lack as reason:
        say(f"{reason.message} {reason.hint} Checks {checks} are skipped.")
    except NotStarted:
        pass  # the project's own fault: its checks tell it
