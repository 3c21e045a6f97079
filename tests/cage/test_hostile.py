"""A class with hostile submissions: each comes to its expected end, and harms nobody."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from course.catalog.lessons import ROOT, find
from course.project.scratch_copy import copy_tree
from course.reports.clean import FORMULA, HARMFUL
from course.testbed.deadlines import comes_true
from tests.cage.hostile_projects import ENTRIES, PROJECTS
from tests.cage.hostile_submissions import ATTACKS, PRELUDE, Hostile

pytestmark = [pytest.mark.xdist_group("hostile"), pytest.mark.slow_setup]

LESSON = find("02")
HOSTILE = (*ATTACKS, *PROJECTS)
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
    written: dict[str, str] = field(default_factory=dict)  # the files of the results
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
            compose(submissions / name, Hostile(name, "", solved))
        alone, _ = grade(submissions, home / "alone.json")
        for attack in HOSTILE:
            compose(submissions / attack.name, attack, facts)
        for name, make, _ in ENTRIES:
            make(submissions / name)
        before = files_in(submissions) | files_in(ROOT / "solutions" / LESSON.slug)
        reports, output = grade(submissions, home / "reports.json")
        after = files_in(submissions) | files_in(ROOT / "solutions" / LESSON.slug)
        calls = [str(listener.getsockname()) for listener in listeners if somebody_called(listener)]
        out = home / "reports" / LESSON.number
        written = {str(path.relative_to(out)): path.read_text() for path in out.rglob("*.*") if path.is_file()}
        yield Class(reports, alone, output, before, after, written, calls, mark)


def compose(folder: Path, attack: Hostile, facts: Mapping[str, object] | None = None) -> None:
    copy_tree(LESSON.starter, folder)
    if attack.solved:
        copy_tree(LESSON.solution, folder)
    for name, text in attack.files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    code = PRELUDE + filled_in(attack.code, facts or {})
    place = folder / ("echo/consumers.py" if attack.late else "config/asgi.py")
    place.write_text(f"{place.read_text()}\n{code}" if attack.late else f"{code}\n{place.read_text()}")


def filled_in(code: str, facts: Mapping[str, object]) -> str:
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


@pytest.mark.parametrize("attack", HOSTILE, ids=[attack.name for attack in HOSTILE])
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
    named = {*NEIGHBOURS, *(attack.name for attack in HOSTILE)}
    refused = [report["refused"] for name, report in judged.reports.items() if name not in named]

    assert named <= set(judged.reports)
    assert len(refused) == len(ENTRIES)
    assert [reason for *_, reason in ENTRIES if not any(reason in told for told in refused)] == []


def test_nothing_that_is_told_drives_a_terminal(judged: Class) -> None:
    """Neither the terminal nor any file of the results holds a control character, and no table a formula."""
    told = {"terminal": judged.output, **judged.written}

    assert [place for place, text in told.items() if HARMFUL.search(text)] == []
    cells = [cell for row in csv.reader(io.StringIO(judged.written["grades.csv"])) for cell in row]
    assert [cell for cell in cells if len(cell) > 1 and cell.startswith(FORMULA)] == []


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
