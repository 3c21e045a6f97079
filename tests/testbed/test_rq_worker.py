"""A project's RQ worker as part of the test bed: real, and ended in every case."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import pytest

from course.catalog.lessons import find
from course.errors import NotStarted, Unmet
from course.student.dev_worker import DevWorker
from course.testbed.bed import Bed
from course.testbed.deadlines import comes_true, deadline_s
from course.testbed.processes.process import Process
from course.testbed.servers.sqlite_locks import SqliteDatabase
from course.testbed.shared import SharedParts
from tests.conftest import BuildProject

LESSON = find("13")
linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux says which process it is")


@pytest.fixture
def bed(project: BuildProject, shared: SharedParts) -> Iterator[Bed]:
    """Return a bed around lesson 13's solution."""
    with closing(Bed(LESSON, project(lesson="13"), shared)) as bed:
        yield bed


def make(bed: Bed, duration: float) -> int:
    """Make a task and return its id."""
    made: dict[str, int] = bed.site(0).post("/tasks/", {"duration": duration}).json()
    return made["id"]


def status(bed: Bed, task: int) -> str:
    return str(bed.site(0).get(f"/tasks/{task}/").json()["status"])


def ends(bed: Bed, task: int, wanted: str) -> bool:
    return comes_true(lambda: status(bed, task) == wanted, 5)


def test_it_does_the_jobs_of_the_project(bed: Bed) -> None:
    """A job that the server puts into the queue is done by the worker, which logs it."""
    bed.worker.start()
    task = make(bed, 0.01)

    assert ends(bed, task, "SUCCESS")
    bed.worker.is_done()
    assert bed.worker.jobs == 1
    assert "create_task" in bed.worker.log


def test_its_errors_are_cut_to_the_projects_lines(bed: Bed) -> None:
    """A traceback in its log is told without RQ's own frames, and is over with the next line of RQ's log."""
    bed.worker.start()
    bad, good = make(bed, 0), make(bed, 0.01)
    ended = ends(bed, bad, "FAILURE") and ends(bed, good, "SUCCESS")
    bed.worker.is_done()

    assert ended
    assert len(bed.worker.errors) == 1
    assert bed.worker.errors[0].splitlines() == [
        "In the worker:",
        '  File "tasks/jobs.py", line 14, in create_task',
        "    work(duration)",
        '  File "tasks/work.py", line 7, in work',
        "    return 1 / duration",
        "ZeroDivisionError: float division by zero",
    ]


def test_the_next_check_begins_with_an_empty_log(bed: Bed) -> None:
    """What an earlier check has left in the log is not told again, also after a restart."""
    bed.worker.start()
    make(bed, 0)
    bed.worker.is_done()
    bed.worker.stop()
    bed.begin_check()
    bed.worker.start()

    assert bed.worker.errors == []
    assert comes_true(lambda: "Listening" in bed.worker.log, 5)


def test_while_it_is_stopped_jobs_wait(bed: Bed) -> None:
    """A stopped worker takes nothing, and a new one takes what has waited."""
    bed.worker.start()
    bed.worker.stop()
    task = make(bed, 0.01)

    assert bed.worker.waiting == 1
    assert status(bed, task) == "PENDING"
    assert bed.worker.why_dead == ""
    bed.worker.start()
    assert ends(bed, task, "SUCCESS")


@linux
def test_while_it_is_paused_jobs_wait(bed: Bed) -> None:
    """A paused worker takes nothing; it is the same one that goes on."""
    bed.worker.start()
    before = bed.worker.log
    bed.worker.pause()
    task = make(bed, 0.01)
    waiting, then = bed.worker.waiting, status(bed, task)
    bed.worker.start()

    assert waiting == 1
    assert then == "PENDING"
    assert ends(bed, task, "SUCCESS")
    assert bed.worker.log.startswith(before)
    assert bed.worker.log.count("Listening on") == 1


@linux
def test_waiting_jobs_can_be_dropped(bed: Bed) -> None:
    """What waits is gone, also what a paused worker was handed already, and the next job is done."""
    bed.worker.start()
    bed.worker.pause()
    dropped = [make(bed, 60), make(bed, 60)]
    bed.worker.drop()
    waiting = bed.worker.waiting
    bed.worker.start()
    task = make(bed, 0.01)

    assert waiting == 0
    assert ends(bed, task, "SUCCESS")
    assert [status(bed, number) for number in dropped] == ["PENDING", "PENDING"]
    assert bed.worker.idle


