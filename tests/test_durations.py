"""Which lessons begin first when all are checked side by side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from course.catalog.lessons import find, lessons
from course.judging import durations as lengths
from course.results import Report
from tests.tiers import KNOWN, is_there, slowest_cases


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Note lengths elsewhere."""
    path = tmp_path / "state" / "lengths.json"
    monkeypatch.setattr(lengths, "FILE", path)
    return path


def report(number: str, duration_ms: int) -> Report:
    lesson = find(number)
    return Report(lesson.slug, lesson.title, "project", 1, (), duration_ms)


def test_what_took_longest_begins_first() -> None:
    """The next run goes by what the last one took; what was not in it comes last."""
    lengths.note_durations([report("02", 20), report("03", 400), report("04", 30)])

    order = [lesson.number for lesson in lengths.longest_first()]

    assert order[:3] == ["03", "04", "02"]
    assert sorted(order) == [lesson.number for lesson in lessons()]


@pytest.mark.parametrize("text", [None, "", "[3]", "{", '{"02_sync_echo": "long"}', '{"02_sync_echo": null}'])
def test_without_notes_lessons_with_slow_checks_begin_first(file: Path, text: str | None) -> None:
    """Nothing is known at first, or somebody has spoilt the file: then it is guessed."""
    if text is not None:
        file.parent.mkdir()
        file.write_text(text)

    order = [lesson.number for lesson in lengths.longest_first()]

    assert set(order[:5]) == {"09", "10", "12", "16", "17"}
    assert order[5:] == sorted(order[5:], reverse=True)


def test_the_durations_of_a_fresh_clone_can_be_read() -> None:
    """The file that comes with the course is JSON, and names no test that is gone."""
    known = json.loads(KNOWN.read_text(encoding="utf-8"))

    assert [function for function in known if not is_there(function)] == []


def test_the_slowest_case_speaks_for_its_function() -> None:
    """A test is quick where all its cases are."""
    took = {"tests/a.py::test_one[tea]": 0.04, "tests/a.py::test_one[a[b]]": 2.31, "tests/a.py::test_two": 0.2}

    assert slowest_cases(took) == {"tests/a.py::test_one": 2.3, "tests/a.py::test_two": 0.2}
