"""A worker: takes submissions out of the queue, one after another, and judges each in a cage of this machine."""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from redis.exceptions import RedisError
from rq import SimpleWorker, get_current_job
from rq.serializers import JSONSerializer

from course.catalog.lessons import find
from course.grading.judge_process import Judges
from course.grading.snapshot import checks_fingerprint
from course.grading.work_queue import ALIVE_S, WorkQueue
from course.judging.isolation import need_cage
from course.judging.runner_pool import Job
from course.project.scratch_copy import scratch_folder
from course.reports.json import to_line
from course.testbed.tools.lesson_needs import provide

_here: list[tuple[WorkQueue, Callable[[str], None]]] = []  # what jobs of this process work with


def work(url: str, say: Callable[[str], None]) -> None:
    """Judge what comes, until SIGINT or SIGTERM: then what is under way is judged to its end.

    Raises CourseError where Redis can't be used, or this machine has no cage.
    """
    queue = WorkQueue(url)
    need_cage(say)
    _here[:] = [(queue, say)]
    name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
    worker = SimpleWorker([queue.jobs], name=name, connection=queue.connection, serializer=JSONSerializer)
    with _alive(queue, name):
        say("Waiting for submissions. Ctrl-C ends it when what is under way is judged.")
        worker.work(logging_level="WARNING")


def judge_submission(*, submission: str, checks: str, lesson: str, seed: int, slow: bool) -> str:
    """Judge what lies in Redis under these names, and return its report as a line of JSON. RQ calls it in a worker.

    Raises LookupError where it is gone, and ValueError where the checks are not those that were sent.
    """
    ((queue, say),) = _here
    with scratch_folder("snapshot") as root, scratch_folder("intake") as project, closing(Judges()) as judges:
        queue.take("checks", checks, root)
        if checks_fingerprint(root) != checks:
            raise ValueError("The checks have changed on their way.")
        queue.take("submission", submission, project)
        known = find(lesson, root)
        provide([known], say)
        report = judges.judge(Job(known, project, include_slow=slow, isolation="caged"), seed)
    job = get_current_job()
    say(f"{lesson} {job.id[:8] if job else ''}: {report.verdict} in {report.duration_ms / 1000:.1f} s")
    return to_line(report, kind="report")


@contextmanager
def _alive(queue: WorkQueue, name: str) -> Iterator[None]:
    """Say every few seconds that the worker is there, as long as it is."""
    over = threading.Event()

    def tell() -> None:
        while not over.is_set():
            try:
                queue.say_alive(name)
            except RedisError:
                pass  # RQ itself waits for its return, and the worker is away for so long
            over.wait(ALIVE_S / 4)

    queue.say_alive(name)
    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()
        queue.say_goodbye(name)
