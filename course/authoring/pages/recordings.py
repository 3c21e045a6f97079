"""The recordings that the wire players of the pages play: made from real runs, stored as JSON, drawn as HTML.

A page asks for one by including `includes/generated/NN_slug/wire-NAME.html`; its scene is in `recorded_scenes.py`.
What is stored holds nothing that another run would tell otherwise: no measured times, ports or names of channels.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, replace
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

from course.authoring.pages.markdown import sentence
from course.authoring.pages.stable_output import PORT
from course.catalog.lessons import Lesson
from course.catalog.mistakes import Mistake, mistakes
from course.errors import CourseError, Unmet
from course.reports.wire_player import Run, participants, players
from course.results import REDIS, WORKER, WireEvent
from course.testbed.overheard import MISSING
from course.testbed.servers.daphne_launch import ACCEPT_UNITS
from course.testbed.servers.rq_job_events import VERBS

TEXTS = Path("includes/generated")
ASKED = re.compile(r"includes/generated/(\d\d_\w+)/wire-([\w-]+)\.html")  # how a page asks for one
ALIKE = (
    PORT,
    (re.compile(r"specific\.[0-9a-f!]+"), "specific.…"),
    (re.compile(r" \(/static/[^)]*\)"), ""),
)
# What a page's console says of each attempt in vain: how many there are, is chance.
IN_VAIN = re.compile(r"error: (?:Failed to load resource|WebSocket connection to)\b.*ERR_CONNECTION")
WAITED = re.compile(r"^waited ([\d.]+) s\b")
SAID_BY_RQ = tuple(f"{verb} " for verb in VERBS.values())
MOST_PLAYS = 6  # of a scene with times, until two in a row agree: a busy machine may hold one up


def asked_for(root: Path) -> list[tuple[str, str]]:
    """Return the slugs and names of the recordings that the pages ask for."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((root / "docs").rglob("*.md"))]
    return sorted({match.groups() for text in texts for match in ASKED.finditer(text)})  # type: ignore[misc] # two each


def wanted(lesson: Lesson) -> list[str]:
    """Return the names of the recordings of a lesson that any page asks for."""
    return [name for slug, name in asked_for(lesson.root) if slug == lesson.slug]


def made(lesson: Lesson, name: str) -> str:
    """Play a scene of a lesson, and return the recording as it is stored."""
    runs = recorded(lesson, name)
    return (
        json.dumps(
            {"runs": [asdict(run, dict_factory=_without_the_usual) for run in runs]}, indent=1, ensure_ascii=False
        )
        + "\n"
    )


def _without_the_usual(facts: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in facts if (name, value) != ("peer", "")}


def drawn(root: Path, fresh: Mapping[Path, str | bytes]) -> dict[Path, str]:
    """Return the HTML of all recordings that the pages ask for; of those that are not `fresh`, as they are stored."""
    files = {}
    for slug, name in asked_for(root):
        path = stored_at(slug, name)
        if path in fresh or (root / path).exists():
            text = fresh.get(path) or (root / path).read_bytes()
            files[path.with_suffix(".html")] = players(runs_of(text))
    return files


def stored_at(slug: str, name: str) -> Path:
    """Return the path of a recording, relative to the course."""
    return TEXTS / slug / f"wire-{name}.json"


def recorded(lesson: Lesson, name: str) -> tuple[Run, ...]:
    """Play a scene and return its runs: on the solution, and on the mistake that it is named after, if there is one.

    Raises CourseError for a scene that is not there, or whose two runs do not show what they should.
    """
    from course.authoring.pages.recorded_scenes import SCENES  # the test bed is needed only where scenes are played

    if (lesson.slug, name) not in SCENES:
        known = ", ".join(known for slug, known in SCENES if slug == lesson.slug) or "none"
        raise CourseError(
            f"There is no scene '{name}' of {lesson.slug}.", f"recorded_scenes.py holds for this lesson: {known}."
        )
    scene = SCENES[lesson.slug, name]
    mistake = next((known for known in mistakes(lesson) if known.name == name), None)
    if mistake is None:
        return (Run(scene.title, _agreed(lesson, scene, None)),)
    right = _agreed(lesson, scene, replace(mistake, edits=()))  # the same part of the solution, without it
    wrong = _agreed(lesson, scene, mistake)
    _need(wrong != right, f"{lesson.slug}: the scene '{name}' does not show the mistake.")
    if not any(event.diverged for event in wrong):  # nothing was missed, but it came otherwise
        parting = next(i for i, (a, b) in enumerate(zip_longest(right, wrong)) if a != b)
        wrong = tuple(replace(event, diverged=i == min(parting, len(wrong) - 1)) for i, event in enumerate(wrong))
    return Run("The solution", right, "right"), Run(sentence(mistake.name), wrong, "wrong")


