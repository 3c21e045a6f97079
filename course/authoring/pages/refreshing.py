"""Makes the generated parts of the pages anew: all of them or those of a lesson, and whole or not at all."""

from __future__ import annotations

import base64
import json
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from course.authoring.pages.generated_files import Files, as_bytes, generate, stale
from course.authoring.pages.run_outputs import outputs_of
from course.catalog.lessons import Lesson, lessons
from course.errors import CourseError
from course.judging.durations import longest_first
from course.judging.runner_pool import in_pool

RUNNER = "course.authoring.pages.output_runner"
STAGING = Path(".course/refresh")
OnDone = Callable[[str, int, int], None]  # is told what is made, how many are, and how many there will be


def refresh(root: Path, chosen: Sequence[Lesson], on_done: OnDone = lambda *told: None) -> list[Path]:
    """Run the checks of the chosen lessons, and write the generated files that changed; return them.

    What nothing makes any more is removed, and is among them. Nothing is written before everything is made, so that
    what stops it on the way leaves the files as they were.
    """
    files = generate(root, made_by_runs(chosen, on_done))
    contents = {path: as_bytes(made) for path, made in files.items()}
    changed = {path: data for path, data in contents.items() if not _holds(root / path, data)}
    left_over = stale(root, files, outputs=len(chosen) == len(lessons(root)))
    write(root, changed, left_over)
    return [*changed, *left_over]


def made_by_runs(chosen: Sequence[Lesson], on_done: OnDone = lambda *told: None) -> Files:
    """Return what runs of these lessons' checks make; as many runs as there are cores have their turn at once.

    Raises CourseError where one of them does not make it.
    """
    order = [lesson for lesson in longest_first() if lesson in chosen]
    jobs = [f"{lesson.slug} {name}" for lesson in order for name in outputs_of(lesson)]
    files: Files = {}
    for done, (number, file) in enumerate(in_pool(RUNNER, jobs), 1):
        files |= _read(jobs[number], file)
        on_done(jobs[number], done, len(jobs))
    return files


def write(root: Path, changed: Mapping[Path, bytes], left_over: Sequence[Path] = ()) -> None:
    """Put the files in place and remove what is left over: each is written elsewhere first, and then moved."""
    staging = root / STAGING
    staging.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(dir=staging))
    try:
        staged = {home / str(number): path for number, path in enumerate(changed)}
        for place, path in staged.items():
            place.write_bytes(changed[path])
            (root / path).parent.mkdir(parents=True, exist_ok=True)
        with _no_interruption():
            for place, path in staged.items():
                place.replace(root / path)
            for path in left_over:
                (root / path).unlink()
    finally:
        shutil.rmtree(staging)


def _read(job: str, file: Path | str) -> Files:
    if isinstance(file, str):
        raise CourseError(f"{job}: {file}", f"Try the lesson alone: python3 course docs {job[:2]} --refresh")
    made = json.loads(file.read_text(encoding="utf-8"))
    if "trouble" in made:
        raise CourseError(*made["trouble"])
    return {Path(path): base64.b64decode(data) for path, data in made["files"].items()}


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


@contextmanager
def _no_interruption() -> Iterator[None]:
    """Let Ctrl-C and a request to end wait for some milliseconds."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
