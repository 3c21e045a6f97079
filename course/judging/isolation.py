"""How a submission is kept from the judge and from its neighbours, decided before anything of it runs."""

from __future__ import annotations

from course.catalog.lessons import Lesson
from course.results import Isolation
from course.testbed.cage import namespaces, self_test
from course.testbed.cage.cage import Cage
from course.testbed.cage.limits import OF_TESTS
from course.testbed.tools import apt
from course.testbed.tools.bubblewrap_install import NoCage, find, provide

MOST_BYTES = 4096 * 1024 * 1024  # of the judge, whatever a submission gives it to read
SHOWN = ("inside", "nursery.py")  # of a lesson's checks: what runs beside the student's tests, and judges nothing


def need_cage(say: apt.Say) -> None:
    """Get what cages are made of where it is missing, and prove that one holds.

    Raises NoCage where there can be none; nothing of a submission may run then.
    """
    provide(say)
    self_test.prove()


def cage_for(lesson: Lesson, core: int | None = None) -> Cage:
    """Return the cage for a project of a lesson, on one core of the machine where that is said."""
    if lesson.server:
        return Cage(core=core)
    shown = [lesson.checks / name for name in SHOWN]
    return Cage(OF_TESTS, shown=[path for path in shown if path.exists()], shows_browser=True, core=core)


def move_in(wanted: Isolation | None) -> tuple[Isolation, str]:
    """Move this process to where it can judge in a cage; return the isolation that it has now, and why it is none.

    Where nothing is `wanted`, what can be had will do. Call it before anything has started a thread. Raises NoCage
    where a cage is wanted and can't be had.
    """
    if wanted == "none":
        return "none", ""
    try:
        if not find():
            raise NoCage("There is no bubblewrap here.", "Debian, Ubuntu: sudo apt-get install bubblewrap")
        namespaces.enter()
        _limit_ourselves()
    except (NoCage, OSError) as reason:
        if wanted:
            raise NoCage(f"The project can't be caged: {reason}", "What is wrong: python3 course doctor") from None
        return "none", " ".join(filter(None, [str(reason), getattr(reason, "hint", "")]))
    return "caged", ""


def _limit_ourselves() -> None:
    import resource  # there is none on Windows, where there are no cages

    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
