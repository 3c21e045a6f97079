"""How a submission is kept from the judge and from its neighbours, decided before anything of it runs."""

from __future__ import annotations

from course.catalog.lessons import Lesson
from course.results import Isolation
from course.testbed.cage import namespaces, self_test
from course.testbed.tools import apt
from course.testbed.tools.bubblewrap_install import NoCage, find, provide

UNCAGED = "--trust-submissions"


def need_cage(lesson: Lesson, say: apt.Say) -> None:
    """Get what cages are made of where it is missing, and prove that one holds.

    Raises NoCage where the submissions of a lesson can't be caged here; nothing of them may run then.
    """
    provide(say)
    self_test.prove()


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
    except (NoCage, OSError) as reason:
        if wanted:
            raise NoCage(f"The project can't be caged: {reason}", "What is wrong: python3 course doctor") from None
        return "none", str(reason)
    return "caged", ""
