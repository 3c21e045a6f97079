"""One run of a lesson's checks over one project."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection
from contextlib import ExitStack, closing, nullcontext
from importlib.metadata import version
from pathlib import Path

from course.catalog.checklist import checklist
from course.catalog.lessons import Lesson
from course.catalog.mistakes import Mistake
from course.errors import refusals_told
from course.judging.cancellation import Cancellation
from course.judging.isolation import cage_for
from course.project.scratch_copy import scratch
from course.results import CheckResult, Isolation, Report
from course.testbed.bed import Bed
from course.testbed.sample_data import new_seed
from course.testbed.shared import SharedParts

PACKAGES = ("django", "channels", "daphne")
ENDED_FROM_OUTSIDE = "Somebody outside of its cage has ended a process of the project."
WITHOUT = (
    *("terminal", "cacheprovider", "faulthandler", "logging", "junitxml", "pastebin", "stepwise", "debugging"),
    "unraisableexception",  # it collects garbage twice at the end, which takes as long as ten checks
)


def run_checks(
    lesson: Lesson,
    *,
    project: Path | None = None,
    solved: bool = False,
    mistake: Mistake | None = None,
    only: Collection[str] = (),
    first: str = "",
    include_slow: bool = False,
    stop_at_failure: bool = False,
    shuffled: bool = False,
    seed: int | None = None,
    on_result: Callable[[CheckResult], None] | None = None,
    shared: SharedParts | None = None,
    abandon: Cancellation | None = None,
    isolation: Isolation = "none",
    core: int | None = None,
) -> Report:
    """Run a lesson's checks and return what they found.

    The project is the student's own in lessons/ unless `project` names another; see `scratch_copy.scratch` for
    `solved` and `mistake`. `only` names the checks where not all are wanted, and `first` the one whose result is wanted
    before all others; with `stop_at_failure`, the first failure ends the run, and `shuffled` gives the checks an order
    by chance, as the seed has it. `shared` holds parts that outlive the run, for speed. Where `isolation` is
    "caged", this process has to have entered namespaces of its own, and nothing is shared; the project's processes keep
    to one `core` where it is said. Raises KeyboardInterrupt when the run is interrupted, or `abandon` asks for its end,
    and CourseError where the project can't be copied, or the machine refuses what a check needs.
    """
    began = time.monotonic()
    seed = new_seed() if seed is None else seed
    if shared:
        shared.begin_run()
    with ExitStack() as stack:
        stack.enter_context(refusals_told())
        cage = stack.enter_context(closing(cage_for(lesson, core))) if isolation == "caged" else None
        place = cage.home if cage else None
        made = scratch(lesson, project, solved=solved or mistake is not None, mistake=mistake, place=place)
        bed = stack.enter_context(closing(Bed(lesson, stack.enter_context(made), None if cage else shared, cage)))
        bed.warm_up()
        import pytest  # here, while the server is starting

        for habit in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
            os.environ.pop(habit, None)  # what somebody sets for their own tests changes no verdict

        from course.judging.judge import Judge

        judge = Judge(seed, lambda _: nullcontext(bed), on_result, only, first, abandon, shuffled=shuffled)
        code = pytest.main(_arguments(lesson, only, include_slow, stop_at_failure), plugins=[judge])
    if judge.refused:
        raise judge.refused
    if cage and cage.ended_from_outside:
        judge.course_error = judge.course_error or ENDED_FROM_OUTSIDE
    if code == pytest.ExitCode.INTERRUPTED and not judge.course_error:
        raise KeyboardInterrupt
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not judge.course_error:
        judge.course_error = f"pytest ended with {pytest.ExitCode(code)!r}."
    return Report(
        lesson=lesson.slug,
        title=lesson.title,
        project=name_of(lesson, project, solved, mistake),
        seed=seed,
        checks=tuple(sorted(judge.results, key=lambda check: check.number)),
        duration_ms=round((time.monotonic() - began) * 1000),
        left_out=0 if include_slow or only or judge.course_error else sum(c.slow for c in checklist(lesson)),
        problem=judge.problem,
        isolation=isolation,
        course_error=judge.course_error,
        versions={name: version(name) for name in PACKAGES},
    )


def _arguments(lesson: Lesson, only: Collection[str], include_slow: bool, stop_at_failure: bool) -> list[str]:
    suite = lesson.checks.parent
    arguments = [str(lesson.checks), "-c", str(suite / "pytest.ini"), "--rootdir", str(suite), "-s"]
    arguments += ["--disable-plugin-autoload", *(f"-pno:{name}" for name in WITHOUT)]
    arguments += ["--all"] if include_slow or only else []
    arguments += ["--maxfail=1"] if stop_at_failure else []
    return arguments


def name_of(lesson: Lesson, project: Path | None, solved: bool, mistake: Mistake | None) -> str:
    """Say which project is checked."""
    if mistake:
        return f"the solution with the mistake {mistake.name}"
    if solved:
        return f"solutions/{lesson.slug}"
    return str(project) if project else f"lessons/{lesson.slug}"
