"""A class with hostile submissions: each comes to its expected end, and harms nobody."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from course.catalog.lessons import ROOT, find
from course.testbed.deadlines import comes_true
from tests.cage.hostile_submissions import ATTACKS, PRELUDE, Hostile

pytestmark = [pytest.mark.xdist_group("hostile"), pytest.mark.slow_setup]

LESSON = find("02")
LIMIT_S = 900
PATIENT = {**os.environ, "COURSE_TIME_SCALE": "2"}  # what uses up a busy machine needs its time to do so
NEIGHBOURS = {"ana": True, "zoe": False}  # whose is solved; they are the first and the last of the class


@dataclass
class Class:
    """What came of a class: reports by submission, and what an attack has left."""

    reports: dict[str, dict[str, Any]]
    alone: dict[str, dict[str, Any]]
    output: str
    files_before: dict[str, bytes]
    files_after: dict[str, bytes]
    calls: list[str] = field(default_factory=list)
    mark: str = ""


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    """Grade two submissions, and then the same two among the attackers."""
    home = tmp_path_factory.mktemp("home")
    mark = f"mark-{os.getpid()}"
    with ExitStack() as stack:
        listeners = [stack.enter_context(socket.create_server(("127.0.0.1", 0)))]
        listeners.append(stack.enter_context(socket.socket(socket.AF_UNIX)))
        listeners[1].bind(f"\0{mark}")
        listeners[1].listen()
        submissions = home / "class"
        facts = {
            "class": submissions, "course": ROOT, "home": home, "results": home / "reports.json", "mark": mark,
            "abstract": mark, "port": listeners[0].getsockname()[1], "judge": os.getpid(), "canary": home / "canary",
        }  # fmt: skip
        (home / "canary").write_text("a secret of the instructor")
        for name, solved in NEIGHBOURS.items():
            compose(submissions / name, solved=solved)
        alone, _ = grade(submissions, home / "alone.json")
        for attack in ATTACKS:
            compose(submissions / attack.name, solved=attack.solved, code=filled_in(attack.code, facts))
        before = files_in(submissions) | files_in(ROOT / "solutions" / LESSON.slug)
        reports, output = grade(submissions, home / "reports.json")
        after = files_in(submissions) | files_in(ROOT / "solutions" / LESSON.slug)
        calls = [str(listener.getsockname()) for listener in listeners if somebody_called(listener)]
        yield Class(reports, alone, output, before, after, calls, mark)


def compose(folder: Path, *, solved: bool, code: str = "") -> None:
    shutil.copytree(LESSON.starter, folder)
    if solved:
        shutil.copytree(LESSON.solution, folder, dirs_exist_ok=True)
    asgi = folder / "config" / "asgi.py"
    asgi.write_text(f"{PRELUDE}{code}\n{asgi.read_text()}" if code else asgi.read_text())


def filled_in(code: str, facts: dict[str, object]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: str(facts.get(found[1], found[0])), code)


def grade(submissions: Path, file: Path) -> tuple[dict[str, dict[str, Any]], str]:
    """Grade a class, and return the reports by the names of the submissions."""
    command = [
        sys.executable,
        "-P",
        "-m",
        "course",
        "grade",
        LESSON.number,
        str(submissions),
        "--json",
        str(file),
        "--out",
        str(file.with_suffix("")),
    ]
    ended = subprocess.run(command, cwd=ROOT, env=PATIENT, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert file.exists(), ended.stdout + ended.stderr
    reports = json.loads(file.read_text())["reports"]
    return {Path(report["project"]).name: report for report in reports}, ended.stdout


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def somebody_called(listener: socket.socket) -> bool:
    listener.setblocking(False)
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def verdict(report: dict[str, Any]) -> list[tuple[str, str, str]]:
    told = [(c["name"], c["status"], (c["failure"] or {"message": ""})["message"]) for c in report["checks"]]
    return [*told, ("points", str(report["points"]), report["isolation"])]


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.name for attack in ATTACKS])
def test_an_attack_comes_to_its_end(judged: Class, attack: Hostile) -> None:
    """A submission passes where its attack changes nothing, and else fails for what it has done."""
    report = judged.reports[attack.name]
    wrong = [check for check in report["checks"] if check["status"] != "passed"]
    told = " ".join([report["problem"], *(check["title"] for check in wrong)])

    assert report["passed"] == (attack.solved and not attack.trouble), told
    assert attack.trouble in told
    assert (report["course_error"], report["isolation"]) == ("", "caged")
    assert not any(check["status"] == "error" for check in report["checks"])


def test_neighbours_notice_nothing(judged: Class) -> None:
    """Those who hand in beside attackers get the verdict that they get without them."""
    assert {name: verdict(judged.reports[name]) for name in NEIGHBOURS} == {
        name: verdict(judged.alone[name]) for name in NEIGHBOURS
    }
    assert [judged.alone[name]["passed"] for name in NEIGHBOURS] == [True, False]


def test_nobody_is_missing(judged: Class) -> None:
    """The class is complete, whatever one of them does."""
    assert set(judged.reports) == {*NEIGHBOURS, *(attack.name for attack in ATTACKS)}


def test_no_file_of_others_has_changed(judged: Class) -> None:
    """Neither a submission nor a solution is written to, and nothing is left in a folder that all can write in."""
    assert judged.files_after == judged.files_before
    assert [str(p) for top in ("/tmp", "/var/tmp", "/dev/shm") for p in Path(top).glob(f"loot-{judged.mark}")] == []


def test_nobody_has_called_outside(judged: Class) -> None:
    """No submission came to a port or a socket of the machine."""
    assert judged.calls == []


def test_nothing_stays_behind(judged: Class) -> None:
    """Processes and mounts of a submission end with its judge."""
    assert comes_true(lambda: not living(judged.mark), 10), living(judged.mark)
    assert "/seen" not in Path("/proc/mounts").read_text()


def living(mark: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_text(errors="replace").split("\0")
        except OSError:
            continue
        if mark in words:
            found.append(" ".join(words)[:80])
    return found