def runs_of(text: str | bytes) -> tuple[Run, ...]:
    """Return the runs of a stored recording."""
    return tuple(
        Run(run["title"], tuple(WireEvent(**event) for event in run["events"]), run["verdict"])
        for run in json.loads(text)["runs"]
    )


def nominal(events: tuple[WireEvent, ...], grain_ms: int = 0, scale: float = 1.0) -> tuple[WireEvent, ...]:
    """Return what any run of a scene tells: times that its words or its grain give, no ports, and one order.

    Where a slow machine has stretched the waits by `scale`, they are told as on any other.
    Messages that reach several clients at once have no order among them: the first of each comes first.
    """
    at_ms, before_ms, told = 0, 0, []
    for event in events:
        if IN_VAIN.match(event.what):
            continue
        what = WAITED.sub(lambda match: f"waited {float(match[1]) / scale:g} s", _alike(event.what))
        at_ms += _gap_ms(what, event.at_ms - before_ms, grain_ms)
        before_ms = event.at_ms
        told.append(replace(event, at_ms=at_ms, what=what))
    ordered: list[WireEvent] = []
    for (_, comes_in), group in groupby(told, key=lambda event: (event.at_ms, _comes_in(event))):
        burst = list(group)
        ordered += _client_by_client(burst, participants(told)) if comes_in else burst
    return tuple(ordered)


def _comes_in(event: WireEvent) -> bool:
    """Tell whether an event has no order among others of its kind: what reaches clients, and what a worker is at."""
    return event.arrow == "←" or (event.who == WORKER and event.what.startswith(SAID_BY_RQ))


def _client_by_client(burst: list[WireEvent], lanes: list[str]) -> list[WireEvent]:
    counts: dict[str, int] = {}
    places = []
    for event in burst:
        counts[event.who] = counts.get(event.who, 0) + 1
        is_last = event.who == WORKER
        places.append((is_last, counts[event.who], lanes.index(event.who)))
    order = sorted(range(len(burst)), key=lambda index: places[index])
    return [burst[index] for index in order]


def _gap_ms(what: str, measured_ms: int, grain_ms: int) -> int:
    if waited := WAITED.match(what):
        return round(float(waited[1]) * 1000)
    if what == "a dropped connection":
        return ACCEPT_UNITS * 1000
    return round(measured_ms / grain_ms) * grain_ms if grain_ms else 0


def _alike(text: str) -> str:
    for pattern, words in ALIKE:
        text = pattern.sub(words, text)
    return text


def _agreed(lesson: Lesson, scene: Any, mistake: Mistake | None) -> tuple[WireEvent, ...]:
    """Play a scene; one with times of its own, until two plays in a row tell the same."""
    found = _played(lesson, scene, mistake)
    for _ in range(MOST_PLAYS if scene.grain_ms else 0):
        before, found = found, _played(lesson, scene, mistake)
        if found == before:
            return found
    _need(not scene.grain_ms, f"{lesson.slug}: the times of a scene differ from run to run on this machine.")
    return found


def _played(lesson: Lesson, scene: Any, mistake: Mistake | None) -> tuple[WireEvent, ...]:
    from course.authoring.pages.stage import Stage
    from course.project.scratch_copy import scratch
    from course.testbed.bed import Bed
    from course.testbed.deadlines import deadline_s

    with scratch(lesson, solved=True, mistake=mistake) as folder, closing(Bed(lesson, folder)) as bed:
        bed.warm_up()
        stage = Stage(bed)
        is_cut_short = False
        try:
            scene.play(stage)
        except Unmet as unmet:  # of a mistake, the timeline tells where: the scene ends there
            where = f"{lesson.slug}: the solution does not get through a scene"
            _need(mistake is not None and bool(mistake.edits), f"{where}: {unmet}")
            is_cut_short = True
        stage.hear()
        events = stage.transcript.events()
        stage.close()
    return nominal(_to_its_end(events) if is_cut_short else events, scene.grain_ms, deadline_s())


def _to_its_end(events: tuple[WireEvent, ...]) -> tuple[WireEvent, ...]:
    """Leave out what came after the last thing that somebody did, or missed: whether it still came is chance."""
    own = [event.arrow == "→" and event.peer != REDIS for event in events]
    missed = [event.diverged or event.what.startswith(MISSING) for event in events]
    return events[: max(place for place, counts in enumerate(zip(own, missed, strict=True), 1) if any(counts))]


def _need(fact: bool, otherwise: str) -> None:
    if not fact:
        raise CourseError(otherwise, "Change the scene in course/authoring/pages/recorded_scenes.py.")
