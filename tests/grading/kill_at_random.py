"""Kills one process of a class run with -9, at a moment by chance, again and again.

`python -P -m tests.grading.kill_at_random LESSON TRIALS SEED [KIND …]` grades a class of two undisturbed, then for each
trial until one process of a kind is killed, and once more. It tells as JSON what was lost, what was left ten seconds
later, and whether the table is that of the undisturbed run.
"""

from __future__ import annotations

import csv
import ctypes
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course.catalog.lessons import ROOT, Lesson, find
from course.project.scratch_copy import copy_tree
from course.testbed.cage.usage import descendants
from course.testbed.deadlines import comes_true

# What stands in the command line of a process of each kind.
KINDS = {
    "parent": "course\0grade",
    "judge": "course.grading.judge_one",
    "supervisor": "supervisor.py",
    "cage": "bwrap",
    "server": "daphne_entry.py",
    "valkey": "valkey-server",
    "chrome": "--remote-debugging-pipe",
}
SAME = ("submission", "verdict", "points", "trouble")
GONE_S = 10


@dataclass
class Trial:
    """What came of one kill: whose, when, what was left, and whether the table is the same in the end."""

    kind: str
    after_s: float
    killed: bool
    left: list[str]
    kept: bool  # what was recorded before is as it was
    same: bool


def main() -> None:
    """Try as often as the arguments say."""
    number, trials, seed, *kinds = sys.argv[1:]
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: who loses its parent becomes a child of ours
    chance = random.Random(int(seed))
    with tempfile.TemporaryDirectory(prefix="kills-") as home:
        runs = Runs(find(number), Path(home))
        began = time.monotonic()
        runs.grade(Path(home, "undisturbed")).wait()
        lasts_s = time.monotonic() - began
        expected = table(Path(home, "undisturbed", number))
        for trial in range(int(trials)):
            kind = chance.choice(kinds or list(KINDS))
            out = Path(home, f"out{trial}")
            told = runs.trial(out, kind, chance.uniform(0, lasts_s), expected)
            sys.stdout.write(json.dumps(vars(told)) + "\n")
            sys.stdout.flush()


class Runs:
    """Runs over one class, of a solution and a starter."""

    def __init__(self, lesson: Lesson, home: Path) -> None:
        """Put the class together."""
        self._lesson = lesson
        self._place = home / "class"
        self._temporary = home / "t"
        self._temporary.mkdir()
        for name in ("ana", "zoe"):
            copy_tree(lesson.starter, self._place / name)
        copy_tree(lesson.solution, self._place / "ana")

    def grade(self, out: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "course", "grade", self._lesson.number, str(self._place)]
        env = {**os.environ, "TMPDIR": str(self._temporary)}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen([*command, "--out", str(out), "--seed", "7"], cwd=ROOT, env=env, **quiet)

    def trial(self, out: Path, kind: str, after_s: float, expected: list[tuple[str, ...]]) -> Trial:
        """Kill one, wait, look what is left, and type the same command again."""
        run = self.grade(out)
        time.sleep(after_s)  # the moment by chance: nothing is waited for
        killed = kill_one(run, kind)
        run.wait()
        comes_true(lambda: not any(alive()), GONE_S)
        left = list(alive())
        records = {path: path.read_bytes() for path in out.glob("*/*/report.json")}
        self.grade(out).wait()
        kept = all(unjudged(old) or path.read_bytes() == old for path, old in records.items())
        left += [path.name for path in self._temporary.glob("course-*")]
        shutil.rmtree(self._temporary)
        self._temporary.mkdir()
        return Trial(kind, round(after_s, 2), killed, left, kept, table(out / self._lesson.number) == expected)


def kill_one(run: subprocess.Popen[bytes], kind: str) -> bool:
    """Kill a process of this kind, and tell whether there was one."""
    if kind == "parent":
        run.kill()
        return True
    of_kind = [pid for pid in descendants(run.pid) if KINDS[kind] in command_line(pid)]
    for pid in of_kind[:1]:
        os.kill(pid, signal.SIGKILL)
    return bool(of_kind)


def alive() -> Iterator[str]:
    """Yield what is still there of a run: processes, and mounts."""
    for pid in descendants(os.getpid()):
        if line := command_line(pid):  # those that have ended have none, and wait for us to say so
            yield line.replace("\0", " ")[:80]
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                break
        except ChildProcessError:
            break
    yield from (line for line in Path("/proc/mounts").read_text().splitlines() if "kills-" in line)


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    except OSError:
        return ""


def unjudged(record: bytes) -> bool:
    return json.loads(record)["reports"][0]["verdict"] == "unjudged"


def table(folder: Path) -> list[tuple[str, ...]]:
    with (folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        return [tuple(row[name] for name in SAME) for row in csv.DictReader(file)]


if __name__ == "__main__":
    main()
