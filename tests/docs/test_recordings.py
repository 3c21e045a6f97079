"""The recordings of the wire: each page has its own, each is what a run of today says, on any machine."""

from __future__ import annotations

import json

import pytest

from course.authoring.pages import recordings
from course.authoring.pages.recorded_scenes import SCENES
from course.catalog.lessons import ROOT, Lesson, find
from course.reports.wire_player import Run, participants, players
from course.results import WireEvent
from tests.docs.pages_text import LESSONS, lesson_ids

ASKED = recordings.asked_for(ROOT)
MOST_EVENTS = 24


def ids(asked: tuple[str, str]) -> str:
    return "/".join(asked)


@pytest.mark.parametrize("lesson", LESSONS[1:], ids=lesson_ids)
def test_every_lesson_with_a_wire_has_a_player(lesson: Lesson) -> None:
    """From 02 on, each lesson's page plays at least one recording."""
    assert lesson.slug in [slug for slug, _ in ASKED]


def test_every_scene_is_shown() -> None:
    """The pages ask for all scenes that there are, and for no others."""
    assert sorted(SCENES) == ASKED


@pytest.mark.parametrize("asked", ASKED, ids=ids)
def test_a_stored_recording_is_short_and_shows_its_mistake(asked: tuple[str, str]) -> None:
    """Its events are few enough to be followed; only the run of a mistake parts from what is right, and once."""
    text = (ROOT / recordings.stored_at(*asked)).read_text(encoding="utf-8")
    runs = recordings.runs_of(text)

    assert all(0 < len(run.events) <= MOST_EVENTS for run in runs)
    assert [sum(event.diverged for event in run.events) for run in runs] == [run.verdict == "wrong" for run in runs]
    assert all(run.events == recordings.nominal(run.events, 1) for run in runs)


def test_a_recording_is_what_a_run_says_today() -> None:
    """Played anew, a scene gives the stored recording byte for byte, however busy the machine is."""
    lesson, name = find("02"), "reads-text-from-a-binary-frame"
    stored = (ROOT / recordings.stored_at(lesson.slug, name)).read_text(encoding="utf-8")

    assert recordings.recorded(lesson, name) == recordings.runs_of(stored)


def test_two_runs_tell_the_same() -> None:
    """Measured times, ports, the order of what reaches several clients at once, and stretched waits leave no trace."""

    def run(jitter: int, port: int, first: str, second: str, scale: int) -> tuple[WireEvent, ...]:
        return (
            WireEvent(0, "ana", "→", f"opens the page http://127.0.0.1:{port}/"),
            WireEvent(jitter, "ben", "→", "opens /ws/"),
            WireEvent(2 * jitter, first, "←", "tea"),
            WireEvent(3 * jitter, second, "←", "tea"),
            WireEvent(3 * jitter + 3000 * scale, "ben", "·", f"waited {3 * scale} s, and nothing came", True),
        )

    quiet = recordings.nominal(run(1, 8000, "ana", "ben", 1))
    busy = recordings.nominal(run(400, 41234, "ben", "ana", 6), scale=6)

    assert quiet == busy
    assert [event.at_ms for event in quiet] == [0, 0, 0, 0, 3000]


def test_a_player_is_a_list_that_markdown_keeps() -> None:
    """Each event is an item with who and what; codes have words; there is no blank line, and no markup of others."""
    events = (
        WireEvent(0, "ana", "→", "<b>tea</b>"),
        WireEvent(2000, "ana", "←", "closed with 1011", diverged=True),
        WireEvent(2000, "ana", "←", 'HTTP 201 {"id": 1}'),
        WireEvent(2000, "server", "·", "is killed"),
    )
    html = players([Run("Over", events, "wrong")])

    assert html.count("<li") == len(events)
    assert "\n\n" not in html
    assert "<b>" not in html
    assert "closed with 1011 (error in the server)" in html
    assert "HTTP 201 (Created) {&quot;id&quot;: 1}" in html
    assert "2 s later" in html
    assert participants(events) == ["ana", "server"]
    assert json.dumps({"id": 1}, indent=2).replace('"', "&quot;") in html


def test_who_takes_part_beside_the_clients_has_a_lane() -> None:
    """Servers, Redis and the worker stand behind the clients; an arrow goes between the two that its event names."""
    events = (
        WireEvent(0, "office", "→", "POST /registrations/", peer="nginx"),
        WireEvent(0, "Daphne 2", "→", "group_send student-1", peer="Redis"),
        WireEvent(0, "s1", "←", '"SUCCESS"', peer="Daphne 1"),
        WireEvent(0, "worker", "·", "takes courses.jobs.confirm(1, 3)"),
    )
    lanes = ["office", "s1", "nginx", "Daphne 1", "Daphne 2", "Redis", "worker"]
    html = players([Run("A run", events)])

    assert participants(events) == lanes
    assert '<li class="sent" style="--from:0;--to:2"' in html
    assert '<li class="sent" style="--from:4;--to:5"' in html
    assert '<li class="got" style="--from:1;--to:3"' in html
    assert '<li class="note" style="--from:6;--to:6"' in html
    assert ">Daphne 2 to Redis: <" in html
    assert ">worker: <" in html


def test_what_a_worker_is_at_has_one_place() -> None:
    """Whether a client hears of a job's end before its worker says so is chance: the client's line comes first."""
    heard, done = WireEvent(0, "ana", "←", "SUCCESS"), WireEvent(0, "worker", "·", "has done jobs.tea()")
    first = WireEvent(0, "ana", "→", "opens /ws/")

    assert recordings.nominal((first, done, heard)) == recordings.nominal((first, heard, done)) == (first, heard, done)
