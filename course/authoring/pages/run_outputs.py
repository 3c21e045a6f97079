"""The parts of a lesson's page that runs of its checks make: what they print, go over the wire, show in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from course.authoring.pages import browser_pictures, client_bundle, recordings, wire_traces
from course.authoring.pages.generated_files import PICTURES, TEXTS, Files, puzzles, read, wanted
from course.authoring.pages.stable_output import steady
from course.authoring.pages.terminal_pictures import SEED, capture, capture_renderable
from course.catalog.checklist import checklist
from course.catalog.lessons import Lesson, lessons
from course.catalog.mistakes import find_mistake
from course.errors import CourseError
from course.judging.session import run_checks
from course.results import Report
from course.testbed.shared import SharedParts
from course.watch.screen import View, draw

Make = Callable[[SharedParts | None], Files]
WIDTH = 80  # what fits into a page without scrolling
SCREENS = ((80, 24), (120, 40))  # the columns and lines of the terminals that the docs show
CONVERSATION = "conversation"
SHOWN = "02"  # the lesson that the pictures of `course watch` show


def outputs_of(lesson: Lesson) -> dict[str, Make]:
    """Return what its page shows of runs, as names and what makes it; those that take longest come first."""
    outputs: dict[str, Make] = {
        "failing": lambda shared: _report(lesson, "failing", shared),
        "passing": lambda shared: _report(lesson, "passing", shared, solved=True),
    }
    if "node" in lesson.needs:  # what its page shows where there is no Node to build it with
        path = lesson.starter.relative_to(lesson.root) / client_bundle.PATH
        outputs["bundle"] = lambda shared: {path: client_bundle.of_lesson(lesson)}
    if wire_traces.TRACE.search(read(lesson.page)):
        outputs["own-trace"] = lambda shared: {
            TEXTS / lesson.slug / "own-trace.txt": wire_traces.of_lesson(lesson, WIDTH)
        }
    if lesson.number == SHOWN:
        outputs["watch"] = lambda shared: watch_screens(lesson, shared)
    for name in sorted(wanted(lesson, "txt")):
        outputs[f"mistake-{name}"] = partial(_mistake, lesson, name)
    for name in sorted(puzzles(lesson)):
        outputs[f"puzzle-{name}"] = partial(_puzzle, lesson, name)
    for name in recordings.wanted(lesson):
        outputs[f"wire-{name}"] = partial(_recording, lesson, name)
    shown = read(lesson.page) + read(lesson.root / "docs" / "index.md")
    for name in sorted(set(re.findall(rf"{PICTURES.name}/({lesson.slug}-[a-z0-9-]+\.(?:png|webp))\b", shown))):
        outputs[name.removeprefix(f"{lesson.slug}-")] = partial(_picture, lesson, PICTURES / name)
    return outputs


def _report(lesson: Lesson, name: str, shared: SharedParts | None, solved: bool = False) -> Files:
    """Return what the checks print for the starter or the solution.

    Raises CourseError where that is not what any reader sees: a check is skipped, or the solution does not pass.
    """
    report = run_checks(lesson, solved=solved, seed=SEED, shared=shared)
    if report.verdict != ("passed" if solved else "failed") or (solved and report.of("own") and not report.mastered):
        raise _not_shown(lesson, f"{name} report", report)
    text, picture = capture(report, WIDTH)
    return {TEXTS / lesson.slug / f"{name}.txt": text, PICTURES / f"{lesson.slug}-{name}.svg": picture}


def _mistake(lesson: Lesson, name: str, shared: SharedParts | None) -> Files:
    return {TEXTS / lesson.slug / f"mistake-{name}.txt": capture(_report_of_mistake(lesson, name, shared), WIDTH)[0]}


def _puzzle(lesson: Lesson, name: str, shared: SharedParts | None) -> Files:
    """Return the report of a mistake that does not say which it is."""
    report = _report_of_mistake(lesson, name, shared)
    unsaid: dict[str, Any] = {"likely": "", "cause": "", "confirmed": False, "attachments": ()}
    silent = [replace(check, failure=check.failure and replace(check.failure, **unsaid)) for check in report.checks]
    report = replace(report, project=f"lessons/{lesson.slug}", checks=tuple(silent))
    return {TEXTS / lesson.slug / f"puzzle-{name}.txt": capture(report, WIDTH)[0]}


def _report_of_mistake(lesson: Lesson, name: str, shared: SharedParts | None) -> Report:
    mistake = find_mistake(lesson, name)
    report = run_checks(lesson, mistake=mistake, only=mistake.caught_by, seed=SEED, shared=shared)
    if report.verdict != "failed":
        raise _not_shown(lesson, f"report of the mistake {name}", report)
    return report


def _recording(lesson: Lesson, name: str, shared: SharedParts | None) -> Files:
    return {recordings.stored_at(lesson.slug, name): recordings.made(lesson, name)}


def _picture(lesson: Lesson, path: Path, shared: SharedParts | None) -> Files:
    """Return a picture of the browser: of the page in use, of a mistake, of two windows in which people talk."""
    from course.authoring.pages import moving_pictures, same_picture  # their library is in the authors' set

    name = path.stem.removeprefix(f"{lesson.slug}-")
    if name == "page":
        made = browser_pictures.of_page(lesson)
    elif name == CONVERSATION:
        made = moving_pictures.of_conversation(lesson)
    else:
        made = browser_pictures.of_failure(lesson, find_mistake(lesson, name.removeprefix("mistake-")), SEED)
    return {path: same_picture.kept(lesson.root / path, made)}


def _not_shown(lesson: Lesson, what: str, report: Report) -> CourseError:
    told = f"The {what} of lesson {lesson.number} is {report.verdict}, so it is not kept. {report.trouble}"
    remedy = f"Look at it: python3 course check {lesson.number} --solution; on a busy machine, set COURSE_TIME_SCALE=3"
    return CourseError(told.strip(), remedy)


def watch_screens(lesson: Lesson, shared: SharedParts | None = None) -> Files:
    """Return what `course watch` shows in a lesson, in a low and in a high window, as text and picture."""
    # Until the pass it shows no other checks.
    guided = [check.name for check in checklist(lesson) if check.group == "guided"]
    mistake = find_mistake(lesson, "reads-text-from-a-binary-frame")
    report = steady(run_checks(lesson, mistake=mistake, only=guided, seed=SEED, shared=shared))
    report = replace(report, project=f"lessons/{lesson.slug}")
    failing = report.first_failure
    assert failing
    states = tuple("passed" if known.slug < lesson.slug else "" for known in lessons())
    view = View(lesson, states, list(report.checks), report, hints=list(failing.hints[:1]), hand=failing.name)
    files: Files = {}
    for width, height in SCREENS:
        name = f"watch-{width}x{height}"
        title = f"python3 course watch, {width}×{height}"
        text, picture = capture_renderable(draw(view, width, height), title, width)
        files |= {TEXTS / f"{name}.txt": text, PICTURES / f"{name}.svg": picture}
    return files
