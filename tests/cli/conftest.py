"""Commands as functions, with a progress and reports that a test says."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course.cli.main import app, main
from course.results import CheckResult, Failure, Report

STARTER = Failure("The tea is cold.")


def result(status: str, **facts: object) -> CheckResult:
    return CheckResult("test_x", "It works.", ("One.", "Two.", "Three."), status, **facts)  # type: ignore[arg-type]


def report(*checks: CheckResult, **facts: object) -> Report:
    return Report("02_sync_echo", "Echo", "lessons/02_sync_echo", 1, checks, **facts)  # type: ignore[arg-type]


@pytest.fixture
def progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the progress of this test in a file of its own."""
    file = tmp_path / "progress.toml"
    monkeypatch.setattr("course.student.progress.FILE", file)
    monkeypatch.setattr("course.student.last_report.FOLDER", tmp_path / "reports")
    monkeypatch.chdir(tmp_path)
    return file


@pytest.fixture(autouse=True)
def stays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a command that runs in this process not move it into a cage's network."""
    monkeypatch.setattr("course.judging.isolation.move_in", lambda wanted: ("none", ""))


@pytest.fixture
def found(progress: Path, monkeypatch: pytest.MonkeyPatch):
    """Let the checks find what a test says, without running any."""

    def set_report(value: Report) -> Path:
        monkeypatch.setattr("course.judging.session.run_checks", lambda lesson, **options: value)
        return progress

    return set_report


def invoke(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    return done.exit_code, done.output


def ends_with(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    """Call `main` as a process would, and return the exit code."""
    handler = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(sys, "argv", ["course", *arguments])
    try:
        with pytest.raises(SystemExit) as ended:
            main()
    finally:
        signal.signal(signal.SIGTERM, handler)
    return ended.value.code
