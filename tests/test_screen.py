"""What `course watch` shows, as text."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from course.catalog.checklist import Check
from course.catalog.lessons import find
from course.results import CheckResult, Failure, Report, WireEvent
from course.watch.screen import View, calm, draw

LESSON = find("02")
TALL = tuple(WireEvent(i, "ana", "→", f"event {i}") for i in range(30))
PASSED = CheckResult("test_one", "The first thing.", (), "passed", 3)
FAILED = CheckResult(
    "test_two",
    "The second thing.",
    ("Look there.",),
    "failed",
    5,
    number=2,
    failure=Failure("Nothing came.", transcript=TALL),
)


def view(*checks: CheckResult, problem: str = "") -> View:
    report = Report(LESSON.slug, LESSON.title, "lessons/02_sync_echo", 7, checks, 20, problem)
    hand = report.first_failure.name if report.first_failure else ""
    return View(LESSON, ("passed", "mastered", "broken", ""), list(checks), report, hand=hand)


def shown(seen: View, width: int = 80, height: int = 24) -> list[str]:
    console = Console(file=StringIO(), width=width, height=height, color_system=None)
    with console.capture() as captured:
        console.print(draw(seen, width, height), end="")
    return captured.get().splitlines()


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 50), (60, 20)])
def test_the_screen_is_as_high_as_the_window(width: int, height: int) -> None:
    """A drawing fills the window to the line, whatever is in it, so nothing scrolls or flickers."""
    lines = shown(view(PASSED, FAILED), width, height)

    assert len(lines) == height
    assert max(len(line) for line in lines) <= width


def test_progress_and_keys_are_always_there() -> None:
    """The first line tells the progress over the course, and what is broken; the last one the keys."""
    lines = shown(view(PASSED, FAILED))

    assert "✓★✗·  2 of 4 lessons, 03 broken" in lines[0]
    assert lines[-1].startswith("h hint  d page")


@pytest.mark.parametrize("width", [40, 60, 79])
def test_nothing_is_cut_in_a_narrow_window(width: int) -> None:
    """Keys, files, notes and the lines of a page wrap where the window is too narrow for them."""
    seen = view(PASSED, FAILED)
    seen.note = "The lesson's page: http://127.0.0.1:8001/lessons/02_sync_echo/"
    plain = " ".join(shown(seen, width))
    seen.page = [
        "    from channels.generic.websocket import AsyncJsonWebsocketConsumer, JsonWebsocketConsumer, and_more"
    ]
    paged = " ".join(shown(seen, width))

    assert "q quit" in plain
    assert "echo/routing.py" in plain
    assert seen.note.replace(" ", "") in plain.replace(" ", "")
    assert "and_more" in paged


def test_a_low_window_folds_the_checks_and_scrolls_the_story() -> None:
    """In 24 lines the failing check keeps its line, the others their numbers, and the rest can be scrolled to."""
    seen = view(PASSED, FAILED, *(replace(PASSED, number=number) for number in range(3, 15)))
    first = "\n".join(shown(seen))
    seen.top = 1000
    last = "\n".join(shown(seen))

    assert "✗  2 The second thing." in first
    assert "✓  1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 passed" in first
    assert "more lines below" in first
    assert "event 29" in last


def test_with_little_room_the_verdict_the_exception_and_the_cause_come_before_the_wire() -> None:
    """In 24 lines one sees what failed and why, with the newest of three hints; the rest is scrolled to."""
    seen = with_a_long_story()
    lines = shown(seen)
    told = ["1 of 2 checks pass", "The second thing.", "Nothing came.", 'echo["text"]', "KeyError", "Cause", "A binary"]
    told += ["more lines below", "Hint 3"]
    places = [next(number for number, line in enumerate(lines) if part in line) for part in told]
    rest = everything_below(seen)

    assert places == sorted(places)
    assert "RuntimeError: an older one" not in "\n".join(lines)
    assert [part for part in ("event 0", "event 29", "an older one", "Hint 1", "Hint 2") if part not in rest] == []


def with_a_long_story() -> View:
    frames = [f'  File "echo/deep.py", line {number}, in step_{number}\n    go_on()' for number in range(5)]
    says = "\n".join(
        [
            "Traceback (most recent call last):",
            '  File "echo/consumers.py", line 7, in connect\n    grow()\nRuntimeError: an older one\n',
            "Traceback (most recent call last):",
            *frames,
            '  File "echo/consumers.py", line 9, in websocket_receive\n    echo["text"]\nKeyError: \'text\'',
        ]
    )
    failure = replace(FAILED.failure, server_says=says, cause="A binary frame has no text.", confirmed=True)
    seen = view(PASSED, replace(FAILED, failure=failure))
    seen.hints = ["Look there, and then a little further. " * 6, "And there. " * 20, "And here. " * 20]
    return seen


def everything_below(seen: View) -> str:
    """Scroll from top to end and return all that came up."""
    told: list[str] = []
    for _ in range(100):
        lines = shown(seen)
        told += lines
        if any("↑↓ the end" in line for line in lines):
            return "\n".join(told)
        seen.top += 5
    raise AssertionError("there is no end")


def test_a_hint_stands_above_the_wire() -> None:
    """A hint that was asked for is seen without scrolling."""
    seen = view(PASSED, FAILED)
    seen.hints = ["Look there."]

    assert "  Hint 1: Look there." in shown(seen)


def test_a_pass_tells_what_was_built_and_what_comes() -> None:
    """After a pass the screen names the solution to compare with and the next lesson."""
    text = "\n".join(shown(view(PASSED)))

    assert LESSON.summary in text
    assert "go on to the next lesson (n)" in text


def test_after_the_pass_the_own_part_is_told() -> None:
    """What is left is on one's own, and one may go on without it; with it the lesson is mastered."""
    own = replace(FAILED, group="own")
    left = "\n".join(shown(view(PASSED, own), width=120, height=60))
    done = "\n".join(shown(view(PASSED, replace(own, status="passed", failure=None)), width=120))

    assert "☆" in left
    assert "The lesson is passed. Now the check marked ☆ is on your own" in left
    assert "go on without the star (n)" in left
    assert "★  2" in done
    assert "The lesson is mastered" in done


