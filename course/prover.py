"""Judges many runs of `course verify` in one process, with a preloaded parent: `python -m course.prover JOBS`.

JOBS is a file with a list of runs. Each outcome is a line of JSON: the number of the run, and its fault or "".
A forked server changes no verdict (tests/test_warm.py), and saves three quarters of the time.
"""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path

from course.catalog import find
from course.mistakes import find_mistake
from course.session import run_checks
from course.testbed.lasting import Lasting
from course.verify import Run


def main() -> None:
    """Judge the runs and tell each outcome."""
    jobs = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with closing(Lasting()) as lasting:
        for number, slug, mistake, starter in jobs:
            lesson = find(slug)
            run = Run(lesson, find_mistake(lesson, mistake) if mistake else None, starter)
            report = run_checks(lesson, lasting=lasting, include_slow=True, **run.options)
            sys.stdout.write(json.dumps([number, run.fault(report)]) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