def test_a_worker_may_log_elsewhere(project: BuildProject, shared: SharedParts) -> None:
    """A worker whose log goes to a file is up when Redis says so, and Redis has the tracebacks of its jobs."""
    log = """
    LOGGING = {
        "version": 1,
        "disable_existing_loggers": True,
        "handlers": {"file": {"class": "logging.FileHandler", "filename": BASE_DIR / "work.log"}},
        "root": {"handlers": ["file"], "level": "INFO"},
    }
    """
    folder = project(lesson="13")
    settings = folder / "config" / "settings.py"
    settings.write_text(settings.read_text(encoding="utf-8") + dedent(log), encoding="utf-8")
    with closing(Bed(LESSON, folder, shared)) as bed:
        bed.worker.start()
        task = make(bed, 0.01)

        assert ends(bed, task, "SUCCESS")
        assert ends(bed, make(bed, 0), "FAILURE")
        bed.worker.is_done()
        assert "Listening on" not in bed.worker.log
        assert [error.splitlines()[-1] for error in bed.worker.errors] == ["ZeroDivisionError: float division by zero"]
        bed.begin_check()
        assert bed.worker.errors == []


def test_a_queue_that_no_worker_takes_is_told(project: BuildProject, shared: SharedParts) -> None:
    """Jobs in a queue that the worker was not started for; while no worker is up at all, none is told."""
    folder = project(lesson="13")
    settings = folder / "config" / "settings.py"
    more = 'RQ_QUEUES["high"] = RQ_QUEUES["default"]\n'
    settings.write_text(settings.read_text(encoding="utf-8") + more, encoding="utf-8")
    views = folder / "tasks" / "views.py"
    views.write_text(
        views.read_text(encoding="utf-8").replace("django_rq.enqueue,", 'django_rq.get_queue("high").enqueue,'),
        encoding="utf-8",
    )
    with closing(Bed(LESSON, folder, shared)) as bed:
        bed.worker.start()
        nothing_waits = bed.worker.unheard
        make(bed, 0.01)

        assert nothing_waits == []
        assert bed.worker.unheard == ["queue 'high' holds jobs; the worker listens to default"]
        bed.worker.stop()
        assert bed.worker.unheard == []


@linux
def test_a_paused_one_can_be_stopped(bed: Bed) -> None:
    """Stopping a worker that is paused ends it, and the next one works."""
    bed.worker.start()
    bed.worker.pause()
    bed.worker.stop()
    assert bed.worker.why_dead == ""
    bed.worker.start()

    assert ends(bed, make(bed, 0.01), "SUCCESS")
    assert bed.worker.log.count("Listening on") == 2


def test_a_stopped_one_ends_its_job_first(bed: Bed) -> None:
    """A worker that is asked to end does so after the job that it has at hand."""
    bed.worker.start()
    task = make(bed, 0.5)
    bed.worker.has_begun()
    bed.worker.stop()

    assert status(bed, task) == "SUCCESS"
    assert "warm shut down" in bed.worker.log


def test_kill_ends_the_job_too(bed: Bed) -> None:
    """After a kill the job at hand is dead with the worker: nobody ends its task."""
    bed.worker.start()
    task, waiting = make(bed, 30), make(bed, 0.01)
    bed.worker.has_begun()
    bed.worker.kill()
    assert "Job OK" not in bed.worker.log
    bed.worker.start()

    assert ends(bed, waiting, "SUCCESS")
    assert status(bed, task) == "PENDING"
    bed.worker.is_done()


def test_a_worker_that_takes_nothing_is_told(bed: Bed) -> None:
    """Waiting for a job that never begins, or never ends, fails with the state of the queue."""
    bed.worker.start()
    bed.worker.pause()
    make(bed, 0.01)

    with pytest.raises(Unmet) as caught:
        bed.worker.is_done()
    assert "does not finish" in caught.value.message
    assert caught.value.got.startswith("1 jobs in the queue")


def test_a_worker_that_dies_is_told(bed: Bed) -> None:
    """A worker that ends though nobody stopped it has a reason, and the next check finds a new one."""
    bed.worker.start()
    process = bed.worker._process
    assert process
    process.kill()

    assert "The worker ended in the middle" in bed.worker.why_dead
    bed.heal()
    bed.worker.start()
    assert bed.worker.why_dead == ""


