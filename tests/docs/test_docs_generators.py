"""What the generated parts of the pages are made with."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from course.authoring.pages import generated_files as pages
from course.authoring.pages.fixtures_reference import fixtures_reference
from course.authoring.pages.markdown import code, fence, folded, prose, sentence
from course.authoring.pages.stable_output import steady
from course.authoring.pages.terminal_pictures import capture
from course.catalog.checklist import Check
from course.catalog.mistakes import Mistake
from course.errors import CourseError
from course.results import CheckResult, Failure, Report, WireEvent

PROSE = {
    'In connect: self.send({"type": "websocket.accept"}).': 'In connect: `self.send({"type": "websocket.accept"})`.',
    "Open echo/routing.py, then ws/sc/.": "Open `echo/routing.py`, then `ws/sc/`.",
    'event["text"] is missing and/or None': '`event["text"]` is missing and/or None',
    "an EchoConsumer over a WebSocket": "an `EchoConsumer` over a WebSocket",
    "`given` says so; self.send() is left alone": "`given` says so; self.send() is left alone",
    "raise StopConsumer() ends it": "`raise StopConsumer()` ends it",
    'ASGI_APPLICATION = "config.asgi.application"': '`ASGI_APPLICATION = "config.asgi.application"`',
    '["daphne", …] first': '`["daphne", …]` first',
    'add "http": URLRouter([])': 'add `"http": URLRouter([])`',
    "two URLs [sic]": "two URLs [sic]",
    "run daphne config.asgi:application": "run daphne `config.asgi:application`",
    'it says "come in" twice': 'it says "come in" twice',
    "2 * 3 < 7 | x": "2 &#42; 3 &lt; 7 &#124; x",
    "it's (e.g. this) i.e. that …": "it's (e.g. this) i.e. that …",
    "an unclosed self.send(": "an unclosed `self.send`(",
}


def report(elapsed_ms: int = 7, port: int = 41877) -> Report:
    """Return a report as a run may give it, with times and a port of that run."""
    failure = Failure(
        message=f"No answer from 127.0.0.1:{port} within 3.0 s; the last came after {elapsed_ms} ms.",
        expected="hello",
        got="nothing",
        server_says=f'File "/tmp/course-{port}-x1y2/project/echo/consumers.py", line 9',
        transcript=(
            WireEvent(elapsed_ms + 20, "ana", "→", "hello"),
            WireEvent(elapsed_ms + 22 + elapsed_ms % 3, "ana", "·", "waits"),
            WireEvent(elapsed_ms + 3022, "ana", "·", "waited 3 s, and nothing came", diverged=True),
        ),
    )
    checks = (
        CheckResult("test_a", "It answers.", (), "passed", duration_ms=elapsed_ms),
        CheckResult("test_b", "It answers again.", (), "failed", duration_ms=3000 + elapsed_ms, failure=failure),
    )
    return Report("02_sync_echo", "Echo", "lessons/02_sync_echo", 2, checks, duration_ms=4000 + elapsed_ms)


@pytest.mark.parametrize("text", PROSE)
def test_prose_sets_code_as_code(text: str) -> None:
    """Names, calls, paths and dictionaries become code; what Markdown would swallow is kept."""
    assert prose(text) == PROSE[text]


def test_code_holds_backticks() -> None:
    """Inline code and fences grow around what they hold."""
    assert code("a `b` c") == "`` a `b` c ``"
    assert code("a") == "`a`"
    assert fence("```") == "```` text\n```\n````"
    assert sentence("never-accepts") == "Never accepts"
    assert sentence("asgi-without-daphne") == "ASGI without Daphne"


def test_a_folded_block_is_indented() -> None:
    """Every line of a folded block belongs to it."""
    assert folded("Hint", "a\n\nb") == '??? tip "Hint"\n\n    a\n\n    b\n'


def test_two_runs_make_one_picture() -> None:
    """Times, ports and scratch folders of a run leave no trace in its picture."""
    assert capture(report(7, 41877)) == capture(report(63, 5099))


def test_a_steady_report_keeps_long_waits() -> None:
    """Three seconds of waiting stay three seconds; everything else keeps its order."""
    events = steady(report()).checks[1].failure.transcript  # type: ignore[union-attr] # the second check failed

    assert [event.at_ms for event in events] == [0, 1, 3001]


def test_a_picture_stands_alone() -> None:
    """A picture is well-formed, has a title and a fixed width of 88 columns, and asks no other host for a font."""
    text, svg = capture(report())

    assert ElementTree.fromstring(svg)[0].text == "python3 course check 02"
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert max(len(line) for line in text.splitlines()) <= 88
    assert "It answers again." in text


def test_the_exercise_marks_what_is_given() -> None:
    """The exercise gives the checks their numbers and says which of them pass from the start."""
    checks = (Check("test_a", "It starts.", (), given=True), Check("test_b", "It answers.", (), number=2))

    assert pages.exercise(checks) == "1. It starts. (passes from the start)\n2. It answers.\n"


def test_a_mistake_is_told_with_its_check(tmp_path: Path) -> None:
    """An entry has symptom, cause, fix and the check that catches it, under an anchor of its own."""
    mistake = Mistake("never-accepts", "1006", "No websocket.accept.", "Send it.", "test_a", ())
    entry = pages.mistake_entry(mistake, (Check("test_a", "It opens.", ()),))

    assert "### Never accepts { #mistake-never-accepts }" in entry
    assert "``` text\n1006\n```" in entry
    assert "**Cause.** No `websocket.accept`." in entry
    assert "Caught by check 1: It opens." in entry


def test_a_mistake_of_no_check_is_refused() -> None:
    """A mistake whose check is gone is an error that names both."""
    mistake = Mistake("never-accepts", "1006", "…", "…", "test_gone", ())

    with pytest.raises(CourseError, match=r"never-accepts.*test_gone"):
        pages.mistake_entry(mistake, ())


def test_the_reference_is_read_from_the_source(tmp_path: Path) -> None:
    """The reference lists fixtures and the public methods of what they hand out, and imports nothing."""
    (tmp_path / "course" / "judging").mkdir(parents=True)
    (tmp_path / "course" / "judging" / "fixtures.py").write_text(
        "import nothing_like_it\n@pytest.fixture\ndef connect(site) -> Iterator[Connect]:\n    'Opens sockets.'\n"
    )
    (tmp_path / "course" / "sockets.py").write_text(
        "class Connect:\n    'Opens.'\n"
        "    def __call__(self, path: str, *, name: str = '') -> Client:\n        'Open.'\n"
        "    def _secret(self): ...\n"
        "class Client:\n    'A socket.'\n    @property\n    def close_code(self) -> int:\n        'The code.'\n"
    )
    text = fixtures_reference(tmp_path)

    assert "### connect { #fixture-connect }\n\nGives [`Connect`](#connect).\n\nOpens sockets." in text
    assert "`connect(path: str, *, name: str = '') -> Client`\n:   Open." in text
    assert "`close_code -> int`\n:   The code." in text
    assert "_secret" not in text
