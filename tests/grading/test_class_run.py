"""A class is judged: side by side, recorded one by one, and whatever ends the run costs what was under way alone."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from course.catalog.checklist import checklist
from course.catalog.lessons import ROOT, Lesson, find
from course.cli.main import app
from course.errors import CourseError
from course.grading.class_run import ClassRun, Judged
from course.grading.entries import class_folder, entries
from course.grading.judge_process import Judges
from course.grading.records import Records
from course.grading.snapshot import engine_fingerprint, snapshot
from course.grading.whole_files import write_whole
from course.judging.runner_pool import Job
from course.project.scratch_copy import copy_tree
from course.testbed.deadlines import comes_true
from course.testbed.tools import lesson_needs
from tests.cage.conftest import why_none
from tests.conftest import BuildLesson, environment

ECHO = find("02")
TOML = """\
title = "Tiny"
summary = "A lesson of a test."
minutes = 5
edit = ["echo/consumers.py"]
server = false
"""
# A check that runs without a server: it reads the project's source, and so judges in a second.
CHECK = '''\
def test_it_says_tea(source):
    """It says tea.

    1. Write it.
    """
    assert source.files_with("tea"), "It does not say tea."
'''


@pytest.fixture
def tea(tiny_lesson: BuildLesson) -> Lesson:
    """A lesson whose only check asks for a word in the source."""
    return tiny_lesson(CHECK, toml=TOML)


def submission(folder: Path, name: str, word: str = "tea") -> Path:
    project = folder / name
    project.mkdir(parents=True)
    (project / "manage.py").write_text(
        "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')\n"
    )
    (project / "views.py").write_text(f"drink = '{word}'\n")
    return project


@dataclasses.dataclass
class Runs:
    """Runs a class again and again over the same records."""

    lesson: Lesson
    place: Path
    results: Path
    begun: list[str] = dataclasses.field(default_factory=list)

    def run(self, *, slow: bool = False, **options: object) -> dict[str, Judged]:
        with class_folder(self.place, self.lesson) as found, snapshot(self.lesson) as taken:
            records = Records(self.results, **options)  # type: ignore[arg-type]
            judged = ClassRun(taken, records, include_slow=slow, isolation="none").judge(entries(found))
        return {one.entry.name: one for one in judged}

    def judged_anew(self, **options: object) -> list[str]:
        return [name for name, one in self.run(**options).items() if not one.known]  # type: ignore[arg-type]


@pytest.fixture
def runs(tea: Lesson, tmp_path: Path) -> Runs:
    """A class of three, of whom ben has not said tea."""
    for name, word in {"ana": "tea", "ben": "coffee", "cleo": "tea"}.items():
        submission(tmp_path / "class", name, word)
    return Runs(tea, tmp_path / "class", tmp_path / "results")


def verdicts(found: dict[str, Judged]) -> dict[str, str]:
    return {name: one.report.verdict for name, one in found.items()}


def test_what_is_judged_stays_judged(runs: Runs) -> None:
    """A second run judges nothing, a changed submission alone is judged anew, and `again` judges all."""
    first = runs.run()

    assert verdicts(first) == {"ana": "passed", "ben": "failed", "cleo": "passed"}
    again = runs.run()
    assert [one.known for one in again.values()] == [True, True, True]
    assert {name: one.report for name, one in again.items()} == {name: one.report for name, one in first.items()}
    (runs.place / "ben" / "views.py").write_text("drink = 'tea'\n")
    assert runs.judged_anew() == ["ben"]
    assert runs.judged_anew(again=True) == ["ana", "ben", "cleo"]


def test_another_seed_another_check_or_another_choice_judges_anew(runs: Runs) -> None:
    """A record holds for what made it, and for nothing else; the seed of the last run goes on."""
    seed = runs.run()["ana"].report.seed

    assert runs.judged_anew(seed=seed) == []
    assert runs.judged_anew(seed=seed + 1) == ["ana", "ben", "cleo"]
    assert runs.judged_anew() == []
    assert runs.judged_anew(slow=True) == ["ana", "ben", "cleo"]
    suite = next(runs.lesson.checks.glob("test_*.py"))
    suite.write_text(suite.read_text() + "\n")
    assert runs.judged_anew() == ["ana", "ben", "cleo"]


@pytest.mark.parametrize("text", ["", "{", '{"schema": 1, "reports": []}', "\x00" * 50])
def test_a_damaged_record_is_none(runs: Runs, text: str) -> None:
    """What is no valid record is judged anew, and no harm to the others."""
    runs.run()
    (runs.results / "ana" / "report.json").write_text(text)

    assert runs.judged_anew() == ["ana"]


def test_half_a_record_is_never_there(tmp_path: Path) -> None:
    """A file is replaced whole; when its writing fails, the old one stays and nothing lies beside it."""
    place = tmp_path / "report.json"
    write_whole(place, "old")
    with pytest.raises(TypeError):
        write_whole(place, 5)  # type: ignore[arg-type]

    assert place.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_place_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    """The error says where, and what to do."""
    (tmp_path / "results").write_text("a file")

    with pytest.raises(CourseError, match="can't be written") as caught:
        write_whole(tmp_path / "results" / "ana" / "report.json", "x")
    assert "the same command" in caught.value.hint


def test_refusals_and_our_faults_are_no_failures(runs: Runs) -> None:
    """Each has its verdict and its reason; what we could not judge was tried twice, and is tried again next time."""
    suite = next(runs.lesson.checks.glob("test_*.py"))
    suite.write_text(suite.read_text().replace("assert", "assert [] or source.of_nobody\n    assert"))
    (runs.place / "dan").mkdir()

    found = runs.run()

    assert verdicts(found) == {"ana": "unjudged", "ben": "unjudged", "cleo": "unjudged", "dan": "refused"}
    assert found["dan"].report.refused == "There is no manage.py in it."
    assert runs.judged_anew() == ["ana", "ben", "cleo", "dan"]


def test_a_judge_that_dies_is_ours_and_told(runs: Runs) -> None:
    """The process that judges is ended by a check: no points are lost, and the others keep their verdicts."""
    suite = next(runs.lesson.checks.glob("test_*.py"))
    dies = "    import os\n    if source.files_with('coffee'):\n        os._exit(9)\n    assert source"
    suite.write_text(suite.read_text().replace("    assert source", dies))

    found = runs.run()

    assert verdicts(found) == {"ana": "passed", "ben": "unjudged", "cleo": "passed"}
    told = found["ben"].report.course_error
    assert "ended with 9" in told
    assert "tried twice" in told


def test_a_file_that_looks_like_a_report_is_none(runs: Runs) -> None:
    """A report comes up the pipe alone: what lies in a submission, a results folder or an output changes nothing."""
    forged = runs.run()["ana"].report
    (runs.place / "ben" / "report.json").write_text(json.dumps({"schema": 1, "reports": [dataclasses.asdict(forged)]}))
    (runs.results / "ben" / "report.json").write_text((runs.results / "ana" / "report.json").read_text())

    assert runs.run()["ben"].report.verdict == "failed"


def test_a_report_that_takes_too_long_keeps_what_came(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """When its time is over, what has passed counts, and what was left is not run, with the reason."""
    suite = next(runs.lesson.checks.glob("test_*.py"))
    waits = '\n\ndef test_it_waits(source):\n    """It waits."""\n    import threading\n    threading.Event().wait()\n'
    suite.write_text(suite.read_text() + waits)
    monkeypatch.setattr("course.grading.judge_process.LONGEST_UNITS", 4.0)

    report = runs.run()["ana"].report

    assert [(check.name, check.status) for check in report.checks] == [
        ("test_it_says_tea", "passed"), ("test_it_waits", "not run"),
    ]  # fmt: skip
    assert report.verdict == "failed"
    assert report.checks[1].reason == "Its 4 s for all checks were over."


def test_an_instructors_own_checks_run_beside_the_lessons(tea: Lesson, tmp_path: Path) -> None:
    """They use the same fixtures, and stand in the report after the lesson's."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "test_own.py").write_text(
        'def test_it_has_views(source):\n    """Views."""\n    assert source.files_with("te")\n'
    )
    with snapshot(tea, own) as taken:
        report = Judges().judge(Job(taken.lesson, project=submission(tmp_path, "ana")), 7)

    assert [check.name for check in report.checks] == ["test_it_has_views", "test_it_says_tea"]
    assert report.verdict == "passed"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("notes.txt", "", "no test files"),
        ("test_x.py", "x = 1\n", "no function test_"),
        ("test_x.py", "def test_it_says_tea():\n    pass\n", "two checks are called test_it_says_tea"),
    ],
)
def test_a_folder_of_own_checks_that_can_not_be_used_is_misuse(
    tea: Lesson, tmp_path: Path, name: str, text: str, told: str
) -> None:
    """The error says what is wrong with it."""
    (tmp_path / name).write_text(text)

    with pytest.raises(CourseError, match=told), snapshot(tea, tmp_path):
        pass


