"""What runs before or beside a server runs in the cage too: migrate, worker, npm's build, tests of lesson 12, nginx."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from course.catalog.lessons import ROOT, find
from course.testbed.tools import lesson_needs

LIMIT_S = 300
PYTHON = """
import os, socket, sys
open(f"/tmp/loot-{mark}-" + os.path.basename(sys.argv[0]), "w").write("loot")
try:
    socket.create_connection(("127.0.0.1", {port}), 1)
except OSError:
    pass
assert not os.path.exists("{course}/checks/conftest.py")
"""


def before(path: str) -> Callable[[Path, str], None]:
    """Return what puts Python before a file of a project."""

    def put(project: Path, code: str) -> None:
        file = project / path
        file.write_text(code + file.read_text(encoding="utf-8"), encoding="utf-8")

    return put


def into_the_build(project: Path, code: str) -> None:
    """Let npm's build run Python first."""
    (project / "loot.py").write_text(code)
    package = project / "client" / "package.json"
    facts = json.loads(package.read_text())
    facts["scripts"]["build"] = f"/usr/bin/python3 ../loot.py && {facts['scripts']['build']}"
    package.write_text(json.dumps(facts))


def into_nginx(project: Path, code: str) -> None:
    """Let nginx write where it may not."""
    template = project / "deploy" / "nginx.conf.template"
    mark = code.split("loot-")[1].split("-")[0]
    loot = "server { listen 127.0.0.1:9999; access_log /tmp/loot-MARK-nginx; }\n".replace("MARK", mark)
    template.write_text(loot + template.read_text())


PLACES = (
    ("13", "migrate, server and worker", before("config/settings.py"), "test_the_worker_does_the_work"),
    ("16", "npm run build", into_the_build, "test_the_types_are_right"),
    ("12", "the student's tests", before("tests/test_consumer.py"), "test_they_pass_for_the_chat"),
    ("17", "nginx", into_nginx, "test_static_files_are_nginxs_work"),
)


@pytest.mark.parametrize(("number", "what", "attack", "check"), PLACES, ids=[place[1] for place in PLACES])
def test_nothing_of_a_project_runs_outside(
    tmp_path: Path, number: str, what: str, attack: Callable[[Path, str], None], check: str
) -> None:
    """Code that runs in one step of a run passes as ever, and leaves nothing outside of its cage."""
    lesson = find(number)
    if lesson_needs.lacking(lesson):
        pytest.skip(f"This machine lacks something that lesson {number} needs.")
    project, mark = tmp_path / "project", f"mark{os.getpid()}"
    shutil.copytree(lesson.starter, project)
    shutil.copytree(lesson.solution, project, dirs_exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as canary:
        facts = {"mark": mark, "port": str(canary.getsockname()[1]), "course": str(ROOT)}
        code = PYTHON
        for name, value in facts.items():
            code = code.replace("{%s}" % name, value)  # noqa: UP031 - the code has braces of its own
        attack(project, code)
        command = ["check", number, "--project", str(project), "--only", check, "--isolation", "caged", "--plain"]
        ended = subprocess.run(
            [sys.executable, "-P", "-m", "course", *command],
            cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False,
        )  # fmt: skip
        canary.setblocking(False)
        with pytest.raises(BlockingIOError):
            canary.accept()

    assert "1 of 1 checks pass" in ended.stdout, ended.stdout + ended.stderr
    assert list(Path("/tmp").glob(f"loot-{mark}*")) == []
