"""What runs on a platform: the zip and the workflow, run here in a layout like theirs, and what they write."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from course.catalog.lessons import find
from course.cli.main import app
from course.errors import CourseError
from course.grading.autograder import classroom_workflow, gradescope_zip
from course.grading.judge_process import Judges
from course.project.scratch_copy import copy_tree
from course.reports.platforms import to_classroom50, to_gradescope, to_notices
from course.results import CheckResult, Report
from tests.conftest import Outcome, run

ECHO = find("02")
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
# The keys and types of the example in https://gradescope-autograders.readthedocs.io/en/latest/specs/
GRADESCOPE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "tests": {"type": "array", "items": {"$ref": "#/$defs/test"}},
    },
    "anyOf": [{"required": ["score"]}, {"properties": {"tests": {"minItems": 1}}, "required": ["tests"]}],
    "$defs": {
        "test": {
            "type": "object",
            "additionalProperties": False,
            "required": ["score"],
            "properties": {
                "score": {"type": "number"},
                "max_score": {"type": "number"},
                "name": {"type": "string"},
                "number": {"type": "string"},
                "output": {"type": "string"},
                "output_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
                "status": {"enum": ["passed", "failed"]},
                "tags": {"type": "array", "items": {"type": "string"}},
                "visibility": VISIBILITY,
                "extra_data": {"type": "object"},
            },
        }
    },
}
# The table under "The result.json contract" in https://github.com/foundation50/classroom50/wiki/Advanced-Autograding
TEXT = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 0}
CLASSROOM = {
    "type": "object",
    "required": ["schema", "classroom", "assignment", "submission", "commit", "release", "review", "datetime", "score",
                 "max-score", "tests"],
    "properties": {
        "schema": {"const": "classroom50/result/v1"},
        **dict.fromkeys(("classroom", "assignment", "submission", "commit", "release", "review"), TEXT),
        "datetime": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "score": COUNT,
        "max-score": COUNT,
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["test-name", "passed", "score", "max-score"],
                "properties": {"test-name": TEXT, "passed": {"type": "boolean"}, "score": COUNT, "max-score": COUNT},
            },
        },
    },
}  # fmt: skip
ENV = {
    "CLASSROOM": "cs-principles", "ASSIGNMENT": "hello", "SUBMISSION_TAG": "submit/2026-06-01T14-32-05Z-a1b2c3d",
    "COMMIT_URL": "https://github.com/x/commit/1", "RELEASE_URL": "https://github.com/x/releases/tag/1",
}  # fmt: skip
NOW = "2026-06-01T14:32:01Z"


def made(*statuses: str, **facts: str) -> Report:
    checks = tuple(
        CheckResult(f"test_{number}", f"Check {number}.", (), status, points=number, number=number)  # type: ignore[arg-type]
        for number, status in enumerate(statuses, 1)
    )
    return Report("02_sync_echo", "Echo", "ana", 42, checks, 1310, **facts)  # type: ignore[arg-type]


WEIGHTS = {"test_1": 1.0, "test_2": 2.0, "test_3": 3.0}


@pytest.mark.parametrize(
    "report",
    [made("passed", "failed", "not run"), made(refused="No manage.py."), made("failed", problem="SyntaxError")],
)
def test_results_are_as_gradescope_documents_them(report: Report) -> None:
    """Keys and types are those of the published example, whatever the verdict."""
    jsonschema.validate(json.loads(to_gradescope(report, WEIGHTS)), GRADESCOPE)


def test_the_score_of_gradescope_is_that_of_the_tests() -> None:
    """Each test has its points; a refused submission, which has no tests, has a score of its own."""
    told = json.loads(to_gradescope(made("passed", "failed", "passed"), WEIGHTS))

    assert [(test["score"], test["max_score"]) for test in told["tests"]] == [(1, 1), (0, 2), (3, 3)]
    assert json.loads(to_gradescope(made(refused="No."), WEIGHTS))["score"] == 0


@pytest.mark.parametrize("weights", [WEIGHTS, {"test_1": 0.5, "test_2": 1.25, "test_3": 3}])
@pytest.mark.parametrize("env", [ENV, {"GITHUB_REPOSITORY": "acme/echo-ana", "GITHUB_SHA": "abc"}, {}])
def test_a_result_keeps_the_contract_of_classroom_50(weights: dict[str, float], env: dict[str, str]) -> None:
    """Points are whole, sums are right, and what the runner provides is in it."""
    told = json.loads(to_classroom50(made("passed", "failed", "passed"), weights, env, NOW))

    jsonschema.validate(told, CLASSROOM)
    assert told["score"] == sum(test["score"] for test in told["tests"])
    assert told["max-score"] == sum(test["max-score"] for test in told["tests"])
    assert told["assignment"] == env.get("ASSIGNMENT", "echo-ana" if env else "unknown")


def test_github_classroom_reads_two_lines() -> None:
    """The lines are those that its own reporter writes."""
    assert to_notices(4, 7.5) == [
        "::notice title=Autograding complete::Points 4/7.5",
        '::notice title=Autograding report::{"totalPoints":4,"maxPoints":7.5}',
    ]


@pytest.fixture(scope="module")
def autograder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay the zip down as Gradescope does."""
    home = tmp_path_factory.mktemp("autograder")
    (home / "results").mkdir()
    (home / "autograder.zip").write_bytes(gradescope_zip(ECHO))
    with zipfile.ZipFile(home / "autograder.zip") as archive:
        archive.extractall(home / "source")
        for info in archive.infolist():
            (home / "source" / info.filename).chmod(info.external_attr >> 16)
    shutil.copy(home / "source" / "run_autograder", home)
    return home


