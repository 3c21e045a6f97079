"""`check`, `verify` and the commands on a student's files, as the real process that is started."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from importlib import resources
from pathlib import Path

import jsonschema

from course.catalog.lessons import lessons
from tests.conftest import Clone


def test_the_solution_passes(shared_clone: Clone) -> None:
    """`check 02 --solution` ends with 0 and a line for each check, each beginning with its status as a word."""
    outcome = shared_clone.run("check", "02", "--solution")

    lines = [line for line in outcome.output.splitlines() if line.startswith("passed")]
    assert outcome.code == 0
    assert outcome.errors == ""
    assert len(lines) == 10
    assert "solutions/02_sync_echo" in outcome.output
    assert not shared_clone.progress.exists()


def test_the_starter_fails_with_a_story_and_reports(clone: Clone, tmp_path: Path) -> None:
    """`check 02` ends with 1, tells the first failure and the next command, and writes valid JSON and JUnit."""
    outcome = clone.run("check", "02", "--json", f"{tmp_path}/r.json", "--junit", f"{tmp_path}/r.xml", "--plain")
    document = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    schema = json.loads(resources.files("course.reports").joinpath("report.schema.json").read_text(encoding="utf-8"))
    suite = ET.parse(tmp_path / "r.xml").getroot()[0]

    assert outcome.code == 1
    assert "On the wire" in outcome.output
    assert "For a hint: python3 course hint 02" in outcome.output
    assert "\x1b" not in outcome.output
    jsonschema.validate(document, schema)
    assert document["reports"][0]["points"] == 1
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("10", "9", "0")


def test_the_lesson_is_that_of_the_folder_we_are_in(clone: Clone) -> None:
    """Inside a lesson's folder, `check` needs no name; a module there does not get in the way."""
    clone.solve()
    folder = clone.lesson().starter / "echo"
    for name in ("typing.py", "course.py", "rich.py", "pytest.py"):
        (folder / name).write_text("raise SystemExit('the wrong module')\n")

    outcome = clone.run("check", cwd=folder)

    assert outcome.code == 0
    assert "lessons/02_sync_echo" in outcome.output
    assert "02_sync_echo" in clone.progress.read_text()


def test_reset_and_solution_apply_say_where_the_copy_is(clone: Clone) -> None:
    """Both keep the student's files in a place that they name, and change the lesson."""
    clone.commit()
    mine = clone.lesson().starter / "echo/consumers.py"
    mine.write_text("mine = 1\n")

    applied = clone.run("solution", "02", "--apply", "--anyway")
    after_apply = mine.read_text()
    reset = clone.run("reset", "02")

    copies = [clone.root / re.findall(r"\.course/copies/\S+(?=\.)", told.output)[0] for told in (applied, reset)]
    assert (applied.code, reset.code) == (0, 0)
    assert "StopConsumer" in after_apply
    assert "TODO" in mine.read_text()
    assert [(copy / "echo/consumers.py").read_text() for copy in copies] == ["mine = 1\n", after_apply]


def test_watch_outside_a_terminal_checks_once_and_says_so(clone: Clone) -> None:
    """Without a terminal, `watch` ends."""
    outcome = clone.run("watch", "--plain")

    assert "This is not a terminal, so the lesson was checked once." in outcome.output


def test_doctor_tells_what_is_there(shared_clone: Clone) -> None:
    """Every line of `doctor` is a finding or its remedy, and a dead REDIS_URL is found."""
    outcome = shared_clone.run("doctor", REDIS_URL="redis://127.0.0.1:1")

    assert outcome.code == 0
    assert "✓ Python" in outcome.output
    assert "✗ Redis" in outcome.output
    assert re.search(r"[✓✗] Node +\S", outcome.output)
    assert "unset REDIS_URL" in outcome.output
    assert re.search(r"File watching +a save is heard", outcome.output)


def test_verify_finds_a_mistake_that_nobody_catches(clone: Clone) -> None:
    """`verify` ends with 1 and names a mistake that its check lets through, and a check that no mistake proves."""
    catalogue = clone.lesson().checks / "mistakes.toml"
    catalogue.write_text(
        '[[mistake]]\nname = "harmless"\nsymptom = "s"\ncause = "c"\nfix = "f"\nfile = "echo/consumers.py"\n'
        'old = "# A frame"\nnew = "# The frame"\ncaught_by = "test_it_is_a_sync_consumer"\n'
    )

    outcome = clone.run("verify", "02")

    assert outcome.code == 1
    assert "mistake harmless: test_it_is_a_sync_consumer does not catch it" in outcome.output
    assert "no mistake proves these checks: test_a_binary_frame_comes_back_as_binary" in outcome.output
    assert "2 of 4 runs as they should be" in outcome.output


def test_several_lessons_in_one_go(clone: Clone, tmp_path: Path) -> None:
    """`check --all --solution` checks every lesson in one process, and the report holds them all."""
    for lesson in lessons(clone.root)[2:]:
        for tree in ("lessons", "solutions", "checks"):
            shutil.rmtree(clone.root / tree / lesson.slug, ignore_errors=True)

    outcome = clone.run("check", "--all", "--solution", "--json", f"{tmp_path}/r.json")
    document = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))

    assert outcome.code == 0
    assert "2 of 2 lessons pass." in outcome.output
    assert [found["lesson"] for found in document["reports"]] == ["01_asgi_setup", "02_sync_echo"]