def test_what_judges_is_proved_unchanged(tea: Lesson) -> None:
    """A check that is changed while the class is judged is noticed, in the copy too."""
    with snapshot(tea) as taken:
        next(tea.checks.glob("test_*.py")).write_text("changed")
        picture = taken.lesson.root / ".course" / "screenshots" / "02" / "a_page.png"
        picture.parent.mkdir(parents=True)
        picture.write_bytes(b"what a page showed when its check failed")
        assert taken.changed() == ""
        next(taken.lesson.checks.glob("test_*.py")).write_text("changed")
        assert "the copy of the checks" in taken.changed()
    with snapshot(tea) as taken:
        assert dataclasses.replace(taken, engine=engine_fingerprint()[::-1]).changed() == "the course's own code"


SLOW_CHECK = '''\
def test_it_says_tea(source):
    """It says tea."""
    import pathlib, threading
    pathlib.Path("{begun}").touch()
    if source.files_with("wait"):
        threading.Event().wait()
'''
DRIVER = """\
import sys
from pathlib import Path
from course.catalog.lessons import lessons
from course.grading.class_run import ClassRun
from course.grading.entries import entries
from course.grading.records import Records
from course.grading.snapshot import snapshot
from course.grading.unpacking import ClassFolder
root, place, results = map(Path, sys.argv[1:])
with snapshot(lessons(root)[0]) as taken:
    ClassRun(taken, Records(results), isolation="none").judge(entries(ClassFolder(place)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a killed course leaves its last runner")
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_killed_loses_what_was_under_way_and_leaves_nothing(
    tiny_lesson: BuildLesson, tmp_path: Path, ending: int
) -> None:
    """What was judged before is on the disk, the next run goes on, and no process is left."""
    begun = tmp_path / "begun"
    lesson = tiny_lesson(SLOW_CHECK.format(begun=begun), toml=TOML)
    place, results = tmp_path / "class", tmp_path / "results"
    submission(place, "ana")
    submission(place, "ben", "wait")
    command = [sys.executable, "-c", DRIVER, str(lesson.root), str(place), str(results)]
    with subprocess.Popen(command, cwd=ROOT, env=environment({}), stderr=subprocess.DEVNULL) as process:
        assert comes_true((results / "ana" / "report.json").exists, 30)
        begun.unlink()
        assert comes_true(begun.exists, 30)
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(ending)
        process.wait()

    assert comes_true(lambda: not any(one.is_running() and one.status() != "zombie" for one in family), 10)
    assert not (results / "ben" / "report.json").exists()
    (place / "ben" / "views.py").write_text("drink = 'tea'\n")
    assert Runs(lesson, place, results).judged_anew() == ["ben"]


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    """A class of five: a solution, a starter, a SyntaxError, an empty folder, and a solution in a zip."""
    folder = tmp_path / "class"
    for name in ("ana", "ben", "cleo", "eva"):
        copy_tree(ECHO.starter, folder / name)
    for name in ("ana", "cleo", "eva"):
        copy_tree(ECHO.solution, folder / name)
    (folder / "cleo" / "echo" / "consumers.py").write_text("class EchoConsumer(")
    (folder / "dan").mkdir()
    shutil.make_archive(str(folder / "eva"), "zip", folder, "eva")
    shutil.rmtree(folder / "eva")
    (folder / ".cache").mkdir()
    return folder


def files_in(folder: Path) -> dict[str, tuple[bytes, float]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): (path.read_bytes(), path.stat().st_mtime) for path in files}


def test_a_class_is_told_in_lines_and_in_tables(submissions: Path, tmp_path: Path) -> None:
    """Each submission has its line, its row and its page; who passes, and why another does not, stands in all."""
    table, out = tmp_path / "grades.csv", tmp_path / "out"
    (tmp_path / "students.csv").write_text("student,id\nana,1\nben,2\nfay,6\n")
    isolation = ["--trust-submissions"] if why_none() else []
    options = [
        *isolation,
        "--csv",
        str(table),
        "--out",
        str(out),
        "--roster",
        str(tmp_path / "students.csv"),
        "--seed",
        "4711",
    ]
    before = files_in(submissions)
    told = CliRunner().invoke(app, ["grade", "02", str(submissions), *options])

    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert [(row["submission"], row["verdict"], row["points"]) for row in rows] == [
        ("ana", "passed", "9"), ("ben", "failed", "0"), ("cleo", "failed", "0"), ("dan", "refused", "0"),
        ("eva", "passed", "9"), ("fay", "missing", ""),
    ]  # fmt: skip
    lines = [line.split()[:2] for line in told.output.splitlines() if line[:1] in tuple("★✓✗⊘–")]
    assert lines == [["★", "ana"], ["✗", "ben"], ["✗", "cleo"], ["⊘", "dan"], ["★", "eva"], ["–", "fay"]]
    assert "2 of 5 submissions pass, 1 refused, 1 missing." in told.output
    assert told.exit_code == 1
    assert "SyntaxError" in rows[2]["trouble"]
    assert "manage.py" in rows[3]["trouble"]
    assert rows[1]["likely cause"] == "no-route-for-this-path"
    assert {row["seed"] for row in rows[:5]} == {"4711"}
    assert {rows[0][check.name] for check in checklist(ECHO)} == {"passed"}
    assert files_in(submissions) == before
    assert table.read_text() == (out / "02" / "grades.csv").read_text()
    assert {path.name for path in (out / "02").iterdir() if path.is_file()} == {
        "grades.csv", "canvas.csv", "moodle.csv", "reports.json", "junit.xml", "run.json",
    }  # fmt: skip
    assert "SyntaxError" in (out / "02" / "cleo" / "feedback.html").read_text()


@pytest.mark.parametrize("missing", ["nowhere", "empty"])
def test_a_folder_without_submissions_is_told(tmp_path: Path, missing: str) -> None:
    """A wrong path and an empty folder are misuse."""
    (tmp_path / "empty").mkdir()

    with pytest.raises(CourseError, match=r"There (is|are) no"), class_folder(tmp_path / missing, ECHO) as found:
        entries(found)


def test_a_single_project_is_no_class() -> None:
    """Who names a project instead of a folder of projects reads which command takes it."""
    with pytest.raises(CourseError) as caught, class_folder(ECHO.starter, ECHO):
        pass

    assert "check 02 --project" in caught.value.hint


def test_a_copy_of_the_checks_judges_as_they_do(tmp_path: Path) -> None:
    """The lesson whose suite starts processes and lays parts of the solution over projects finds both in a snapshot."""
    lesson = find("12")
    if lesson_needs.lacking(lesson):
        pytest.skip("This machine lacks something that lesson 12 needs.")
    copy_tree(lesson.starter, tmp_path / "project")
    copy_tree(lesson.solution, tmp_path / "project")
    checks = ("test_they_pass_in_any_order", "test_nobody_gets_in")
    with snapshot(lesson) as taken:
        report = Judges().judge(Job(taken.lesson, project=tmp_path / "project", only=checks), 7)

    assert [check.status for check in report.checks] == ["passed", "passed"], report
