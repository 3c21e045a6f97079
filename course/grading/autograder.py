"""Judges the one submission that a platform hands to its autograder, and makes what is uploaded to the platform.

Gradescope   a zip with `setup.sh` and `run_autograder` at its root, unpacked to /autograder/source; it runs in
             /autograder beside submission/ and results/ (https://gradescope-autograders.readthedocs.io/en/latest/specs/)
GitHub       a workflow for a student's repository, which fetches the course from the teacher's
"""

from __future__ import annotations

import dataclasses
import io
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from course.catalog.lessons import ROOT, Lesson
from course.errors import CourseError
from course.grading.entries import Entry, taken_in
from course.grading.judge_process import Judges
from course.grading.members import Refused
from course.grading.points import Scheme
from course.grading.snapshot import snapshot
from course.grading.submission_names import Submitter, shown
from course.judging.runner_pool import Job
from course.reports.platforms import to_classroom50, to_gradescope, to_notices
from course.results import Isolation, Report
from course.testbed.sample_data import new_seed

CARRIED = ("course", "checks", "lessons")  # and no solution: what a submission starts there could read it
ALONE = ("pyproject.toml", "requirements.txt", "requirements-dev.txt", "requirements-uv.txt", "LICENSE")
NEVER = {"__pycache__", "node_modules", ".angular", "db.sqlite3", ".venv"}
REPOSITORY = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+")
FIXED_TIME = (2020, 1, 1, 0, 0, 0)  # the same files make the same zip

# A name may be there and start nothing, so each is tried.
NEWEST = """\
newest() {
  for minor in 14 13 12 11; do "python3.$minor" -c "" 2> /dev/null && echo "python3.$minor" && return; done
  return 1
}"""
SETUP = """\
#!/usr/bin/env bash
# Runs once, as root, when Gradescope builds the image: gets Python, the course's packages, and what the lesson needs.
set -euo pipefail
{newest}
if ! newest > /dev/null; then
  apt-get update -qq
  apt-get install -y -qq python3.11 python3.11-venv || apt-get install -y -qq python3 python3-venv
fi
cd "$(dirname "${{BASH_SOURCE[0]}}")"
# The starter does not pass; what is proved here is that this machine can judge it.
"$(newest)" course autograde {number} lessons/{slug} || test $? -eq 1
"""
RUN = """\
#!/usr/bin/env bash
# Runs for each submission, in the folder that holds source/, submission/ and results/.
set -uo pipefail
{newest}
"$(newest)" source/course autograde {number} submission --hints {hints} --gradescope results/results.json \\
  || test $? -eq 1
"""
WORKFLOW = """\
# Made by `python3 course export classroom {number}`: judges lesson {number} at each push.
name: Channels on the Wire {number}
on: [push, workflow_dispatch]
permissions:
  contents: read
jobs:
  grade:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    steps:
      - name: Check out the submission
        uses: actions/checkout@v4
        with:
          path: submission
          persist-credentials: false
      - name: Check out the course, from where the student can't change it
        uses: actions/checkout@v4
        with:
          repository: {repository}
          ref: {ref}
          path: grader
          persist-credentials: false
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - name: Judge
        run: python grader/course autograde {number} submission --hints {hints} --classroom result.json --notices
      - name: Keep the result
        if: always()
        uses: actions/upload-artifact@v4
        with:
          name: result
          path: result.json
"""


def judge_alone(
    lesson: Lesson, folder: Path, isolation: Isolation, *, include_slow: bool = False, seed: int | None = None
) -> Report:
    """Judge one submission, in whatever way it is packed; a fault of ours is tried twice."""
    entry = Entry(shown(folder.name), "alone", (folder,), Submitter(shown(folder.name)))
    chosen = new_seed() if seed is None else seed
    with snapshot(lesson) as taken, closing(Judges()) as judges:
        try:
            with taken_in(entry, taken.lesson) as project:
                job = Job(taken.lesson, project=project.folder, include_slow=include_slow, isolation=isolation)
                report = judges.judge(job, chosen)
                if report.verdict == "unjudged":
                    report = judges.judge(job, chosen)
        except Refused as reason:
            report = Report(lesson.slug, lesson.title, "", chosen, (), refused=str(reason))
    return dataclasses.replace(report, project=entry.name)


def platform_texts(report: Report, points: Scheme, hints: int) -> dict[str, str]:
    """Return what each platform reads of a report."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "gradescope": to_gradescope(report, points.weights, hints),
        "classroom": to_classroom50(report, points.weights, os.environ, now),
        "notices": "\n".join(to_notices(points.points(report) or 0, points.possible)),
    }


def gradescope_zip(lesson: Lesson, hints: int = 1) -> bytes:
    """Return the autograder of a lesson, as Gradescope takes it."""
    facts = {"number": lesson.number, "slug": lesson.slug, "hints": hints, "newest": NEWEST}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "setup.sh", SETUP.format(**facts).encode(), executable=True)
        _add(archive, "run_autograder", RUN.format(**facts).encode(), executable=True)
        for path in _carried(lesson):
            _add(archive, path.relative_to(ROOT).as_posix(), path.read_bytes(), executable=os.access(path, os.X_OK))
    return target.getvalue()


def classroom_workflow(lesson: Lesson, repository: str, ref: str = "main", hints: int = 1) -> str:
    """Return the workflow of a student's repository. Raises CourseError where the course's repository is no name."""
    if not REPOSITORY.fullmatch(repository):
        told = f"'{repository}' is not a repository."
        raise CourseError(told, "Name the one that holds the course: --repository OWNER/NAME")
    if not re.fullmatch(r"[A-Za-z0-9._/-]+", ref):
        raise CourseError(f"'{ref}' is not a branch, a tag or a commit.", "Name one with --ref.")
    return WORKFLOW.format(number=lesson.number, repository=repository, ref=ref, hints=hints)


def _carried(lesson: Lesson) -> Iterator[Path]:
    """Yield the files that an autograder needs: the engine, and of the lessons this one."""
    for tree in CARRIED:
        for path in sorted((ROOT / tree).rglob("*")):
            inside = path.relative_to(ROOT / tree).parts
            is_other_lesson = tree != "course" and re.match(r"\d\d_", inside[0]) and inside[0] != lesson.slug
            if path.is_file() and not is_other_lesson and not NEVER & set(inside) and path.suffix != ".pyc":
                yield path
    yield from (ROOT / name for name in ALONE if (ROOT / name).is_file())


def _add(archive: zipfile.ZipFile, name: str, content: bytes, *, executable: bool) -> None:
    info = zipfile.ZipInfo(name, FIXED_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = (stat.S_IFREG | (0o755 if executable else 0o644)) << 16
    archive.writestr(info, content)
