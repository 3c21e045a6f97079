"""A class is judged by workers over Redis: the same marks as on one machine, whichever worker is lost meanwhile."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from redis import Redis
from rq.registry import StartedJobRegistry

from course.catalog.lessons import ROOT, Lesson
from course.errors import CourseError
from course.grading.class_run import ClassRun
from course.grading.entries import class_folder, entries
from course.grading.judge_process import Judges
from course.grading.records import Records
from course.grading.remote_judges import RemoteJudges
from course.grading.snapshot import snapshot
from course.grading.work_queue import PREFIX, WorkQueue
from course.testbed.deadlines import comes_true, deadline_s
from course.testbed.servers.valkey import Valkey
from tests.cage.conftest import why_none
from tests.conftest import BuildLesson, environment
from tests.grading.test_class_run import CHECK, TOML, submission

NAMES = {"ana": "tea", "ben": "coffee", "cleo": "tea", "dan": "water"}
SLOW = "import threading\n" + CHECK + "    threading.Event().wait(2)\n"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Return the address of a Redis that asks for a password."""
    valkey = Valkey()
    with Redis(port=valkey.port) as redis:
        redis.config_set("requirepass", "tea")
    yield f"redis://:tea@127.0.0.1:{valkey.port}/0"
    valkey.kill()


@pytest.fixture
def url(server: str) -> str:
    Redis.from_url(server).flushall()
    return server


StartWorker = Callable[[], subprocess.Popen[str]]


@pytest.fixture
def start_worker(url: str) -> Iterator[StartWorker]:
    """Start workers as processes of their own, and wait until each is there; all are ended with the test."""
    if why_none():
        pytest.skip(why_none())
    with ExitStack() as stack:

        def start() -> subprocess.Popen[str]:
            command = [sys.executable, "-P", "-m", "course", "grade-worker"]
            env = environment({"COURSE_GRADE_WORKERS": url})
            process = subprocess.Popen(
                command, cwd=ROOT, env=env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            assert process.stderr
            told = ""
            while "Waiting for submissions" not in told:
                line = process.stderr.readline()
                assert line, told
                told += line
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return process

        yield start


@contextmanager
def class_of(lesson: Lesson, folder: Path) -> Iterator[Callable[..., dict[str, str]]]:
    """Hand out what judges a class of four, and returns the verdict of each."""
    for name, word in NAMES.items():
        submission(folder / "class", name, word)
    with class_folder(folder / "class", lesson) as found, snapshot(lesson) as taken:

        def judge(judges: Judges | RemoteJudges | None = None, url: str = "") -> dict[str, str]:
            chosen = RemoteJudges(url, taken) if url else judges
            results = folder / ("remote" if url else "here")
            judged = ClassRun(taken, Records(results, seed=7), judges=chosen).judge(entries(found))
            return {one.entry.name: f"{one.report.verdict} {one.report.isolation}" for one in judged}

        yield judge


def test_workers_give_the_marks_that_this_machine_gives(
    tiny_lesson: BuildLesson, tmp_path: Path, url: str, start_worker: StartWorker
) -> None:
    """Two workers judge in cages, and leave nothing in Redis but the checks, which expire."""
    start_worker()
    start_worker()
    with class_of(tiny_lesson(CHECK, toml=TOML), tmp_path) as judge:
        found = judge(url=url)

        assert found == judge()
    assert found == {
        "ana": "passed caged", "ben": "failed caged", "cleo": "passed caged", "dan": "failed caged",
    }  # fmt: skip
    redis = Redis.from_url(url)
    left = [key for key in redis.keys(f"{PREFIX}:*") if not key.startswith(f"{PREFIX}:alive".encode())]
    assert [key.split(b":")[1] for key in left] == [b"checks"]
    assert redis.ttl(left[0]) > 0


def test_a_worker_that_dies_loses_nothing(
    tiny_lesson: BuildLesson, tmp_path: Path, url: str, start_worker: StartWorker
) -> None:
    """Killed while it judges, its submission goes to another worker, and each has one record."""
    lost = start_worker()
    queue = WorkQueue(url)
    started = StartedJobRegistry(queue=queue.jobs)
    with class_of(tiny_lesson(SLOW, toml=TOML), tmp_path) as judge, ThreadPoolExecutor(1) as pool:
        run = pool.submit(judge, url=url)
        assert comes_true(lambda: len(started.get_job_ids(cleanup=False)) > 0, 20)
        lost.send_signal(signal.SIGKILL)
        start_worker()
        found = run.result(timeout=deadline_s(120))

    assert [verdict.split()[0] for verdict in found.values()] == ["passed", "failed", "passed", "failed"]
    assert len(list((tmp_path / "remote").glob("*/report.json"))) == len(NAMES)


def test_who_gives_up_takes_back_what_waits(
    tiny_lesson: BuildLesson, tmp_path: Path, url: str, start_worker: StartWorker
) -> None:
    """When the run ends early, no job of it is left in the queue."""
    start_worker()
    queue = WorkQueue(url)
    started = StartedJobRegistry(queue=queue.jobs)
    lesson = tiny_lesson(SLOW, toml=TOML)
    with class_of(lesson, tmp_path) as judge, snapshot(lesson) as taken, ThreadPoolExecutor(1) as pool:
        judges = RemoteJudges(url, taken)
        run = pool.submit(judge, judges)
        assert comes_true(lambda: len(started.get_job_ids(cleanup=False)) > 0, 20)
        judges.close()
        with pytest.raises(KeyboardInterrupt):
            run.result(timeout=deadline_s(60))

    assert queue.jobs.count == 0


def test_without_a_worker_the_command_says_how_to_start_one(tiny_lesson: BuildLesson, tmp_path: Path, url: str) -> None:
    """So it does where all workers have another version of the course."""
    with class_of(tiny_lesson(CHECK, toml=TOML), tmp_path) as judge:
        with pytest.raises(CourseError, match="No worker is there") as none:
            judge(url=url)
        assert "course grade-worker" in none.value.hint
        Redis.from_url(url).set(f"{PREFIX}:alive-another:m-1", 1)
        with pytest.raises(CourseError, match="1 have another"):
            judge(url=url)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("tea@", "coffee@"), "does not take this password"),
        ((":tea@", ""), "asks for a password"),
        (("redis://", "http://"), "none that Redis has"),
        (("127.0.0.1", "127.0.0.1:1/"), "No Redis answers"),
    ],
)
def test_a_redis_that_can_not_be_used_is_told(server: str, change: tuple[str, str], told: str) -> None:
    """The message says what is wrong with it, and never the password."""
    with pytest.raises(CourseError, match=told) as refused:
        WorkQueue(server.replace(*change))

    assert "tea" not in refused.value.message


def test_a_redis_without_a_password_is_refused() -> None:
    """Whoever reaches it could write marks."""
    valkey = Valkey()
    try:
        with pytest.raises(CourseError, match="asks for no password"):
            WorkQueue(f"redis://:tea@127.0.0.1:{valkey.port}/0")
        with pytest.raises(CourseError, match="asks for no password"):
            WorkQueue(f"redis://127.0.0.1:{valkey.port}/0")
    finally:
        valkey.kill()
