"""Warm is as correct as cold: a forked server and shared parts change no verdict, and leave nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from course.authoring.verify import Run, runs_of
from course.catalog.lessons import find
from course.catalog.mistakes import mistakes
from course.judging.runner_pool import Job
from course.judging.session import run_checks
from course.testbed.deadlines import deadline_s
from course.testbed.processes.forkserver_client import CAN_FORK, Forkserver, JoinedForkserver
from course.testbed.processes.process import Process
from course.testbed.servers.daphne import Site
from course.testbed.servers.daphne_launch import serve_cold, serve_forked
from course.testbed.servers.manage_py import ManagePy
from course.testbed.shared import SharedParts

TYPICAL = "02_sync_echo"  # the lesson all of whose mistakes are judged both ways; `verify --both-ways` does the rest
# A correct project of every lesson passes cold in test_other_layouts, and warm in test_lessons.
RUNS = [pytest.param(made, id=made.name.replace(", ", "-")) for made in runs_of(find(TYPICAL))]
SEED = 4711

forks = pytest.mark.skipif(not CAN_FORK, reason="this system has no fork")


@pytest.fixture
def forkserver() -> Iterator[Forkserver]:
    with closing(Forkserver()) as parent:
        yield parent


def says_hello(parent: Forkserver, folder: Path) -> bool:
    """Tell whether a script that is forked in a folder runs to its end."""
    (folder / "hello.py").write_text("print('hello')")
    process = Process(["hello.py"], cwd=folder, spawn=parent.fork_in(folder))
    return (process.wait(deadline_s(10)), process.output) == (0, "hello\n")


@forks
def test_a_parent_may_be_shared(forkserver: Forkserver, tmp_path: Path) -> None:
    """Who joins in forks from it under the same rules, and leaves it running."""
    joined = JoinedForkserver(forkserver.address)
    (tmp_path / "django").mkdir()
    assert joined.fork_in(tmp_path) is None
    (tmp_path / "django").rename(tmp_path / "tea")

    for parent in (joined, forkserver):
        assert says_hello(parent, tmp_path)
        parent.close()


@forks
@pytest.mark.parametrize("sent", [b"", b"\x09", struct.pack("i", 9), struct.pack("i", 9) + b"{"])
def test_a_caller_may_be_killed_while_it_asks(forkserver: Forkserver, tmp_path: Path, sent: bytes) -> None:
    """Half a request holds nobody up: a parent that many share goes on."""
    folder, _ = json.loads(forkserver.address)
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(f"{folder}/door")
        caller.sendall(sent)

    assert says_hello(forkserver, tmp_path)


@pytest.mark.parametrize("made", RUNS)
def test_a_warm_verdict_equals_a_cold_one(made: Run, shared: SharedParts) -> None:
    """Solutions, starters and the mistakes of a typical lesson come out the same both ways, check by check."""
    job = replace(made.job, include_slow=False)
    cold = job.run(seed=SEED)
    warm = job.run(seed=SEED, shared=shared)

    assert not made.differences(cold, warm)


def test_a_difference_is_told(shared: SharedParts) -> None:
    """What `verify --both-ways` calls a fault: a check that comes out in two ways, with both."""
    solution, starter = (Job(find(TYPICAL), solved=solved).run(shared=shared) for solved in (True, False))

    told = Run(find(TYPICAL)).differences(solution, starter)

    failing = [check.name for check in starter.checks if check.status == "failed"]
    assert [line.split()[0] for line in told] == failing
    assert told[0].startswith(f"{failing[0]} came out as passed cold, and as failed")


def test_of_a_race_only_its_check_counts(shared: SharedParts) -> None:
    """A program that does one thing or another may come out in two ways, but for the check that catches it."""
    lesson = find(TYPICAL)
    solution, starter = (Job(lesson, solved=solved).run(shared=shared) for solved in (True, False))
    race = replace(mistakes(lesson)[0], race=True)

    told = Run(lesson, race).differences(solution, starter)

    assert [line.split()[0] for line in told] == [race.caught_by]


@forks
def test_a_forked_server_finds_the_world_of_a_new_program(forkserver: Forkserver, project, tmp_path: Path) -> None:
    """Its arguments, environment, folder, path and main module are those that a new program has."""
    told = "\n".join(
        [
            "import json, os, sys",
            "from django.http import JsonResponse",
            "from django.urls import path",
            "def world(request):",
            "    keys = ('argv', 'path', 'flags', 'warnoptions')",
            "    found = {key: [str(x) for x in getattr(sys, key)] for key in keys}",
            "    names = sorted(os.environ)",
            "    own = os.getsid(0) == os.getpid()",
            "    return JsonResponse(found | {'cwd': os.getcwd(), 'env': names, 'own session': own})",
            "urlpatterns = [path('', world)]",
        ]
    )
    folder = project({"config/urls.py": told})
    worlds = []
    for serve in (serve_cold, serve_forked(forkserver)):
        site = Site(folder, serve=serve)
        worlds.append(site.get("/").json())
        site.stop()
    cold, warm = worlds
    for world in worlds:
        world["argv"] = [word for word in world["argv"] if "daphne_entry.py" not in word]

    assert warm == cold


def both_ways(forkserver: Forkserver, folder: Path, *arguments: str) -> list[ManagePy]:
    """Run `manage.py` as a new program and as a fork; return both when they have ended."""
    commands = [
        ManagePy(*arguments, folder=folder, manage_in=folder, redis_url="", parent=parent)
        for parent in (None, forkserver)
    ]
    for command in commands:
        command.wait(deadline_s(10))
    return commands


@forks
def test_a_forked_command_finds_the_world_of_a_new_program(forkserver: Forkserver, project) -> None:
    """What `manage.py` can see of how it was started is the same both ways."""
    told = "\n".join(
        [
            "import json, os, sys, warnings",
            "world = {key: getattr(sys, key) for key in ('argv', 'path', 'warnoptions')}",
            "world |= {'file': __file__, 'name': __name__, 'cwd': os.getcwd(), 'env': sorted(os.environ)}",
            "world['errors'] = [str(warning) for warning in warnings.filters if warning[0] == 'error']",
            "print(json.dumps(world))",
            "raise SystemExit(7)",
        ]
    )
    cold, warm = both_ways(forkserver, project({"manage.py": told}), "migrate", "--no-input")

    assert [command.exit_code for command in (cold, warm)] == [7, 7]
    assert json.loads(warm.output) == json.loads(cold.output)


def test_without_a_fork_a_lesson_is_judged_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has no `fork`, as on Windows, servers and manage.py are new programs, and the verdict is one."""
    monkeypatch.setattr("course.testbed.processes.forkserver_client.CAN_FORK", False)
    with closing(SharedParts(Forkserver())) as parts:
        reports = [run_checks(find(name), solved=True, shared=parts) for name in ("02", "11")]

    assert [report.trouble for report in reports] == ["", ""]


