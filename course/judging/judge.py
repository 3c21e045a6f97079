"""Turns what pytest reports of a check into a `CheckResult`."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Collection, Generator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import Any

import pytest

from course.catalog.checklist import split_docstring
from course.catalog.lessons import Lesson, lessons
from course.errors import CourseError, NotRun, NotStarted, Unmet, of_the_machine
from course.judging.aftermath import need_clean_end
from course.judging.cancellation import Cancellation
from course.judging.failure_story import Comparison, tell_failure
from course.judging.time_limit import CHECK_UNITS, Patience, at_most, limit_of
from course.results import CheckResult, Failure
from course.testbed.bed import Bed
from course.testbed.browser.open_page import OpenPage
from course.testbed.clients.transcript import Transcript

TRANSCRIPT = pytest.StashKey[Transcript]()
WINDOWS = pytest.StashKey[OpenPage]()
NUMBER = pytest.StashKey[int]()
OpenBed = Callable[[Lesson], AbstractContextManager[Bed]]


class Judge:
    """Hears of each check as it runs, and keeps its result.

    `open_bed` gives the test bed of a lesson's project; the judge closes it after the lesson's last check.
    """

    NAME = "course-judge"

    def __init__(
        self,
        seed: int,
        open_bed: OpenBed,
        on_result: Callable[[CheckResult], None] | None = None,
        only: Collection[str] = (),
        first: str = "",
        abandon: Cancellation | None = None,
        *,
        shuffled: bool = False,
    ) -> None:
        """Judge a run with this seed; `on_result` hears of each result as it comes.

        `only` names the checks, where not all are wanted, and `first` the one that is run before all others;
        `abandon` may ask for the end of the run. `shuffled` checks come in the order that the seed gives them.
        """
        self._abandon = abandon
        self.__name__ = self.NAME  # what pytest registers a plugin object as
        self.seed = seed
        self.results: list[CheckResult] = []
        self.words: set[str] = set()  # of sample data: all checks share one database, so none comes twice in a run
        self.problem = ""
        self.course_error = ""
        self.refused: CourseError | None = None  # what the machine does not let us do: no check can say anything then
        self._open_bed = open_bed
        self._on_result = on_result
        self._only = only
        self._first = first
        self._shuffled = shuffled
        self._beds = ExitStack()
        self._bed: Bed | None = None
        self._patience = Patience()
        self._compared = Comparison()
        self._pending: CheckResult | None = None  # of the check that runs, until its end is over
        self._item: pytest.Item | None = None

    def bed_for(self, item: pytest.Item) -> Bed:
        """Return the test bed of the lesson that a check belongs to."""
        lesson = _lesson_of(item.path)
        if self._bed is None or self._bed.lesson != lesson:
            self._beds.close()
            self._bed = self._beds.enter_context(self._open_bed(lesson))
        return self._bed

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Give each check its number in its lesson; keep those that are wanted, in the order in which they are."""
        counts = Counter[Path]()
        for item in items:
            counts[item.path.parent] += 1
            item.stash[NUMBER] = counts[item.path.parent]
        items[:] = [item for item in items if not self._only or item.name in self._only]
        if self._shuffled:
            random.Random(self.seed).shuffle(items)
        items.sort(key=lambda item: item.name != self._first)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        """Begin a check: nothing that an earlier one left behind belongs to it."""
        self._item = item
        self._compared = Comparison()
        self._pending = None
        item.stash[TRANSCRIPT] = Transcript()
        self.bed_for(item).begin_check()
        with self._breakable(), at_most(CHECK_UNITS):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Let a check be broken off while it runs."""
        limit = limit_of(self.bed_for(item).lesson, slow=item.get_closest_marker("slow") is not None)
        with self._breakable(), at_most(limit):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        """End a check: what it has opened is closed by now, and must be over."""
        outcome = yield
        passed = self._pending is not None and self._pending.status == "passed"
        if passed and self._bed and item.get_closest_marker("disturbs") is None:
            with self._breakable():
                need_clean_end(self._bed, item.name)
        return outcome

    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> None:
        """Remember what a comparison expected and got, and mark on the timeline where they part."""
        if self._item is not None:
            self._item.stash[TRANSCRIPT].mark(self._compared.take(op, left, right))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep the result of a check, and show its story in pytest's own report too."""
        report = yield
        failed_before = self._pending is not None and self._pending.status != "passed"
        if (call.when == "call" or call.excinfo is not None) and not failed_before:
            self._pending = self._result(item, call)  # a check that passed, but whose end went wrong, counts once
            if self._pending.failure:
                report.sections += _sections(self._pending.failure)
        if call.when == "teardown" and self._pending:
            self._conclude(self._pending)
        return report

    def _conclude(self, result: CheckResult) -> None:
        """Keep a result, now that nothing can change it any more."""
        self._pending = None
        self.results.append(result)
        if result.failure:
            self._patience.take(result.failure)
        if self._on_result:
            self._on_result(result)
        if self._bed and (result.failure or self._shuffled or result.name == self._first):
            self._bed.heal()  # one that is run before its time may have stopped a server that others need

    def pytest_sessionfinish(self) -> None:
        """End the last test bed."""
        self._item = None
        self._bed = None
        self._patience.end()
        self._beds.close()

    def pytest_internalerror(self, excrepr: object) -> None:
        """Keep our own fault for the report."""
        self.course_error = str(excrepr)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep a check file that can't be read as our own fault."""
        if report.failed:
            self.course_error = str(report.longrepr)

    def _breakable(self) -> AbstractContextManager[None]:
        return self._abandon.armed() if self._abandon else nullcontext()

    def _result(self, item: pytest.Item, call: pytest.CallInfo[None]) -> CheckResult:
        docstring = getattr(getattr(item, "obj", None), "__doc__", None)
        title, hints = split_docstring(docstring or item.name.replace("_", " "))
        points = item.get_closest_marker("points")
        facts: dict[str, Any] = {
            "name": item.name,
            "title": title,
            "hints": hints,
            "duration_ms": math.ceil(call.duration * 1000),
            "points": points.args[0] if points else 1,
            "given": item.get_closest_marker("given") is not None,
            "group": "own" if item.get_closest_marker("own") else "guided",
            "number": item.stash[NUMBER],
        }
        if call.excinfo is None:
            return CheckResult(status="passed", **facts)
        error = call.excinfo.value
        if isinstance(error, pytest.skip.Exception):
            return CheckResult(status="skipped", reason=str(error), **facts)
        if isinstance(error, NotRun):
            return CheckResult(status="not run", reason=str(error), **facts)
        if isinstance(error, NotStarted) and all(check.status == "passed" for check in self.results):
            self.problem = error.message  # what failed before it has a story of its own, and comes first
        if isinstance(error, AssertionError | pytest.fail.Exception) and not _is_ours(call.excinfo):
            seen: dict[str, Any] = {"transcript": item.stash[TRANSCRIPT], "windows": item.stash.get(WINDOWS, None)}
            failure = tell_failure(item, call.excinfo, bed=self.bed_for(item), compared=self._compared, **seen)
            return CheckResult(status="failed", failure=failure, **facts)
        if refused := of_the_machine(error):
            self.refused = self.refused or refused
            item.session.shouldstop = refused.message
            return CheckResult(status="error", reason=refused.message, **facts)
        if isinstance(error, CourseError):
            return CheckResult(status="error", reason=f"{error.message} {error.hint}", **facts)
        return CheckResult(status="error", reason=str(call.excinfo.getrepr(style="short")), **facts)


def judge_of(config: pytest.Config) -> Judge:
    """Return the judge of this pytest run."""
    judge = config.pluginmanager.get_plugin(Judge.NAME)
    assert isinstance(judge, Judge)
    return judge


def _lesson_of(path: Path) -> Lesson:
    for lesson in lessons(path.parents[2]):  # of the course that the check lies in
        if path.is_relative_to(lesson.checks):
            return lesson
    raise CourseError(f"{path} belongs to no lesson.", "Checks live in checks/NN_slug/, named like their lesson.")


def _is_ours(excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
    """Tell whether an assertion of the engine itself broke, which says nothing about the student's work."""
    raised_in = Path(excinfo.traceback[-1].path)
    return not isinstance(excinfo.value, Unmet) and raised_in.is_relative_to(Path(__file__).parents[1])


def _sections(failure: Failure) -> list[tuple[str, str]]:
    lines = [
        f"{e.at_ms:6} ms  {e.who:8} {e.direction} {e.what}{'   <-- here' * e.diverged}" for e in failure.transcript
    ]
    found = [("on the wire", "\n".join(lines)), ("the server says", failure.server_says)]
    return [(title, text) for title, text in found if text]
