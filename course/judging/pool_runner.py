"""Checks many projects in one process, which keeps open what is slow to start.

Started as `python -m course.judging.pool_runner DIR PARENT`.

DIR holds the jobs, one a file; whoever renames one first has it. The report is written beside it, unless the job took
too long, and a line tells of it. PARENT is the address of the preloaded parent that all runners share, empty where
there is no `fork`. A forked server changes no verdict (tests/test_warm.py), and saves three quarters of the time.
"""

from __future__ import annotations

import sys
import threading
from contextlib import closing
from pathlib import Path

from course.errors import CourseError
from course.judging.cancellation import Cancellation
from course.judging.runner_pool import LONGEST_UNITS, Job, claimed
from course.reports.json import to_json
from course.results import Report
from course.testbed.deadlines import deadline_s
from course.testbed.processes.forkserver_client import JoinedForkserver
from course.testbed.shared import SharedParts


def main() -> None:
    """Run jobs until none is left."""
    folder, parent = sys.argv[1:]
    abandon = Cancellation()
    with closing(SharedParts(JoinedForkserver(parent) if parent else None)) as shared:
        for file in claimed(Path(folder)):
            report = _run(Job.from_json(file.read_text(encoding="utf-8")), shared, abandon)
            if report:
                file.with_suffix(".json").write_text(to_json([report]), encoding="utf-8")
            sys.stdout.write(f"done {file.stem}\n")
            sys.stdout.flush()


def _run(job: Job, shared: SharedParts, abandon: Cancellation) -> Report | None:
    """Run a job, and break it off where it takes longer than any may: then there is no report."""
    abandon.begin()
    limit = threading.Timer(deadline_s(LONGEST_UNITS), abandon.request)
    limit.start()
    try:
        return job.run(shared=shared, abandon=abandon)
    except KeyboardInterrupt:
        if abandon.wanted:
            return None
        raise
    except CourseError as error:  # of this job alone: a mistake that fits no more, a project that is too large
        told = f"{error.message} {error.hint}".strip()
        return Report(job.lesson.slug, job.lesson.title, str(job.project or ""), 0, (), course_error=told)
    finally:
        limit.cancel()


if __name__ == "__main__":
    main()
