"""One report, four formats: each is a value that a test can look at."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from io import StringIO
from pathlib import Path

import jsonschema
import pytest
from rich.console import Console

from course import reports
from course.catalog.checklist import checklist
from course.catalog.lessons import lessons
from course.reports import plain, terminal
from course.reports.json import SCHEMA, to_json
from course.reports.junit import to_junit
from course.results import CheckResult, Failure, Report, WireEvent

NASTY = "cup \x1b[2J\x1b[31mred\x00\x07 \ud800 \ufffe <b>&\"' ]]> 🍵"
LONG = "a-very-long-word-without-a-space" * 8
PASSED = CheckResult("test_the_door", "The door opens.", ("Push.",), "passed", duration_ms=7)
FAILURE = Failure(
    message="ana waited for a message, and none came.",
    expected='"green tea"',
    got="nothing",
    where="02_sync_echo/test_sync_echo.py:12: assert ana.receive() == text",
    transcript=(
        WireEvent(0, "ana", "→", "opens /ws/sc/"),
        WireEvent(3, "ana", "←", "accepted"),
        WireEvent(1204, "ana", "→", '"green tea"', diverged=True),
    ),
    server_says="  File \"echo/consumers.py\", line 9, in websocket_receive\nKeyError: 'text'",
    likely="reads-text-only",
    cause="A binary frame has no text.",
    attachments=("shot.png",),
)
FAILED = CheckResult("test_echo", "Every text comes back.", (), "failed", 1300, points=3, number=2, failure=FAILURE)
SKIPPED = CheckResult("test_page", "The page opens.", (), "skipped", reason="there is no browser")
ERROR = CheckResult("test_ours", "The engine works.", (), "error", reason="KeyError: 'x'")


def report(*checks: CheckResult, **facts: object) -> Report:
    return Report("02_sync_echo", "Echo with a SyncConsumer", "lessons/02_sync_echo", 42, checks, 1310, **facts)


def shown(value: Report, width: int = 80) -> str:
    console = Console(file=StringIO(), width=width, color_system=None)
    with console.capture() as captured:
        console.print(terminal.render(value))
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def test_the_terminal_tells_the_story_of_the_first_failure() -> None:
    """Checks, then what was expected and got, the wire, the server and the likely cause: the whole of it, as text."""
    told = shown(report(PASSED, FAILED, replace(FAILED, name="test_later", title="A later one.", number=3)))

    assert (
        told
        == """
02 · Echo with a SyncConsumer   lessons/02_sync_echo

   ✓  1 The door opens.                                                     7 ms
   ✗  2 Every text comes back.                                 3 points  1300 ms
   ✗  3 A later one.                                           3 points  1300 ms

Every text comes back.

  ana waited for a message, and none came.

  expected  "green tea"
  got       nothing

  On the wire
       0 ms ana → opens /ws/sc/
       3 ms ana ← accepted
    1204 ms ana → "green tea"   ✗ here

  The server says
      File "echo/consumers.py", line 9, in websocket_receive
    KeyError: 'text'

  Is it this?
    A binary frame has no text.

  See
    shot.png

1 of 3 checks pass · 1 of 7 points · 1.31 s · seed 42"""
    )


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """Long words, tracebacks and titles are folded, and nothing is lost."""
    failure = replace(FAILURE, message=LONG, got=LONG, server_says=LONG, transcript=(WireEvent(1, "ana", "←", LONG),))

    told = shown(report(replace(FAILED, title=LONG, failure=failure)), width)

    assert max(len(line) for line in told.splitlines()) <= width
    assert "".join(told.split()).count(LONG) >= 4


def test_a_pass_is_one_line_at_the_end() -> None:
    """A report in which all pass says so, without a story."""
    told = shown(report(PASSED))

    assert told.splitlines()[-3:] == [
        "   ✓  1 The door opens." + " " * 53 + "7 ms",
        "",
        "✓ 1 of 1 checks pass · 1.31 s · seed 42",
    ]


def test_a_project_that_did_not_start_is_one_message() -> None:
    """The problem is told once, instead of the story of every check."""
    told = shown(report(FAILED, FAILED, problem='  File "config/asgi.py", line 3\nSyntaxError: invalid syntax'))

    assert told.count("SyntaxError") == 1
    assert "The project did not start" in told
    assert "On the wire" not in told


def test_our_own_fault_is_never_called_the_students() -> None:
    """An error says whose fault it is, also where another check failed before it."""
    alone, later = shown(report(ERROR)), shown(report(FAILED, ERROR))

    for told in (alone, later):
        assert "this is not your mistake" in told
        assert "KeyError: 'x'" in told


def test_what_was_not_run_says_what_it_builds_on_in_lines_that_keep_their_indentation() -> None:
    """Checks that were not tried for one reason are told together, and a line that wraps keeps its place."""
    reason = "Three checks have waited in vain for a message from another client."
    not_run = [CheckResult(f"test_{n}", "It.", (), "not run", number=n, reason=reason) for n in range(10, 40)]
    text = shown(report(PASSED, *not_run), width=60)
    lines = [line for line in text.splitlines() if "10, 11" in line or "another client" in line]

    assert "· Not run: 10, 11, 12" in text
    assert len(lines) == 2
    assert [line for line in lines if not line.startswith("  ")] == []


def test_the_path_of_a_screenshot_is_not_split() -> None:
    """The longest path that a check with a browser may have stays in one piece on 80 columns, to be clicked on."""
    names = [made.name for lesson in lessons() if "browser" in lesson.needs for made in checklist(lesson)]
    path = f".course/screenshots/06/{max(names, key=len).removeprefix('test_')}.2.png"
    failed = CheckResult("test_x", "It.", (), "failed", failure=Failure("No.", attachments=(path,)))

    assert path in shown(report(failed))


def test_what_was_skipped_says_why() -> None:
    """A skipped check is named with what is missing, and is no pass."""
    value = report(PASSED, SKIPPED)
    told = shown(value)

    assert "– The page opens. Skipped: there is no browser" in told
    assert "✓ 1 of 2" not in told
    assert not value.passed


def test_no_escape_sequence_of_a_project_reaches_the_terminal() -> None:
    """What a project prints can't clear the screen or colour it."""
    failure = replace(FAILURE, message=NASTY, got=NASTY, expected=NASTY, server_says=NASTY)
    told = shown(report(replace(FAILED, failure=failure))) + shown(report(FAILED, problem=NASTY, course_error=NASTY))

    assert "\x1b" not in told
    assert "\x00" not in told
    assert "cup" in told


