"""A class: each submission is checked on its own, and the table tells how it went."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course.catalog.checklist import checklist
from course.catalog.lessons import find
from course.cli.main import app
from course.errors import CourseError
from course.grading.class_run import Grade, submissions_in, to_csv
from course.project.scratch_copy import copy_tree

ECHO = find("02")


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    """A class of four: a solution, a starter, a project with a SyntaxError, and an empty folder."""
    folder = tmp_path / "class"
    for name in ("ana", "ben", "cleo"):
        copy_tree(ECHO.starter, folder / name)
    for name in ("ana", "cleo"):
        copy_tree(ECHO.solution, folder / name)
    (folder / "cleo" / "echo" / "consumers.py").write_text("class EchoConsumer(")
    (folder / "dan").mkdir()
    (folder / ".cache").mkdir()
    (folder / "notes.txt").write_text("not a submission")
    return folder


def test_a_class_is_told_in_lines_and_in_a_table(submissions: Path, tmp_path: Path) -> None:
    """Each submission has its line and its row; who passes, and why another does not, stands in both."""
    table = tmp_path / "grades.csv"
    told = CliRunner().invoke(app, ["grade", "02", str(submissions), "--trust-submissions", "--csv", str(table)])

    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert [(row["submission"], row["passed"]) for row in rows] == [
        ("ana", "yes"), ("ben", "no"), ("cleo", "no"), ("dan", "no"),
    ]  # fmt: skip
    lines = [line.split()[:2] for line in told.output.splitlines() if line[:1] in ("✓", "✗")]
    assert lines == [["✓", "ana"], ["✗", "ben"], ["✗", "cleo"], ["✗", "dan"]]
    assert "1 of 4 submissions pass." in told.output
    assert told.exit_code == 1
    assert "SyntaxError" in rows[2]["trouble"]
    assert "manage.py" in rows[3]["trouble"]
    assert rows[1]["likely cause"] == "no-route-for-this-path"
    assert {rows[0][check.name] for check in checklist(ECHO)} == {"passed"}


def test_a_submission_without_a_report_keeps_its_row() -> None:
    """What could not be judged is in the table, with the reason, and no points."""
    rows = list(csv.reader(io.StringIO(to_csv(ECHO, [Grade("eva", None, "no outcome within 180 s")]))))

    assert rows[1][:5] == ["eva", "no", "", "", "no outcome within 180 s"]
    assert len(rows[1]) == len(rows[0])


@pytest.mark.parametrize("missing", ["nowhere", "empty"])
def test_a_folder_without_submissions_is_told(tmp_path: Path, missing: str) -> None:
    """A wrong path and an empty folder are misuse."""
    (tmp_path / "empty").mkdir()

    with pytest.raises(CourseError, match=r"There (is|are) no"):
        submissions_in(tmp_path / missing, ECHO)


def test_a_single_project_is_no_class() -> None:
    """Who names a project instead of a folder of projects reads which command takes it."""
    with pytest.raises(CourseError) as caught:
        submissions_in(ECHO.starter, ECHO)

    assert "check 02 --project" in caught.value.hint
