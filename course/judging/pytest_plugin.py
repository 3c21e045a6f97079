"""The pytest plugin of the checks: `pytest checks/02_sync_echo --project DIR` works because of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from course.catalog.lessons import Lesson
from course.catalog.mistakes import find_mistake
from course.judging.fixtures import *  # noqa: F403 - fixtures become known to pytest by being here
from course.judging.judge import Judge, OpenBed, judge_of
from course.project.scratch_copy import scratch
from course.testbed.bed import Bed
from course.testbed.sample_data import new_seed

MARKS = {
    "points(n)": "what this check is worth; 1 where it is not said",
    "given": "the starter passes this check already",
    "own": "belongs to the lesson's own part: the lesson is mastered with it, and passed without it",
    "disturbs(what)": "takes away what a correct program may fail over: exceptions and leftovers do not count",
    "slow": "takes seconds: runs with --all only",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that say which project is checked, and how."""
    group = parser.getgroup("course", "Channels on the Wire")
    group.addoption("--project", type=Path, help="the Django project to check; the lesson's starter unless given")
    group.addoption("--solution", action="store_true", help="lay the lesson's solution over the project")
    group.addoption("--mistake", default="", help="make this mistake of mistakes.toml in the solution")
    group.addoption("--seed", type=int, default=None, help="repeat the run whose report shows this number")
    group.addoption("--all", action="store_true", help="run the slow checks too")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marks known, and a judge where `course check` has not brought its own."""
    for mark, meaning in MARKS.items():
        config.addinivalue_line("markers", f"{mark}: {meaning}")
    if not config.pluginmanager.has_plugin(Judge.NAME):
        seed = config.getoption("--seed")
        judge = Judge(new_seed() if seed is None else seed, _beds(config))
        config.pluginmanager.register(judge, Judge.NAME)


def _beds(config: pytest.Config) -> OpenBed:
    """Return what opens the test bed that pytest's own options ask for."""

    @contextmanager
    def open_bed(lesson: Lesson) -> Iterator[Bed]:
        name = config.getoption("--mistake")
        mistake = find_mistake(lesson, name) if name else None
        solved = config.getoption("--solution") or mistake is not None
        with scratch(lesson, config.getoption("--project"), solved=solved, mistake=mistake) as folder:
            with closing(Bed(lesson, folder)) as bed:
                yield bed

    return open_bed


def pytest_report_header(config: pytest.Config) -> str:
    """Print the seed, so that the run can be repeated."""
    return f"course: seed {judge_of(config).seed}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the slow checks out unless they are asked for."""
    if config.getoption("--all"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in slow]