@forks
def test_a_forked_command_logs_as_a_new_program(forkserver: Forkserver, project) -> None:
    """A LOGGING that disables the loggers that exist leaves a forked process those that come later in a new one."""
    told = "\n".join(
        [
            "import logging.config",
            "from django.core.management import execute_from_command_line",
            "logging.config.dictConfig({'version': 1})",
            "import channels_redis.core, django.middleware.csrf, rest_framework.serializers, rq.worker",
            "loggers = logging.root.manager.loggerDict.items()",
            "print(sorted(name for name, logger in loggers if getattr(logger, 'disabled', False)))",
        ]
    )
    cold, warm = both_ways(forkserver, project({"manage.py": told}), "rqworker")

    assert [command.exit_code for command in (cold, warm)] == [0, 0]
    assert "asyncio" in cold.output
    assert warm.output == cold.output


@forks
def test_a_forked_process_hears_signals_while_somebody_waits_for_it(forkserver: Forkserver, project) -> None:
    """Several may wait for the end of a forked process, and it can be told to end meanwhile."""
    folder = project({"manage.py": "import time\n\nprint('up')\ntime.sleep(3600)\n"})
    command = ManagePy("rqworker", folder=folder, manage_in=folder, redis_url="", parent=forkserver)
    assert command.wait_for("up", deadline_s(10))
    with ThreadPoolExecutor() as threads:
        ends = [threads.submit(command.wait, deadline_s(10)) for _ in range(2)]
        assert command.exit_code is None
        assert command.signal(signal.SIGTERM)
        codes = [end.result() for end in ends]

    assert codes == [128 + signal.SIGTERM] * 2


@forks
def test_a_project_with_a_module_of_a_preloaded_name_is_served_by_a_new_program(
    forkserver: Forkserver, project
) -> None:
    """A file redis.py of the student's own comes before the library, warm as cold."""
    folder = project(
        {"redis.py": "raise RuntimeError('mine')\n", "config/urls.py": "import redis\n\nurlpatterns = []\n"}
    )
    sites = [Site(folder, serve=serve) for serve in (serve_cold, serve_forked(forkserver))]
    told = [site.get("/").status for site in sites]
    for site in sites:
        site.stop()

    assert told == [500, 500]
    assert all("mine" in site.errors[-1] for site in sites)


@forks
def test_the_exit_code_of_a_forked_server_is_told(forkserver: Forkserver, tmp_path: Path) -> None:
    """A forked server that ends is heard of, with its exit code and what it wrote."""
    env = {"PYTHONUNBUFFERED": "1"}
    process = serve_forked(forkserver)(["no-token", "9", str(tmp_path), "no.such.module:application"], tmp_path, env)

    assert process.wait(deadline_s(10)) == 1
    assert "ModuleNotFoundError: No module named 'no'" in process.output


@pytest.mark.skipif(sys.platform != "linux", reason="counts in /proc")
def test_two_hundred_runs_leave_nothing_behind() -> None:
    """After many saves there are as many processes, threads and files as after the first few, and as much memory."""
    lesson = find("02")
    with closing(SharedParts(Forkserver())) as parts:
        for _ in range(20):
            assert run_checks(lesson, solved=True, shared=parts).passed
        before = census()
        for _ in range(int(os.environ.get("COURSE_MANY", "60"))):
            assert run_checks(lesson, solved=True, shared=parts).passed
        after = census()

    assert after["children"] == before["children"]
    assert after["files"] <= before["files"] + 2
    assert after["threads"] <= before["threads"] + 1
    assert after["kilobytes"] - before["kilobytes"] < 20_000


def census() -> dict[str, int]:
    """Count what this process holds."""
    status = Path("/proc/self/status").read_text()
    facts = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    return {
        "children": len(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()),
        "files": len(list(Path("/proc/self/fd").iterdir())),
        "threads": int(facts["Threads"]),
        "kilobytes": int(facts["VmRSS"].split()[0]),
    }
