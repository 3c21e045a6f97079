"""The checks are ordinary pytest: `pytest checks/NN --project DIR` works without the command line."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from course.catalog.mistakes import mistakes
from tests.conftest import run


@pytest.fixture
def pytest_run(shared_clone):
    """Run pytest on the checks of lesson 02 in a process of its own."""

    def go(*arguments: str, cwd: Path | None = None):
        command = [str(shared_clone.python), "-m", "pytest", str(shared_clone.lesson().checks), *arguments]
        return run(command, cwd=cwd or shared_clone.root)

    return go


def counts(output: str) -> dict[str, int]:
    return {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|errors?|skipped)", output)}


def test_a_project_is_checked(pytest_run, project) -> None:
    """--project names the project, and all checks of its solution pass."""
    outcome = pytest_run("--project", str(project()))

    assert outcome.code == 0
    assert set(counts(outcome.output)) == {"passed"}


def test_the_starter_is_checked_without_options(pytest_run) -> None:
    """Without options it is the lesson's own folder that is checked."""
    outcome = pytest_run("-k", "handshake or it_is_a_sync_consumer")

    assert outcome.code == 1
    assert counts(outcome.output) == {"failed": 1, "passed": 1}


def test_the_solution_is_checked(pytest_run) -> None:
    """--solution lays the solution over the starter."""
    assert pytest_run("--solution").code == 0


def test_a_mistake_is_made(pytest_run, shared_clone) -> None:
    """--mistake makes one in the solution, and the check that catches it fails with the wire in pytest's own report."""
    mistake = mistakes(shared_clone.lesson())[0]

    outcome = pytest_run("--mistake", mistake.name, "-k", mistake.caught_by)

    assert outcome.code == 1
    assert f"FAILED {shared_clone.lesson().checks.name}" in outcome.output.replace("checks/", "")
    assert mistake.caught_by in outcome.output
    assert "on the wire" in outcome.output


def test_a_seed_is_shown_and_taken(pytest_run) -> None:
    """The header tells the seed, which --seed sets."""
    outcome = pytest_run("--solution", "--seed", "42", "-k", "handshake")

    assert "course: seed 42" in outcome.output
    assert outcome.code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--mistake", "no-such-mistake"), "has no mistake 'no-such-mistake'"),
        (("--project", "/nowhere/at/all"), "/nowhere/at/all is not a folder"),
    ],
)
def test_a_wrong_option_is_an_error_and_no_failure(pytest_run, arguments: tuple[str, str], told: str) -> None:
    """What can't be composed is told, and is no fault of a project."""
    outcome = pytest_run(*arguments)

    assert told in outcome.output
    assert "failed" not in counts(outcome.output)
    assert outcome.code != 0


def test_it_works_from_any_folder(pytest_run, tmp_path: Path) -> None:
    """The checks are found, with their settings, whatever the working folder is."""
    assert pytest_run("--solution", "-q", "-k", "handshake", cwd=tmp_path).code == 0


def test_all_lessons_can_be_checked_in_one_run(shared_clone) -> None:
    """Each lesson's checks get the project of their own lesson."""
    suites = [str(shared_clone.lesson(name).checks) for name in ("01", "02")]
    command = [
        str(shared_clone.python),
        "-m",
        "pytest",
        *suites,
        "--solution",
        "-k",
        "check_finds_nothing or handshake",
    ]
    outcome = run(command, cwd=shared_clone.root)

    assert counts(outcome.output) == {"passed": 2}
    assert outcome.code == 0


def test_the_fixtures_are_documented(shared_clone) -> None:
    """`pytest --fixtures` shows a sentence for each fixture that checks are written with."""
    command = [str(shared_clone.python), "-m", "pytest", str(shared_clone.lesson().checks), "--fixtures"]
    shown = run(command, cwd=shared_clone.root).output

    for name in ("site", "second_site", "connect", "redis", "source", "fresh", "manage", "runserver", "transcript"):
        assert re.search(rf"^{name}\b.*course/judging/fixtures\.py:\d+\n    \w", shown, re.MULTILINE), name


def test_options_are_in_the_help(shared_clone) -> None:
    """`pytest --help` explains the options of the course."""
    command = [str(shared_clone.python), "-m", "pytest", str(shared_clone.lesson().checks), "--help"]
    shown = run(command, cwd=shared_clone.root).output

    assert [
        option for option in ("--project", "--solution", "--mistake", "--seed", "--all") if option not in shown
    ] == []
    assert sys.version_info >= (3, 11)