def test_what_looks_like_markup_is_text() -> None:
    """Square brackets are shown as they stand."""
    told = shown(
        report(replace(FAILED, title="[bold]Tea[/bold]", failure=replace(FAILURE, message="[red]x[/red] [/]")))
    )

    assert "[bold]Tea[/bold]" in told
    assert "[red]x[/red] [/]" in told


@pytest.mark.parametrize(
    ("check", "line"),
    [
        (PASSED, "passed  1. The door opens. (7 ms)"),
        (FAILED, "FAILED  2. Every text comes back. (1300 ms)"),
        (ERROR, "ERROR   1. The engine works. (0 ms)"),
        (SKIPPED, "skipped 1. The page opens. (0 ms)"),
    ],
)
def test_plain_lines_begin_with_a_word(check: CheckResult, line: str) -> None:
    """No symbol and no colour is needed to read a plain line."""
    assert plain.plain_line(check) == line


def test_the_plain_closing_has_no_escape_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain is plain, also where a colour terminal is forced."""
    monkeypatch.setenv("FORCE_COLOR", "1")

    told = plain.plain_closing(report(PASSED, FAILED), width=60)

    assert "\x1b" not in told
    assert "1 of 2 checks pass" in told
    assert max(len(line) for line in told.splitlines()) <= 60


@pytest.mark.parametrize(
    ("checks", "facts", "code"),
    [
        ((PASSED,), {}, 0),
        ((PASSED, FAILED), {}, 1),
        ((PASSED, SKIPPED), {}, 1),
        ((), {}, 1),
        ((FAILED, ERROR), {}, 3),
        ((PASSED,), {"course_error": "boom"}, 3),
    ],
)
def test_the_exit_code(checks: tuple[CheckResult, ...], facts: dict[str, str], code: int) -> None:
    """0 all pass, 1 something failed or was skipped, 3 our own fault."""
    assert report(*checks, **facts).exit_code == code


SCHEMA_FILE = Path(reports.__file__).with_name("report.schema.json")


@pytest.mark.parametrize(
    "value",
    [
        report(),
        report(PASSED, FAILED, SKIPPED, ERROR, versions={"django": "5.2"}),
        report(replace(FAILED, failure=Failure(NASTY)), problem=NASTY, course_error=NASTY),
    ],
)
def test_json_is_what_its_schema_says(value: Report) -> None:
    """Every report is valid against the published schema, whatever its texts hold."""
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    document = json.loads(to_json([value, value]))

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)
    assert document["schema"] == SCHEMA == schema["properties"]["schema"]["const"]


def test_the_schema_knows_every_key() -> None:
    """No key is written that the schema does not describe."""
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))["$defs"]
    told = json.loads(to_json([report(FAILED)]))["reports"][0]
    check = told["checks"][0]

    for name, value in {
        "report": told,
        "check": check,
        "failure": check["failure"],
        "event": check["failure"]["transcript"][0],
    }.items():
        assert set(value) == set(schema[name]["properties"]) == set(schema[name]["required"])


def test_json_can_be_written_whatever_a_project_said() -> None:
    """Half a surrogate pair in a text does not keep the report from being written as UTF-8."""
    text = to_json([report(replace(FAILED, failure=Failure(NASTY)))])

    assert json.loads(text.encode("utf-8"))["reports"][0]["checks"][0]["failure"]["message"] == NASTY


def junit(*checks: CheckResult) -> ET.Element:
    return ET.fromstring(to_junit([report(*checks)]).encode("utf-8"))


def test_junit_counts_and_names_the_checks() -> None:
    """The suite has the counts, and each case its outcome."""
    suite = junit(PASSED, FAILED, SKIPPED, ERROR)[0]
    outcomes = {
        case.get("name"): [child.tag for child in case if child.tag != "properties"] for case in suite.iter("testcase")
    }

    assert {key: suite.get(key) for key in ("name", "tests", "failures", "errors", "skipped", "time")} == {
        "name": "02_sync_echo",
        "tests": "4",
        "failures": "1",
        "errors": "1",
        "skipped": "1",
        "time": "1.310",
    }
    assert outcomes == {"test_the_door": [], "test_echo": ["failure"], "test_page": ["skipped"], "test_ours": ["error"]}


def test_junit_holds_points_as_properties() -> None:
    """Points earned and possible are properties of the case and of the suite."""
    suite = junit(PASSED, FAILED)[0]
    case = suite.findall("testcase")[1]

    assert properties(suite) == {
        "passed": "false", "mastered": "false", "points": "1", "points_possible": "4", "seed": "42",
        "isolation": "none",
    }  # fmt: skip
    assert properties(case) == {
        "title": "Every text comes back.", "group": "guided", "points": "0", "points_possible": "3",
    }  # fmt: skip


def properties(element: ET.Element) -> dict[str | None, str | None]:
    return {found.get("name"): found.get("value") for found in element.findall("properties/property")}


def test_junit_is_well_formed_whatever_a_project_said() -> None:
    """Control characters, half surrogates and markup in a text are no harm to the XML."""
    nasty = Failure(NASTY, server_says=NASTY, where=NASTY)

    root = junit(replace(FAILED, title=NASTY, failure=nasty), replace(ERROR, reason=NASTY))

    failure = root.find(".//failure")
    assert failure is not None
    assert "<b>&\"' ]]> 🍵" in (failure.get("message") or "")
    assert "\x1b" not in "".join(root.itertext())


def test_junit_tells_of_a_run_that_broke() -> None:
    """A fault of the course, without a single check, is an error in the suite and never a green run."""
    root = ET.fromstring(to_junit([report(course_error="the check file can't be read")]))

    assert root[0].get("errors") == "1"
    assert "can't be read" in ET.tostring(root, encoding="unicode")


OWN_DONE = CheckResult("test_own", "It counts.", (), "passed", group="own", number=3)
OWN_LEFT = replace(FAILED, name="test_own", title="It counts.", group="own", number=3)


@pytest.mark.parametrize(
    ("checks", "passed", "mastered", "own_outcome", "exit_code"),
    [
        ((PASSED,), True, False, None, 0),
        ((PASSED, OWN_DONE), True, True, True, 0),
        ((PASSED, OWN_LEFT), True, False, False, 0),
        ((FAILED, OWN_DONE), False, False, None, 1),
        ((FAILED, OWN_LEFT), False, False, False, 1),
        ((PASSED, replace(SKIPPED, group="own")), True, False, None, 0),
        ((SKIPPED, OWN_DONE), False, False, None, 1),
        ((OWN_LEFT,), False, False, False, 1),
        ((OWN_DONE,), True, False, None, 0),
        ((), False, False, None, 1),
    ],
)
def test_the_pass_needs_the_guided_checks_and_the_star_all(
    checks: tuple[CheckResult, ...], passed: bool, mastered: bool, own_outcome: bool | None, exit_code: int
) -> None:
    """A lesson is passed without its own part, and mastered with it; own checks that ran alone decide alone."""
    value = report(*checks)

    assert (value.passed, value.mastered, value.own_outcome, value.exit_code) == (
        passed, mastered, own_outcome, exit_code,
    )  # fmt: skip


def test_own_checks_have_marks_and_a_count_of_their_own() -> None:
    """A star that is full or empty, the words in plain lines, and a count beside that of the guided checks."""
    assert "☆  3 It counts." in shown(report(PASSED, OWN_LEFT))
    assert "✓ 1 of 1 checks pass · 0 of 1 on your own" in shown(report(PASSED, OWN_LEFT))
    assert "★ 1 of 1 checks pass · 1 of 1 on your own" in shown(report(PASSED, OWN_DONE))
    assert plain.plain_line(OWN_LEFT).startswith("FAILED  3. On your own: It counts.")
    assert terminal.one_line(report(PASSED, OWN_DONE)).plain.startswith("★ ")
    assert terminal.one_line(report(PASSED, OWN_LEFT)).plain.startswith("✓ ")


def test_points_count_the_own_part() -> None:
    """Whoever masters a lesson has more points than whoever passes it."""
    assert (report(PASSED, OWN_LEFT).points, report(PASSED, OWN_LEFT).points_possible) == (1, 4)
    assert report(PASSED, OWN_DONE).points == 2


def test_json_tells_the_group_of_a_check_and_the_star() -> None:
    """A reader of the file knows what was asked for on one's own."""
    made = json.loads(to_json([report(PASSED, OWN_DONE)]))["reports"][0]

    assert (made["passed"], made["mastered"]) == (True, True)
    assert [check["group"] for check in made["checks"]] == ["guided", "own"]
