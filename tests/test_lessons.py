"""The course proves itself: every lesson's solution, starter and mistakes, judged as a student's work would be."""

from __future__ import annotations

import re

import pytest

from course.authoring.verify import Run, catalogue_fault, runs_of
from course.catalog.lessons import ROOT, Lesson, find, lessons
from course.catalog.solution_parts import guided_part
from course.project.scratch_copy import files_of
from course.testbed.shared import SharedParts
from tests.conftest import need_programs

LESSONS = [pytest.param(lesson, id=lesson.slug) for lesson in lessons()]
# The mistakes of lessons with a browser, or a whole site, take minutes; `course verify` proves them.
RUNS = [
    pytest.param(made, id=made.name.replace(", ", "-"))
    for lesson in lessons()
    for made in runs_of(lesson)
    if made.mistake is None or not lesson.needs & {"browser", "nginx"}
]
MARKER = b"--8<--"
OWN_FILES = {"lesson.toml"}


@pytest.mark.parametrize("made", RUNS)
def test_each_run_comes_out_as_it_should(made: Run, shared: SharedParts) -> None:
    """The solution passes all, the starter fails exactly what is not given, each mistake is caught by its check."""
    need_programs(made.lesson)
    report = made.job.run(shared=shared)

    assert made.fault(report) == ""


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_check_catches_a_mistake(lesson: Lesson) -> None:
    """No check is there for nothing, and no mistake names a check that does not exist."""
    assert catalogue_fault(lesson) == ""


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_solution_holds_what_the_student_edits(lesson: Lesson) -> None:
    """solutions/ holds exactly the files that `edit` names."""
    held = sorted(path.relative_to(lesson.solution).as_posix() for path in files_of(lesson.solution))

    assert held == sorted(lesson.edit)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_student_finds_only_files_without_marks(lesson: Lesson) -> None:
    """The marks that the docs cut listings by stand in solutions, never in what a student opens."""
    marked = [path.name for path in files_of(lesson.starter) if MARKER in path.read_bytes()]

    assert marked == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_starter_says_where_to_write(lesson: Lesson) -> None:
    """Each file to edit is there with a TODO, unless the student makes it."""
    without = [
        name
        for name in lesson.edit
        if (lesson.starter / name).exists() and "TODO" not in (lesson.starter / name).read_text(encoding="utf-8")
    ]

    assert without == []


CONTINUING = [pytest.param(lesson, id=lesson.slug) for lesson in lessons() if lesson.continues]


@pytest.mark.parametrize("lesson", CONTINUING or [pytest.param(None, id="none yet")])
def test_a_lesson_that_continues_another_begins_where_it_ended(lesson: Lesson | None) -> None:
    """Its starter is the earlier lesson solved, but for the files to edit and those handed out anew."""
    if lesson is None:
        return
    earlier = find(str(lesson.continues))
    ended = contents(earlier.starter) | contents(earlier.solution)
    begins = contents(lesson.starter)
    differ = {name for name in ended.keys() & begins.keys() if ended[name] != begins[name]}

    assert earlier.slug < lesson.slug
    assert differ - set(lesson.edit) - set(lesson.anew) - OWN_FILES == set()


def contents(folder) -> dict[str, str]:
    """Return the files of a folder as a student gets them, without marks and without own parts."""
    return {
        path.relative_to(folder).as_posix(): guided_part(path.read_bytes().decode("utf-8", "backslashreplace"))
        for path in files_of(folder)
    }


def test_no_channel_layer_gives_up_waiting() -> None:
    """With a number as `socket_timeout`, consumers linger on Python 3.11; lesson 9 tells why."""
    projects = [ROOT / "lessons", ROOT / "solutions", ROOT / "tests" / "projects"]
    sources = [path for project in projects for path in files_of(project) if path.suffix == ".py"]
    layers = {path: text for path in sources if "RedisChannelLayer" in (text := path.read_text(encoding="utf-8"))}

    assert len(layers) > len(projects)
    assert not [path for path, text in layers.items() if re.search(r"socket_timeout\W+\d", text)]
