"""The failing line opens in the student's own editor."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from course.catalog.lessons import ROOT, find
from course.errors import CourseError
from course.judging.session import run_checks
from course.results import CheckResult, Failure, Place, Report
from course.student.editor import Editor, place_to_edit
from course.student.editor import find as find_editor
from tests.conftest import BuildProject, Clone

FILE = Path("/lessons/02 echo/consumers.py")
TASKS = json.loads((ROOT / ".vscode" / "tasks.json").read_text(encoding="utf-8"))["tasks"]


def program(folder: Path, *names: str) -> dict[str, str]:
    """Put programs of these names on a PATH, and return an environment with it."""
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return {"PATH": str(folder)}


def report(server_says: str = "", *, message: str = "Nothing came.", cause: str = "", problem: str = "") -> Report:
    failure = Failure(message, server_says=server_says, cause=cause)
    check = CheckResult("test_x", "It works.", (), "failed", failure=failure)
    return Report("02_sync_echo", "Echo", "lessons/02_sync_echo", 1, (check,), problem=problem)


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (("code", "--wait"), ["code", "--wait", "--goto", f"{FILE}:7"]),
        (("/opt/pycharm/bin/pycharm.sh",), ["/opt/pycharm/bin/pycharm.sh", "--line", "7", str(FILE)]),
        (("zed",), ["zed", f"{FILE}:7"]),
        (("/usr/bin/vim",), ["/usr/bin/vim", "+7", str(FILE)]),
        (("pycharm64.exe",), ["pycharm64.exe", "--line", "7", str(FILE)]),
        (("my-editor",), ["my-editor", str(FILE)]),
    ],
    ids=lambda value: value[0],
)
def test_each_editor_is_told_the_line_in_its_own_way(argv: tuple[str, ...], expected: list[str]) -> None:
    """VS Code, PyCharm, Zed and Vim get file and line as they want them; an unknown program gets the file."""
    assert Editor(argv).command(FILE, 7) == expected


def test_the_students_choice_comes_first(tmp_path: Path) -> None:
    """--editor comes before $VISUAL, that before $EDITOR, and that before the editor whose terminal we are in."""
    env = program(tmp_path, "code", "vim", "zed", "nano") | {"TERM_PROGRAM": "vscode"}
    found = [
        find_editor("zed", env | {"VISUAL": "vim -f", "EDITOR": "nano"}).argv,
        find_editor("", env | {"VISUAL": "vim -f", "EDITOR": "nano"}).argv,
        find_editor("", env | {"EDITOR": "nano"}).argv,
        find_editor("", env).argv,
        find_editor("", program(tmp_path / "..", "nano")).argv,
    ]

    assert found == [("zed",), ("vim", "-f"), ("nano",), ("code",), ("nano",)]


@pytest.mark.parametrize("named", ["no-such-editor", "vim '", ""])
def test_an_editor_that_is_not_there_is_told(named: str, tmp_path: Path) -> None:
    """The message says how to name one."""
    with pytest.raises(CourseError) as caught:
        find_editor(named, {"PATH": str(tmp_path)})

    assert "export EDITOR" in caught.value.hint


def test_the_place_is_the_students_last_frame() -> None:
    """Of a traceback, the deepest line of the project is shown; lines of Python itself are not the student's."""
    says = '  File "echo/consumers.py", line 9, in f\n    x\n  File "/usr/lib/json.py", line 3, in g\nKeyError: 1'

    assert report(says).place == Place("echo/consumers.py", 9)
    assert report(problem='  File "config/asgi.py", line 4\nSyntaxError: invalid').place == Place("config/asgi.py", 4)
    assert report().place is None


def test_without_an_exception_the_file_that_is_spoken_of_opens() -> None:
    """A cause that names a file leads to its first TODO; else the lesson's first TODO is shown."""
    lesson = find("02")
    named = place_to_edit(lesson, report(cause="No path in `routing.py` matches."))
    first = place_to_edit(lesson, None)

    assert named[0] == lesson.starter / "echo/routing.py"
    assert "TODO" in named[0].read_text().splitlines()[named[1] - 1]
    assert first[0] == lesson.starter / lesson.edit[0]


def test_an_exception_in_a_real_run_leads_to_its_line(project: BuildProject) -> None:
    """The line that raised under Daphne is the one that opens."""
    source = (find("02").solution / "echo/consumers.py").read_text()
    broken = re.sub(r"(def websocket_connect.*\n)", r"\1        {}['tea']\n", source)
    folder = project({"echo/consumers.py": broken})
    found = run_checks(find("02"), project=folder, stop_at_failure=True)
    path, line = place_to_edit(find("02"), found, folder)

    assert path == folder / "echo/consumers.py"
    assert broken.splitlines()[line - 1].strip() == "{}['tea']"


def test_vs_code_reads_what_check_prints(clone: Clone) -> None:
    """The problem matcher of .vscode/tasks.json finds the line in plain output, and where a run begins and ends."""
    outcome = clone.run("check", "02", "--plain")
    matcher = next(task["problemMatcher"] for task in TASKS if task.get("isBackground"))
    pattern, background = matcher["pattern"], matcher["background"]
    found = [match for line in outcome.output.splitlines() if (match := re.match(pattern["regexp"], line))]
    begins, ends = (re.compile(background[key], re.MULTILINE) for key in ("beginsPattern", "endsPattern"))

    assert [match[pattern["file"]] for match in found] == ["lessons/02_sync_echo/echo/routing.py"]
    assert int(found[0][pattern["line"]]) > 1
    assert len(begins.findall(outcome.output)) == 1
    assert ends.search(outcome.output)
    assert ends.search(clone.run("check", "02", "--plain", "--solution").output)
    assert matcher["fileLocation"] == ["relative", "${workspaceFolder}"]
