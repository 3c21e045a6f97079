"""A lesson's own part: beside the guided one, marked in solutions, and never needed for the pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.authoring.verify import catalogue_fault
from course.catalog.checklist import checklist
from course.catalog.lessons import Lesson, lessons
from course.catalog.notices import notices
from course.catalog.solution_parts import guided_part, own_part, without_marks
from course.errors import CourseError
from course.judging.session import run_checks
from course.project.scratch_copy import copy_tree
from course.student.reset_and_copies import differences, solution_files
from tests.conftest import each_lesson, need_programs

OWN = [lesson for lesson in lessons() if any(check.group == "own" for check in checklist(lesson))]
MARKED = """\
# own instead of: from tea import Cup
from tea import Cup, Pot
# own end is no mark, and neither is this: own

# end own
def pour():
    # --8<-- [start:pour]
    return Cup()
    # --8<-- [end:pour]


# own:
def brew():
    return Pot()


# end own
"""
GUIDED = """\
from tea import Cup

def pour():
    return Cup()
"""
WHOLE = """\
from tea import Cup, Pot
# own end is no mark, and neither is this: own

def pour():
    return Cup()


def brew():
    return Pot()
"""
CHECKS = '''
import pytest

def test_guided():
    """It is guided.

    1. One.
    2. Two.
    3. Three.
    """

@pytest.mark.own
def test_one():
    """It is one's own.

    1. One.
    2. Two.
    3. Three.
    """

@pytest.mark.own
def test_two():
    """It is one's own too.

    1. One.
    2. Two.
    3. Three.
    """
'''
MISTAKE = """
[[mistake]]
name = "m{number}"
symptom = "It fails."
cause = "This."
fix = "That."
file = "a.py"
old = "a"
new = "b"
caught_by = "{check}"
"""


def test_the_two_parts_are_told_apart() -> None:
    """The guided part is a program of its own, with the line that an own one took the place of."""
    assert guided_part(MARKED) == GUIDED
    assert without_marks(MARKED) == WHOLE
    assert own_part(MARKED)[0] == "from tea import Cup, Pot"
    assert "def pour():" not in own_part(MARKED)


def test_listings_keep_their_marks() -> None:
    """What pages cut their listings from has no own part, and still the marks of the listings."""
    assert "[start:pour]" in guided_part(MARKED, listings=True)
    assert "brew" not in guided_part(MARKED, listings=True)


@pytest.mark.parametrize("mark", ["# own:", "// own:", "/* own: */", "<!-- own: -->", "{# own: #}"])
def test_a_mark_is_a_comment_of_any_language(mark: str) -> None:
    """Python, JavaScript, CSS, HTML and templates each have their sign."""
    end = mark.replace("own:", "end own")

    assert guided_part(f"tea\n  {mark}\ncake\n  {end}\n") == "tea\n"


def test_a_part_that_never_ends_is_told() -> None:
    """A mark that was forgotten is no reason to show the rest of the file, or to hide it."""
    with pytest.raises(CourseError, match="never ends"):
        guided_part("# own:\ntea\n")


@pytest.mark.parametrize(
    ("caught", "fault"),
    [
        (["test_one"] * 2 + ["test_two"] * 2, ""),
        (["test_one", "test_two"], "2 mistakes prove the own part"),
        (["test_one"] * 4, "no mistake proves these checks: test_two"),
    ],
)
def test_an_own_part_needs_mistakes_enough(tiny_lesson, caught: list[str], fault: str) -> None:
    """Four mistakes at least prove it, and each of its checks one."""
    lesson = tiny_lesson(CHECKS, catalogue("test_guided", *caught))

    assert catalogue_fault(lesson).startswith(fault)
    assert bool(fault) == bool(catalogue_fault(lesson))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("@pytest.mark.own\ndef test_one", "def test_one", "two to four checks, not 1"),
        ("@pytest.mark.own\ndef test_two", "def test_two", "own checks stand after the guided ones"),
        ("def test_two", "@pytest.mark.given\ndef test_two", "is not given: test_two"),
        ('too.\n\n    1. One.\n    2. Two.\n', 'too.\n\n    1. One.\n', "three hints and is not given: test_two"),
    ],
)  # fmt: skip
def test_an_own_part_keeps_the_rules(tiny_lesson, old: str, new: str, fault: str) -> None:
    """Its checks come last, are two to four, have three hints, and nothing of it is given."""
    lesson = tiny_lesson(CHECKS.replace(old, new), catalogue("test_guided", *["test_one", "test_two"] * 2))

    assert fault in catalogue_fault(lesson)


@pytest.mark.parametrize("lesson", each_lesson(OWN))
def test_the_guided_solution_passes_without_the_star(lesson: Lesson, tmp_path: Path) -> None:
    """Laid over the starter it passes the lesson, and every own check fails."""
    need_programs(lesson)
    copy_tree(lesson.starter, tmp_path)
    for path, text in solution_files(lesson, own=False).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    report = run_checks(lesson, project=tmp_path)

    assert report.passed, report.trouble
    assert {check.name: check.status for check in report.of("own")} == {
        check.name: "failed" for check in checklist(lesson) if check.group == "own"
    }


@pytest.mark.parametrize("lesson", [pytest.param(lesson, id=lesson.slug) for lesson in OWN])
def test_there_is_something_to_notice(lesson: Lesson) -> None:
    """Whoever compares with the solution is told what to look at, in both parts."""
    assert {notice.group for notice in notices(lesson)} == {"guided", "own"}


@pytest.mark.parametrize("entry", ["text = 'Tea.'", "group = 'own'", "text = 'Tea.'\ngroup = 'other'"])
def test_a_wrong_notice_is_told(tiny_lesson, entry: str) -> None:
    """An entry without its text or its group is told with the file's name."""
    lesson = tiny_lesson(CHECKS)
    (lesson.checks / "notices.toml").write_text(f"[[notice]]\n{entry}\n")

    with pytest.raises(CourseError, match=r"notices\.toml"):
        notices(lesson)


def test_the_difference_leads_to_the_solution(tiny_lesson) -> None:
    """Each file is compared; one that is the solution's already has no difference."""
    lesson = tiny_lesson(CHECKS)
    path = "echo/routing.py"
    before = differences(lesson, own=True)[path]
    (lesson.starter / path).write_text(solution_files(lesson, own=True)[path])

    assert "\n-    # TODO" in before
    assert '\n+    path("ws/count/"' in before
    assert differences(lesson, own=True)[path] == ""
    assert '\n-    path("ws/count/"' in differences(lesson, own=False)[path]


def catalogue(*caught_by: str) -> str:
    """Return a catalogue with a mistake for each of these checks."""
    return "".join(MISTAKE.format(number=number, check=check) for number, check in enumerate(caught_by))
