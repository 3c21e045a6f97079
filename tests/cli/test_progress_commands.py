"""What the map, the list, a check and its hints tell, and what they keep of a student's progress."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from course.catalog.lessons import lessons
from course.cli.main import app
from course.results import CheckResult, Report
from course.student.progress import Progress
from tests.cli.conftest import STARTER, ends_with, invoke, report, result


@pytest.mark.usefixtures("progress")
def test_the_bare_command_shows_the_map() -> None:
    """Every lesson stands on the map, with its minutes, the first one to do marked, and the next command."""
    code, told = invoke()
    known = lessons()

    assert code == 0
    assert [lesson.title for lesson in known if lesson.title not in told] == []
    assert re.search(rf"→ +{known[0].number}  ", told)
    assert f"Open lessons/{known[0].slug}" in told
    assert "python3 course watch" in told


def test_the_map_tells_what_is_passed_and_broken(progress: Path) -> None:
    """Passed and broken lessons say so in words, and the broken one is the next to do."""
    progress.write_text('[01_asgi_setup]\npassed_on = "2026-01-01"\n\n[02_sync_echo]\npassed_on = "x"\nbroken = true\n')

    told = invoke()[1]

    assert re.search(r"✓ 01 .* passed$", told, re.MULTILINE)
    assert re.search(r"→ ✗ 02 .* broken$", told, re.MULTILINE)


def test_the_list_as_json(progress: Path) -> None:
    """`list --json` holds every lesson with what a tool may want of it."""
    progress.write_text('[02_sync_echo]\npassed_on = "2026-01-01"\n')

    rows = json.loads(invoke("list", "--json")[1])

    assert [row["slug"] for row in rows] == [lesson.slug for lesson in lessons()]
    assert rows[1]["state"] == "passed"
    assert rows[1]["number"] == "02"
    assert set(rows[0]) == {"slug", "number", "title", "summary", "minutes", "continues", "needs", "edit", "state"}


@pytest.mark.usefixtures("progress")
def test_the_list_is_one_line_a_lesson() -> None:
    """No line of the list is broken in two, however long its title is."""
    assert len(invoke("list")[1].splitlines()) == len(lessons())


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (report(result("passed")), 0),
        (report(result("failed", failure=STARTER)), 1),
        (report(result("skipped", reason="no browser")), 1),
        (report(result("error", reason="KeyError")), 3),
        (report(course_error="boom"), 3),
    ],
)
def test_the_exit_code_of_check(found, value: Report, code: int) -> None:
    """0 all pass, 1 one failed or was skipped, 3 the course's own fault."""
    found(value)

    assert invoke("check", "02")[0] == code


def test_a_pass_is_written_down_and_leads_on(found) -> None:
    """A passed lesson is kept with its day, and the next one is named."""
    file = found(report(result("passed")))

    told = invoke("check", "02")[1]

    assert Progress(file).of("02_sync_echo").passed_on
    assert "Next: 03" in told


@pytest.mark.parametrize(
    "value",
    [
        report(result("skipped", reason="no browser")),
        report(result("error", reason="KeyError")),
        report(result("failed", failure=STARTER), result("error", reason="KeyError")),
        report(course_error="boom"),
    ],
)
def test_what_says_nothing_about_the_work_breaks_no_pass(found, value: Report) -> None:
    """A missing browser and a fault of the course leave a passed lesson passed."""
    file = found(value)
    file.write_text('[02_sync_echo]\npassed_on = "2026-01-01"\n')
    invoke("check", "02")

    assert not Progress(file).of("02_sync_echo").broken


def test_a_failure_after_a_pass_is_written_down(found) -> None:
    """A lesson that passed and fails now is broken."""
    file = found(report(result("failed", failure=STARTER)))
    file.write_text('[02_sync_echo]\npassed_on = "2026-01-01"\n')
    invoke("check", "02")

    assert Progress(file).of("02_sync_echo").broken


@pytest.mark.parametrize("option", [["--solution"], ["--project", "."], ["--only", "test_the_handshake_is_accepted"]])
def test_only_the_students_own_work_is_written_down(found, option: list[str]) -> None:
    """The solution, another project and a single check are no progress."""
    file = found(report(result("passed")))
    invoke("check", "02", *option)

    assert not file.exists()


def test_the_hint_goes_one_further_each_time(found) -> None:
    """Each call tells the hints up to now and one more, and the last says that it is."""
    found(report(result("failed", failure=STARTER)))

    told = [invoke("hint", "02")[1] for _ in range(4)]

    assert [text.count("Hint ") for text in told] == [1, 2, 3, 3]
    assert ["last hint" in text for text in told] == [False, False, True, True]
    assert "Hint 1 of 3: One." in told[0]


