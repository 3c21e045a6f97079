"""Judges that are workers on other machines: a submission goes there through Redis, and its report comes back."""

from __future__ import annotations

import dataclasses
import time
import uuid

from redis.exceptions import RedisError
from rq.job import Job as QueuedJob
from rq.job import JobStatus
from rq.results import Result

from course.errors import CourseError
from course.grading.judge_process import documents
from course.grading.snapshot import Snapshot
from course.grading.work_queue import ALIVE_S, KEPT_S, WorkQueue
from course.judging.runner_pool import LONGEST_UNITS, Job
from course.reports.clean import clean
from course.results import Report
from course.testbed.deadlines import deadline_s

WORK = "course.grading.grade_worker.judge_submission"
START = "Start one, on any machine with this version of the course: python3 course grade-worker redis://…"
LOOK_S = 1  # how often a job that has no result yet is looked after
MOST_WORKERS_LOST = 3  # by one submission, before it is told as not judged
NOBODY_S = 60  # without a worker, before the run is given up


class RemoteJudges:
    """Hands submissions to workers; as `Judges` does it to processes of this machine."""

    at_once = 32  # submissions that wait or are judged, whatever the number of workers

    def __init__(self, url: str, taken: Snapshot) -> None:
        """Connect, and leave the checks for the workers.

        Raises CourseError where Redis can't be used, or no worker has this version of the course.
        """
        self._queue = WorkQueue(url)
        self._checks = taken.checks
        self._begun: dict[str, QueuedJob] = {}  # by the name of the submission
        self._ended = False
        if not self._queue.count_workers():
            others = self._queue.count_workers(all_versions=True)
            told = f"No worker is there that has this version of the course; {others} have another." if others else ""
            raise CourseError(told or "No worker is there.", START)
        self._queue.put("checks", taken.checks, taken.lesson.root)

    def judge(self, job: Job, seed: int) -> Report:
        """Let a worker judge a submission, and return its report: clean and valid.

        Raises CourseError where Redis, or the last worker, is gone: what has been judged is recorded already.
        """
        nothing = Report(job.lesson.slug, job.lesson.title, "", seed, ())
        assert job.project
        name = uuid.uuid4().hex
        facts = {"submission": name, "checks": self._checks, "lesson": job.lesson.slug, "seed": seed}
        try:
            self._queue.put("submission", name, job.project)
            for _ in range(MOST_WORKERS_LOST):
                result = self._result(name, facts | {"slow": job.include_slow})
                if result is not None:
                    return _report(result, nothing)
        except RedisError as error:
            told = f"The workers' Redis is gone: {error}."
            raise CourseError(told, "What is judged is kept. Type the same command again when it is back.") from None
        finally:
            self._forget(name)
        fault = f"{MOST_WORKERS_LOST} workers were lost while they judged it."
        return dataclasses.replace(nothing, course_error=fault)

    def close(self) -> None:
        """Take back what no worker has begun."""
        self._ended = True
        for name in list(self._begun):
            self._forget(name)

    def _result(self, name: str, facts: dict[str, object]) -> Result | None:
        """Put the job into the queue, and return what became of it, None where its worker is gone."""
        if self._ended:
            raise KeyboardInterrupt
        job = self._queue.jobs.enqueue_call(
            WORK,
            kwargs=facts,
            timeout=round(deadline_s(2 * LONGEST_UNITS)),  # the judge ends long before
            result_ttl=KEPT_S,
            failure_ttl=KEPT_S,
        )
        self._begun[name] = job
        silent_since = nobody_since = None
        while (result := job.latest_result(timeout=LOOK_S)) is None:
            if self._ended:
                raise KeyboardInterrupt  # nobody wants to know any more
            now = time.monotonic()
            silent_since = None if self._is_in_good_hands(job) else silent_since or now
            nobody_since = None if self._queue.count_workers() else nobody_since or now
            if silent_since and now - silent_since > ALIVE_S:
                job.delete()
                return None
            if nobody_since and now - nobody_since > deadline_s(NOBODY_S):
                raise CourseError("The last worker is gone.", f"What is judged is kept. {START}")
        return result

    def _is_in_good_hands(self, job: QueuedJob) -> bool:
        """Tell whether a job waits in the queue, or with a worker that is alive."""
        status = job.get_status()
        if status == JobStatus.QUEUED:
            return job.get_position() is not None
        if status == JobStatus.STARTED:
            job.refresh()  # type: ignore[no-untyped-call]
            return bool(job.worker_name) and self._queue.is_alive(str(job.worker_name))
        return True

    def _forget(self, name: str) -> None:
        try:
            if job := self._begun.pop(name, None):
                job.delete()
            self._queue.drop("submission", name)
        except RedisError:
            pass  # it expires by itself


def _report(result: Result, nothing: Report) -> Report:
    if result.type == Result.Type.SUCCESSFUL:
        reports = [report for kind, report in documents(str(result.return_value)) if kind == "report"]
        if reports:
            return reports[-1]
    last = (result.exc_string or "It gave no report.").strip().splitlines()[-1]
    return dataclasses.replace(nothing, course_error=f"The worker could not judge it. {clean(last)}")
