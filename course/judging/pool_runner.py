"""Checks many projects in one process, which keeps open what is slow to start.

Started as `python -m course.judging.pool_runner DIR PARENT`.

DIR holds the jobs, one a file; whoever renames one first has it. The report is written beside it, and a line tells of
it. PARENT is the address of the preloaded parent that all runners share, empty where there is no `fork`. A forked
server changes no verdict (tests/test_warm.py), and saves three quarters of the time.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from course.judging.runner_pool import Job
from course.reports.json import to_json
from course.testbed.processes.forkserver_client import JoinedForkserver
from course.testbed.shared import SharedParts


def main() -> None:
    """Run jobs until none is left."""
    folder, parent = sys.argv[1:]
    with closing(SharedParts(JoinedForkserver(parent) if parent else None)) as shared:
        for file in _claimed(Path(folder)):
            report = Job.from_json(file.read_text(encoding="utf-8")).run(shared=shared)
            file.with_suffix(".json").write_text(to_json([report]), encoding="utf-8")
            sys.stdout.write(f"report {file.stem}\n")
            sys.stdout.flush()


def _claimed(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.glob("*.job")):
        mine = file.with_suffix(".mine")
        try:
            file.rename(mine)
        except FileNotFoundError:
            continue  # another runner was quicker
        yield mine


if __name__ == "__main__":
    main()
