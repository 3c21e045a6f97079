"""Expected trouble.

CourseError        something the person at the keyboard can put right (exit code 2)
└── LessonNotFound   no lesson goes by that name
Unmet              the project under check did not do what its contract says
└── NotStarted       the project's server could not be started at all
NotRun             a check was not tried, because what it builds on has failed

Anything else that reaches the top is our own fault (exit code 3), unless the machine has refused something: see
`of_the_machine`.
"""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

FEWER = "End other programs, or raise the limit that `ulimit -a` shows. Then try again."
ELSEWHERE = "copy the course to a folder where you may write, and start it there: cp -r . ~/channels-on-the-wire"


class CourseError(Exception):
    """A fact about what is wrong, and the next thing to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the fact and the next step."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class LessonNotFound(CourseError):
    """No lesson goes by the name that was given."""


def of_the_machine(error: BaseException) -> CourseError | None:
    """Return as a fact and a next step what the machine refuses us, such as room or processes; None for all else."""
    if isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and "start new thread" in str(error)):
        return CourseError("The machine has no memory, or no thread, left for the course.", FEWER)
    if not isinstance(error, OSError):
        return None
    path = error.filename2 or error.filename or ""  # of a copy, the file that is written
    where = f": {path}" if path else ""
    room = f"Make room there, and for temporary files in {tempfile.gettempdir()}. Then try again."
    told = {
        errno.ENOSPC: (f"The disk is full{where}.", room),
        errno.EFBIG: (f"A file would be larger than your limit{where}.", "Raise the limit: ulimit -f unlimited"),
        errno.EROFS: (f"The disk is read-only{where}.", f"You can {ELSEWHERE}"),
        errno.EACCES: (f"The system does not allow the course to use a file{where}.", f"Allow it, or {ELSEWHERE}"),
        errno.EMFILE: (f"Too many files are open{where}.", "Raise the limit, then try again: ulimit -n 4096"),
        errno.EAGAIN: ("The machine starts no more processes for the course.", FEWER),
        errno.ELOOP: (f"A link leads to itself{where}.", f"Remove it: rm {path}"),
        errno.ENAMETOOLONG: (f"A path is too long for this system{where}.", "Move the course to a shorter path."),
    }
    same = {
        errno.EDQUOT: errno.ENOSPC,
        errno.EPERM: errno.EACCES,
        errno.ENFILE: errno.EMFILE,
        errno.ENOMEM: errno.EAGAIN,
    }
    number = same.get(error.errno or 0, error.errno or 0)
    return CourseError(*told[number]) if number in told else None


@contextmanager
def refusals_told() -> Iterator[None]:
    """Raise as CourseError what the machine refuses in between."""
    try:
        yield
    except (OSError, RuntimeError, MemoryError) as error:
        if refused := of_the_machine(error):
            raise refused from error
        raise


class Unmet(AssertionError):
    """An expectation of a check that the project did not meet, in the student's words."""

    def __init__(self, message: str, *, expected: str = "", got: str = "") -> None:
        """Keep what the story tells."""
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.got = got


class NotStarted(Unmet):
    """The project's server did not come up; `message` holds the reason with file and line."""


class NotRun(Exception):
    """A check was not tried, because another one that it builds on has failed; the text says which."""