def test_while_checks_run_the_first_failure_tells_its_story() -> None:
    """Nobody waits for the last check to read why one failed: the story is there, the rest is awaited."""
    seen = view(PASSED, FAILED)
    seen.report, seen.is_running = None, True
    seen.checks = [Check("test_zero", "A check to come.", ()), FAILED, Check("test_three", "The last.", (), number=3)]
    text = "\n".join(shown(seen, height=60))
    folded = "\n".join(shown(seen))

    assert "·  1 A check to come." in text
    assert "Nothing came." in text
    assert "event 29" in text
    assert "checking …" in text
    assert "·  1, 3 awaited" in folded


def test_a_syntax_error_is_one_calm_line() -> None:
    """What is half typed is told as one line, with the last place that Python named."""
    problem = (
        '  File "config/asgi.py", line 11, in <module>\n    from echo.routing import websocket_urlpatterns\n'
        "  File \"echo/consumers.py\", line 1\n    class X(\n           ^\nSyntaxError: '(' was never closed"
    )
    seen = view(FAILED, problem=problem)
    assert seen.report

    assert calm(seen.report.problem) == "echo/consumers.py, line 1: SyntaxError: '(' was never closed"
    assert "Traceback" not in "\n".join(shown(seen))


def test_a_list_marks_the_choice() -> None:
    """In the list of lessons the chosen line carries an arrow, and stays visible in a low window."""
    seen = view(PASSED)
    seen.page, seen.choice = [f"lesson {i}" for i in range(40)], 33

    assert "→ lesson 33" in shown(seen)
    assert "Enter choose" in shown(seen)[-1]