def path_with_python(home: Path) -> str:
    """Return a PATH on which a Python of a name that setup.sh looks for is ours."""
    bin_folder = home / "bin"
    bin_folder.mkdir(exist_ok=True)
    link = bin_folder / f"python3.{min(sys.version_info.minor, 14)}"
    if not link.exists():
        link.symlink_to(sys._base_executable)  # type: ignore[attr-defined]
    return f"{bin_folder}{os.pathsep}{os.environ['PATH']}"


def hand_in(home: Path, *trees: Path) -> None:
    shutil.rmtree(home / "submission", ignore_errors=True)
    for tree in trees:
        copy_tree(tree, home / "submission")


def graded(home: Path) -> tuple[Outcome, dict[str, Any]]:
    outcome = run([str(home / "run_autograder")], cwd=home, PATH=path_with_python(home))
    return outcome, json.loads((home / "results" / "results.json").read_text())


def test_the_zip_holds_what_it_needs_and_no_solution(autograder: Path) -> None:
    """Both scripts lie at its root, and of the lessons this one alone; the same course makes the same zip."""
    with zipfile.ZipFile(autograder / "autograder.zip") as archive:
        names = archive.namelist()

    assert {"setup.sh", "run_autograder", "course/__main__.py", "requirements.txt"} <= set(names)
    assert {name.split("/")[1] for name in names if name.startswith("lessons/")} == {ECHO.slug}
    assert [name for name in names if name.startswith("solutions/") or "__pycache__" in name] == []
    assert os.access(autograder / "run_autograder", os.X_OK)
    assert gradescope_zip(ECHO) == (autograder / "autograder.zip").read_bytes()


@pytest.mark.slow_setup
@pytest.mark.skipif(os.name == "nt", reason="Gradescope runs Linux")
def test_the_image_is_built_and_judges(autograder: Path) -> None:
    """setup.sh proves that the machine can judge; then a solution has all points, and a starter none."""
    built = run([str(autograder / "source" / "setup.sh")], cwd=autograder, PATH=path_with_python(autograder))
    hand_in(autograder, ECHO.starter, ECHO.solution)
    outcome, told = graded(autograder)
    hand_in(autograder, ECHO.starter)
    again, told_again = graded(autograder)

    assert (built.code, outcome.code, again.code) == (0, 0, 0), built.output + built.errors + outcome.errors
    for document in (told, told_again):
        jsonschema.validate(document, GRADESCOPE)
    assert [sum(test["score"] for test in document["tests"]) for document in (told, told_again)] == [9, 0]
    assert "routing.py" in told_again["tests"][0]["output"]
    assert "Hint 1" in told_again["tests"][0]["output"]


@pytest.mark.slow_setup
@pytest.mark.skipif(os.name == "nt", reason="the workflow runs on Linux")
def test_the_workflow_judges(autograder: Path, tmp_path: Path) -> None:
    """Its own command, run beside a submission and the course, writes the result and prints the lines."""
    steps = yaml.safe_load(classroom_workflow(ECHO, "acme/channels"))["jobs"]["grade"]["steps"]
    (command,) = [step["run"] for step in steps if "run" in step]
    (tmp_path / "grader").symlink_to(autograder / "source")
    hand_in(tmp_path, ECHO.starter, ECHO.solution)

    words = shlex.split(command)
    outcome = run([sys._base_executable, *words[1:]], cwd=tmp_path, **ENV)  # type: ignore[attr-defined]

    assert outcome.code == 0, outcome.output + outcome.errors
    told = json.loads((tmp_path / "result.json").read_text())
    jsonschema.validate(told, CLASSROOM)
    assert (told["score"], told["max-score"], told["classroom"]) == (9, 9, "cs-principles")
    assert outcome.output.splitlines()[-2:] == to_notices(9, 9)


def test_the_workflow_is_one_that_github_reads() -> None:
    """It checks out both repositories, keeps no token, and may read alone."""
    workflow = yaml.safe_load(classroom_workflow(ECHO, "acme/channels", ref="v2", hints=0))
    steps = workflow["jobs"]["grade"]["steps"]
    checkouts = [step["with"] for step in steps if str(step.get("uses", "")).startswith("actions/checkout@")]

    assert workflow["permissions"] == {"contents": "read"}
    assert [checkout["path"] for checkout in checkouts] == ["submission", "grader"]
    assert (checkouts[1]["repository"], checkouts[1]["ref"]) == ("acme/channels", "v2")
    assert all(checkout["persist-credentials"] is False for checkout in checkouts)


@pytest.mark.parametrize(
    ("repository", "ref"), [("acme", "main"), ("a/b\nrun: x", "main"), ("a/b", "x y"), ("a/b", "")]
)
def test_no_other_text_gets_into_a_workflow(repository: str, ref: str) -> None:
    """A repository and a ref are names, and anything else is misuse."""
    with pytest.raises(CourseError, match=r"is not a"):
        classroom_workflow(ECHO, repository, ref)


def test_an_unjudged_submission_gets_no_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written, and the exit code is 3: the platform shows that its autograder failed."""
    monkeypatch.setattr(Judges, "judge", lambda *_: made(course_error="The browser died."))
    target = tmp_path / "results.json"
    told = CliRunner().invoke(app, ["autograde", "02", str(ECHO.starter), "--gradescope", str(target)])

    assert told.exit_code == 3
    assert "this is not your mistake" in told.output
    assert not target.exists()