def test_jobs_of_a_failed_check_do_not_wait_in_front_of_the_next(bed: Bed) -> None:
    """What is in the queue, and what runs, is dropped when the bed is healed."""
    bed.worker.start()
    make(bed, 30)
    make(bed, 30)
    bed.worker.has_begun()
    bed.heal()
    bed.worker.start()
    task = make(bed, 0.01)

    assert ends(bed, task, "SUCCESS")


def test_healing_leaves_an_idle_worker_alone(bed: Bed) -> None:
    """A worker without jobs goes on: a new one would cost half a second."""
    bed.worker.start()
    process = bed.worker._process
    bed.heal()

    assert bed.worker._process is process


def test_a_worker_that_does_not_come_up_says_why(project: BuildProject) -> None:
    """A project without django_rq has no such command, and that is told as a worker that did not start."""
    settings = (LESSON.starter / "config" / "settings.py").read_text().replace('    "django_rq",\n', "")
    with closing(Bed(LESSON, project({"config/settings.py": settings}, lesson="13"))) as bed:
        with pytest.raises(NotStarted) as caught:
            bed.worker.start()

    assert "Unknown command: 'rqworker'" in caught.value.message


def test_without_tables_there_is_no_worker(project: BuildProject) -> None:
    """A migration that fails is told as the reason, and nothing waits for ever."""
    broken = {"tasks/migrations/0001_initial.py": "raise RuntimeError('no tables today')\n"}
    with closing(Bed(LESSON, project(broken, lesson="13"))) as bed:
        bed.warm_up()
        with pytest.raises(NotStarted) as caught:
            assert bed.worker

    assert "no tables today" in caught.value.message


def test_commits_wait_while_somebody_reads(bed: Bed) -> None:
    """While the block lasts a commit hangs, which can be seen; then it goes through."""
    site, database = bed.site(0), SqliteDatabase(bed.folder)
    answers: list[int] = []
    with database.commits_wait():
        request = threading.Thread(target=lambda: answers.append(site.post("/tasks/", {"duration": 1}).status))
        request.start()
        waits = comes_true(database.somebody_commits, 5)
        meanwhile = [*answers]
    request.join()

    assert waits
    assert meanwhile == []
    assert answers == [201]
    assert not database.somebody_commits()


def test_a_job_that_waits_may_be_there_twice(bed: Bed) -> None:
    """A second job of the same kind stands beside each that waits, and both are done."""
    bed.worker.start()
    bed.worker.pause()
    task = make(bed, 0.01)
    bed.worker.double()
    waiting = bed.worker.waiting
    bed.worker.start()
    bed.worker.is_done()

    assert waiting == 2
    assert bed.worker.jobs == 2
    assert ends(bed, task, "SUCCESS")


def test_writers_wait_while_somebody_writes(bed: Bed) -> None:
    """While the block lasts one can read, and what is written waits."""
    site, database = bed.site(0), SqliteDatabase(bed.folder)
    task = make(bed, 1)
    answers: list[int] = []
    with database.writers_wait():
        request = threading.Thread(target=lambda: answers.append(site.post("/tasks/", {"duration": 1}).status))
        request.start()
        read = site.get(f"/tasks/{task}/").status
        meanwhile = [*answers]
    request.join()

    assert read == 200
    assert meanwhile == []
    assert answers == [201]


def dev_worker(folder: Path, code: str, echo: list[str]) -> tuple[DevWorker, list[Process]]:
    """Keep a small program running as the worker of a lesson under `course run`."""
    started: list[Process] = []

    def start() -> Process:
        started.append(Process([sys.executable, "-c", code], cwd=folder))
        return started[-1]

    return DevWorker(folder, start, echo.append), started


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_under_run_a_killed_worker_comes_back(tmp_path: Path) -> None:
    """`course run` starts a new worker for one that was killed, and says so."""
    said: list[str] = []
    worker, started = dev_worker(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", said)
    came_back = comes_true(lambda: len(started) >= 2, 5)
    worker.stop()

    assert came_back
    assert "killed with signal 9" in said[0]


def test_under_run_a_save_starts_a_new_worker(tmp_path: Path) -> None:
    """A worker that has ended, by a mistake in the code for one, starts anew when a Python file is saved."""
    said: list[str] = []
    worker, started = dev_worker(tmp_path, "raise SystemExit(1)", said)
    assert comes_true(lambda: len(said) == 1, 5)

    def saved() -> bool:
        (tmp_path / "jobs.py").write_text(f"tries = {len(started)}\n")
        return len(started) >= 2

    came_back = comes_true(saved, deadline_s(5))
    worker.stop()

    assert came_back
    assert "starts when a file is saved" in said[0]