def test_a_hint_checks_nothing_while_the_files_are_as_they_were(found, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a check, and after the first hint, a hint tells of the report that was shown."""
    found(report(result("failed", failure=STARTER)))
    invoke("check", "02")
    monkeypatch.setattr("course.judging.session.run_checks", None)  # whoever calls it fails

    assert ["Hint 1 of 3" in invoke("hint", "02")[1], "Hint 2 of 3" in invoke("hint", "02")[1]] == [True, True]


def test_a_hint_is_about_the_check_on_the_screen(found, monkeypatch: pytest.MonkeyPatch) -> None:
    """A single check that failed is the one that a hint tells of; one that passed says nothing of the others."""
    found(report(result("failed", failure=STARTER)))
    invoke("check", "02", "--only", "test_the_handshake_is_accepted")
    found(report(result("passed")))
    invoke("check", "02", "--only", "test_the_handshake_is_accepted")

    assert "Hint 1 of 3" in invoke("hint", "02")[1]


@pytest.mark.usefixtures("progress")
def test_a_long_hint_keeps_its_indentation(found) -> None:
    """Each line of a hint that wraps begins where its first one does."""
    found(report(CheckResult("test_x", "It works.", ("Look there, and further. " * 20,), "failed", failure=STARTER)))

    lines = invoke("hint", "02")[1].splitlines()
    hint = lines[next(number for number, line in enumerate(lines) if "Hint 1" in line) :]

    assert len([line for line in hint if "further" in line]) > 3
    assert [line for line in hint if "further" in line and not re.match(r"  \S", line)] == []


def test_watch_names_the_lesson_that_it_begins_with(found) -> None:
    """`watch 09` begins with 09, and the next start stays there; a map that is shown does not say to start it."""
    found(report(result("failed", failure=STARTER)))
    named = invoke("watch", "09")[1]
    again = invoke("watch")[1]

    assert ["09 · Rooms" in told for told in (named, again)] == [True, True]
    assert "→   09" in again
    assert "Then: python3 course watch" not in again


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [
        (report(result("passed")), 0, "nothing to hint at"),
        (report(course_error="boom"), 3, "not your mistake"),
        (report(result("error", reason="KeyError")), 3, "not your mistake"),
    ],
)
def test_there_is_no_hint_for_what_is_no_failure(found, value: Report, code: int, said: str) -> None:
    """A pass needs no hint, and a fault of the course is told as such."""
    found(value)

    assert invoke("hint", "02")[0] == code
    assert said in invoke("hint", "02")[1]


@pytest.mark.usefixtures("progress")
def test_the_solution_before_a_pass_names_the_next_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The refusal offers a hint first, and how to see it all the same."""
    ends_with(monkeypatch, "solution", "02")

    told = capsys.readouterr()
    assert "python3 course hint 02" in told.err
    assert "python3 course solution 02 --anyway" in told.err
    assert "websocket.accept" not in told.out


@pytest.mark.parametrize("arguments", [["--anyway"], []])
def test_the_solution_is_shown_after_a_pass_or_anyway(progress: Path, arguments: list[str]) -> None:
    """Each file that the lesson asks to edit is shown, without the marks of the docs."""
    if not arguments:
        progress.write_text('[02_sync_echo]\npassed_on = "2026-01-01"\n')

    code, told = invoke("solution", "02", *arguments)

    assert code == 0
    assert "websocket.accept" in told
    assert "echo/routing.py" in told
    assert "--8<--" not in told


@pytest.mark.parametrize(
    ("standing", "options", "code", "guided", "own"),
    [
        ("", [], 2, False, False),
        ("", ["--anyway"], 0, True, False),
        ('passed_on = "2026-01-01"', [], 0, True, False),
        ('passed_on = "2026-01-01"', ["--anyway"], 0, True, True),
        ('passed_on = "2026-01-01"\nmastered_on = "2026-01-01"', [], 0, True, True),
        ('passed_on = "2026-01-01"\nmastered_on = "2026-01-01"', ["--whole"], 0, True, True),
    ],
)
def test_the_own_part_of_a_solution_waits_for_the_star(
    progress: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    standing: str, options: list[str], code: int, guided: bool, own: bool,
) -> None:  # fmt: skip
    """The guided part comes after the pass, the own part after the star; --anyway is one step ahead."""
    progress.write_text(f"[02_sync_echo]\n{standing}\n")

    assert ends_with(monkeypatch, "solution", "02", *options) == code

    told = capsys.readouterr().out
    assert ("class EchoConsumer" in told) == guided
    assert ("class CountConsumer" in told) == own
    assert ("The own part is shown after the star" in told) == (guided and not own)


def test_the_solution_is_a_difference_with_what_is_worth_noticing(progress: Path) -> None:
    """Lines of one's own begin with a minus, those of the solution with a plus; sentences tell what to look at."""
    progress.write_text('[02_sync_echo]\npassed_on = "2026-01-01"\n')
    told = invoke("solution", "02")[1]

    assert '\n+        self.send({"type": "websocket.accept"})' in told
    assert "\n-    # TODO: accept the connection" in told
    assert "Worth noticing" in told


def test_every_command_has_a_help() -> None:
    """Every command explains itself in a sentence."""
    for command in app.registered_commands:
        name = command.name or command.callback.__name__  # type: ignore[union-attr]
        code, told = invoke(name, "--help")
        assert code == 0
        assert re.search(r"\n +[A-Z].*\.", told), name
