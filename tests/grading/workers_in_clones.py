"""Judges a class by workers as separate machines would have them: a clone and a TMPDIR each, one killed with -9.

`python -P -m tests.grading.workers_in_clones WORKERS SUBMISSIONS` tells as JSON how long it took, whether the table is
that of this machine alone, how many records there are, and who is not there for a course of another version.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from redis import Redis
from rq.registry import StartedJobRegistry

from course.catalog.lessons import ROOT, find
from course.grading.work_queue import WorkQueue
from course.project.scratch_copy import copy_tree
from course.testbed.deadlines import comes_true
from course.testbed.servers.valkey import Valkey

LESSON = find("02")
SAME = ("submission", "verdict", "points", "trouble")
UP_S = 120


def main() -> None:
    """Try it with as many workers and submissions as the arguments say."""
    workers, submissions = map(int, sys.argv[1:])
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clones-")))
        valkey = Valkey()
        stack.callback(valkey.kill)
        with Redis(port=valkey.port) as redis:
            redis.config_set("requirepass", "tea")
        url = f"redis://:tea@127.0.0.1:{valkey.port}/0"
        hand_in(home / "class", submissions)
        began = time.monotonic()
        grade(home, "here").wait()
        here_s = time.monotonic() - began
        running = [start_worker(home, f"w{number}", url, stack) for number in range(workers)]
        queue = WorkQueue(url)
        assert comes_true(lambda: queue.count_workers() == workers, UP_S)
        began = time.monotonic()
        run = grade(home, "there", "--workers", url)
        started = StartedJobRegistry(queue=queue.jobs)
        assert comes_true(lambda: len(started.get_job_ids(cleanup=False)) == workers, UP_S)
        running[0].kill()
        run.wait()
        there_s = time.monotonic() - began
        left = [path.name for path in home.glob("w*-tmp/course-*") if path.parent.name != "w0-tmp"]
        start_worker(home, "another", url, stack, is_other=True)
        assert comes_true(lambda: queue.count_workers(all_versions=True) > queue.count_workers(), UP_S)
        told = {
            "workers": workers, "submissions": submissions, "here_s": round(here_s, 1), "there_s": round(there_s, 1),
            "same": table(home / "there") == table(home / "here"),
            "records": len(list(home.glob("there/02/*/report.json"))), "left": left,
            "of this version": queue.count_workers(), "of all": queue.count_workers(all_versions=True),
        }  # fmt: skip
        sys.stdout.write(json.dumps(told) + "\n")


def hand_in(place: Path, submissions: int) -> None:
    """Let every second of them be solved."""
    for number in range(submissions):
        copy_tree(LESSON.starter, place / f"student{number:02}")
        if number % 2:
            copy_tree(LESSON.solution, place / f"student{number:02}")


def grade(home: Path, out: str, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "course", "grade", "02", str(home / "class"), "--out", str(home / out)]
    return subprocess.Popen([*command, "--seed", "7", *options], cwd=ROOT, stdout=subprocess.DEVNULL)


def start_worker(
    home: Path, name: str, url: str, stack: ExitStack, *, is_other: bool = False
) -> subprocess.Popen[bytes]:
    """Start a worker in a clone of its own, which holds another version of the course where that is said."""
    clone, temporary = home / name, home / f"{name}-tmp"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    temporary.mkdir()
    if is_other:
        (clone / "course" / "errors.py").open("a").write("\n# another version\n")
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    env |= {"TMPDIR": str(temporary), "COURSE_GRADE_WORKERS": url}
    worker = subprocess.Popen(["python3", "course", "grade-worker"], cwd=clone, env=env, stderr=subprocess.DEVNULL)
    stack.enter_context(worker)
    stack.callback(worker.kill)
    return worker


def table(out: Path) -> list[tuple[str, ...]]:
    with (out / "02" / "grades.csv").open(encoding="utf-8", newline="") as file:
        return [tuple(row[name] for name in SAME) for row in csv.DictReader(file)]


if __name__ == "__main__":
    main()
