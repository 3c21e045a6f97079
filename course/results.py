"""What a run of checks found: data, and nothing that prints."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

FRAME = re.compile(r'File "([^"/<][^"]*)", line (\d+)')  # of the project: others have absolute paths
Isolation = Literal["caged", "container", "none"]
Status = Literal["passed", "failed", "error", "skipped", "not run"]
Group = Literal["guided", "own"]
Verdict = Literal["passed", "failed", "refused", "unjudged"]
OUR_FAULT = 3  # the exit code of a fault of the course itself, never of a submission
REDIS, WORKER, SERVER = "Redis", "worker", "server"  # who takes part in a run beside the clients


@dataclass(frozen=True)
class WireEvent:
    """One line of the wire transcript; `at_ms` counts from the start of the check.

    At the other end of the arrow is the server, unless `peer` names somebody else.
    """

    at_ms: int
    who: str
    arrow: str  # "→" to the server, "←" from it, "·" for everything else
    what: str
    diverged: bool = False
    peer: str = ""

    @property
    def direction(self) -> str:
        """The arrow, and to or from whom it is where that is not plain."""
        return f"{self.arrow} {self.peer}" if self.peer else self.arrow


def is_beside(who: str, peer: str) -> bool:
    """Tell whether an event is what a server said to Redis, or a worker did: nothing that a client sees."""
    return peer == REDIS or who in (REDIS, WORKER)


@dataclass(frozen=True)
class Place:
    """A line of the student's project."""

    file: str  # as a path in the project
    line: int


@dataclass(frozen=True)
class Failure:
    """Why a check failed, in the student's words."""

    message: str
    expected: str = ""
    got: str = ""
    where: str = ""  # the line of the check that was not met
    transcript: tuple[WireEvent, ...] = ()
    server_says: str = ""  # the server's traceback, cut to the student's own frames
    likely: str = ""  # the name of the mistake that looks like this failure
    cause: str = ""  # why, in one or two sentences; a rule may know it without a name
    confirmed: bool = False  # evidence shows that it is the cause; else it is a possible one, to be asked
    attachments: tuple[str, ...] = ()  # paths of files, a screenshot for one


@dataclass(frozen=True)
class CheckResult:
    """The outcome of one check."""

    name: str  # the test function
    title: str  # first line of its docstring
    hints: tuple[str, ...]
    status: Status
    duration_ms: int = 0
    points: int = 1
    given: bool = False
    group: Group = "guided"  # "own": what the page asks for and shows no code for
    number: int = 1  # its place among the checks of its lesson
    reason: str = ""  # of a skip, an error, or a check that was not run
    failure: Failure | None = None


def first_failure(checks: Iterable[CheckResult]) -> CheckResult | None:
    """Return the first of these checks that did not pass; a skipped one is no failure."""
    return next((check for check in checks if check.status in ("failed", "error")), None)


@dataclass(frozen=True)
class Report:
    """The outcome of a lesson's checks over one project."""

    lesson: str
    title: str
    project: str
    seed: int
    checks: tuple[CheckResult, ...]
    duration_ms: int = 0
    problem: str = ""  # why the project did not start, with file and line
    course_error: str = ""  # our own fault, with its traceback
    versions: dict[str, str] = field(default_factory=dict)
    isolation: Isolation = "none"  # from us, of what was judged: what it could reach while it ran
    left_out: int = 0  # slow checks, which nobody has asked for
    submission: str = ""  # whose project it is, where a class is graded
    refused: str = ""  # why a submission could not be taken in: its own trouble, never ours

    @property
    def verdict(self) -> Verdict:
        """Return how it ended; what we could not judge, or not all of, is no failure of the project."""
        if self.refused:
            return "refused"
        if self.course_error or any(check.status in ("error", "skipped") for check in self.checks):
            return "unjudged"
        return "passed" if self.passed else "failed"

    def of(self, group: Group) -> tuple[CheckResult, ...]:
        """Return the checks of a group."""
        return tuple(check for check in self.checks if check.group == group)

    @property
    def passed(self) -> bool:
        """Tell whether the lesson is passed: every guided check ran and passed; a skipped check is not a pass.

        Where only own checks ran, they decide.
        """
        return _all_passed(self.of("guided") or self.checks)

    @property
    def all_passed(self) -> bool:
        """Tell whether every check passed, the own ones too."""
        return _all_passed(self.checks)

    @property
    def mastered(self) -> bool:
        """Tell whether the lesson is mastered: it has own checks, and they passed with the guided ones."""
        return bool(self.of("guided") and self.of("own")) and self.all_passed

    @property
    def own_outcome(self) -> bool | None:
        """Return whether the own checks passed, or None where they say nothing: none ran, or one was skipped."""
        if self.mastered:
            return True
        return False if any(check.status == "failed" for check in self.of("own")) else None

    @property
    def points(self) -> int:
        """Return the points earned."""
        return sum(check.points for check in self.checks if check.status == "passed")

    @property
    def points_possible(self) -> int:
        """Return the points that could be earned."""
        return sum(check.points for check in self.checks)

    @property
    def first_failure(self) -> CheckResult | None:
        """Return the first check that did not pass, which is where the student goes on."""
        return first_failure(self.checks)

    @property
    def place(self) -> Place | None:
        """Return the student's line where it went wrong, as far as an exception tells it: its last frame."""
        failure = self.first_failure.failure if self.first_failure else None
        told = [self.problem, *([failure.server_says, failure.message] if failure else [])]
        found = [Place(file, int(line)) for text in told for file, line in FRAME.findall(text)[-1:]]
        return found[0] if found else None

    @property
    def trouble(self) -> str:
        """Return in one line what is wrong first, and an empty text where nothing is.

        That is why the project was not judged or did not start, or else the first check that did not pass.
        """
        if self.refused or self.course_error:
            return self.refused or self.course_error.strip().splitlines()[-1]
        if self.problem:
            return f"It did not start. {self.problem.splitlines()[-1].strip()}"
        return next((check.title for check in self.checks if check.status != "passed"), "")

    @property
    def judges_the_work(self) -> bool:
        """Tell whether it says something about the work: a check that was skipped, or our own fault, does not."""
        failed = any(check.status == "failed" for check in self.of("guided") or self.checks)
        return self.passed or (failed and self.exit_code != OUR_FAULT)

    @property
    def exit_code(self) -> int:
        """Return 0 for a pass, 1 for a guided check that failed or was skipped, 3 for our own fault."""
        if self.course_error or any(check.status == "error" for check in self.checks):
            return OUR_FAULT
        return 0 if self.passed else 1


def _all_passed(checks: tuple[CheckResult, ...]) -> bool:
    return bool(checks) and all(check.status == "passed" for check in checks)
