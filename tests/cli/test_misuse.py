"""What ends a command with another code than that of its checks, and what it says then."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from course.cli import student_commands
from tests.cli.conftest import ends_with
from tests.conftest import Clone


@pytest.mark.usefixtures("progress")
def test_an_unexpected_exception_is_our_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bug of the course ends with 3, its traceback, and the word that it is not the student's mistake."""
    monkeypatch.setattr(student_commands, "show_map", lambda known: {}["tea"])

    code = ends_with(monkeypatch)

    told = capsys.readouterr().err
    assert code == 3
    assert "KeyError: 'tea'" in told
    assert "not your mistake" in told


@pytest.mark.usefixtures("progress")
@pytest.mark.parametrize("command", ["check", "hint", "reset", "solution", "run", "verify"])
def test_an_unknown_lesson_gets_the_nearest_names(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """Every command that takes a lesson answers a wrong name with the right ones, and exit code 2."""
    code = ends_with(monkeypatch, command, "snyc_echo")

    told = capsys.readouterr().err
    assert code == 2
    assert "There is no lesson 'snyc_echo'." in told
    assert "Did you mean 02_sync_echo" in told


@pytest.mark.usefixtures("progress")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["chekc"], "No such command"),
        (["check", "--no-such-option"], "No such option"),
        (["check", "02", "--project", "/nowhere/at/all"], "/nowhere/at/all is not a folder."),
        (["check", "02", "--only", "test_nothing"], "has no check 'test_nothing'"),
        (["check", "02", "--mistake", "nothing"], "has no mistake 'nothing'"),
        (["run", "02", "--port", "99999"], "Invalid value for '--port'"),
        (["solution", "02"], "You have not passed lesson 02 yet."),
    ],
)
def test_misuse_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    """What the person at the keyboard can put right ends with 2 and says what it is."""
    code = ends_with(monkeypatch, *arguments)

    assert code == 2
    assert told in capsys.readouterr().err


def test_a_broken_progress_file_is_told(
    progress: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A progress file that can't be read is the next thing to mend, not a traceback."""
    progress.write_text("[[[")

    assert ends_with(monkeypatch) == 2
    assert "move it away" in capsys.readouterr().err
    assert progress.read_text() == "[[["


def test_a_report_that_cannot_be_written_is_misuse(shared_clone: Clone) -> None:
    """A path where no file can be is told, with exit code 2."""
    outcome = shared_clone.run(
        "check", "02", "--solution", "--only", "test_it_is_a_sync_consumer", "--json", "/nowhere/at/all/r.json"
    )

    assert outcome.code == 2
    assert "The report can't be written to /nowhere/at/all/r.json: No such file or directory." in outcome.errors


def test_a_port_that_is_taken_is_misuse(shared_clone: Clone) -> None:
    """`run` on a taken port says so, and offers another."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = shared_clone.run("run", "02", "--port", str(port))

    assert outcome.code == 2
    assert f"Port {port} is in use." in outcome.errors
    assert f"--port {port + 1}" in outcome.errors
