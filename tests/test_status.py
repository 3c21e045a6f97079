"""How far one is: in the terminal, for a program, and as a page that only this machine can show."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from course.catalog.lessons import lessons
from course.cli.main import app
from course.student.status import duration
from course.testbed.deadlines import deadline_s
from course.testbed.processes.ports import free_port
from tests.conftest import started

FILE = """\
[01_asgi_setup]
passed_on = "2026-01-02"
spent_s = 1200
checks = 9

[02_sync_echo]
passed_on = "2026-01-03"
broken = true
spent_s = 4500
checks = 30
breaks = 2
trouble = "It answers <b>each</b> message."
"""


@pytest.fixture
def progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "progress.toml"
    file.write_text(FILE)
    monkeypatch.setattr("course.student.progress.FILE", file)
    return file


def invoke(*arguments: str) -> str:
    return CliRunner().invoke(app, ["status", *arguments], catch_exceptions=False).output


@pytest.mark.usefixtures("progress")
def test_the_terminal_shows_state_time_and_what_broke() -> None:
    """Each lesson has a line: its mark, a bar, the time, the day of its pass or how often it broke, and what fails."""
    told = invoke()

    assert re.search(r"✓ 01  .* ██████████  20 min of 20 min +passed 2026-01-02$", told, re.MULTILINE)
    assert re.search(r"✗ 02  .* 1 h 15 min of 25 min +broken, broke 2 times$", told, re.MULTILINE)
    assert "It answers <b>each</b> message." in told
    assert [lesson.number for lesson in lessons() if f" {lesson.number}  " not in told] == []
    assert f"1 of {len(lessons())} lessons passed · 1 broken · 1 h 35 min spent" in told


@pytest.mark.usefixtures("progress")
def test_a_program_gets_the_same_as_json() -> None:
    """`status --json` holds each lesson and the summary."""
    told = json.loads(invoke("--json"))

    assert [row["slug"] for row in told["lessons"]] == [lesson.slug for lesson in lessons()]
    assert told["lessons"][1]["trouble"] == "It answers <b>each</b> message."
    assert told["lessons"][1]["spent"] == "1 h 15 min"


@pytest.mark.parametrize(("seconds", "told"), [(0, "0 min"), (89, "1 min"), (3599, "1 h 00 min"), (7320, "2 h 02 min")])
def test_a_time_is_told_as_one_says_it(seconds: int, told: str) -> None:
    """Minutes up to an hour, then hours and minutes."""
    assert duration(seconds) == told


def test_the_page_reads_the_progress_at_each_request(clone) -> None:
    """`course docs` answers with the progress of this moment, also after a change and while the file can't be read."""
    port, answers = free_port(), []
    clone.progress.write_text(FILE)
    (clone.root / "mkdocs.yml").write_text("site_name: Tea\nsite_url: !ENV COURSE_SITE_URL\n")
    (clone.root / "docs").mkdir()
    (clone.root / "docs" / "index.md").write_text("# Tea\n")
    with started([*clone.command, "docs", "--port", str(port)], cwd=clone.root):
        address = f"http://127.0.0.1:{port}/progress.json"
        answers.append(answer(address))
        clone.progress.write_text(FILE.replace("broken = true", "broken = false"))
        answers.append(answer(address))
        clone.progress.write_text("[[[")
        answers.append(answer(address))

    assert [told["lessons"][1]["state"] for told in answers[:2]] == ["broken", "passed"]
    assert "can't be read" in answers[2]["trouble"]


def answer(address: str) -> dict[str, object]:
    until = time.monotonic() + deadline_s(40)
    while True:
        try:
            with urlopen(address) as told:
                return json.loads(told.read())
        except URLError:
            assert time.monotonic() < until
            time.sleep(0.05)  # MkDocs builds the site before it listens
