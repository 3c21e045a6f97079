"""Makes what lessons' pages show of runs, in a process that keeps open what is slow to start.

Started as `python -m course.authoring.pages.output_runner DIR PARENT`, as `runner_pool.in_pool` says. A job is a
lesson's slug and the name of an output. Beside it lies afterwards what was made, as JSON: `files`, each in base64, or
`trouble`.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from course.authoring.pages.generated_files import as_bytes
from course.authoring.pages.run_outputs import Make, outputs_of
from course.catalog.lessons import find
from course.errors import CourseError, Unmet
from course.judging.runner_pool import claimed
from course.testbed.processes.forkserver_client import JoinedForkserver
from course.testbed.shared import SharedParts


def main() -> None:
    """Take jobs until none is left."""
    folder, parent = sys.argv[1:]
    with closing(SharedParts(JoinedForkserver(parent) if parent else None)) as shared:
        for file in claimed(Path(folder)):
            slug, name = file.read_text(encoding="utf-8").split()
            made = _make(outputs_of(find(slug))[name], shared)
            file.with_suffix(".json").write_text(json.dumps(made), encoding="utf-8")
            sys.stdout.write(f"done {file.stem}\n")
            sys.stdout.flush()


def _make(make: Make, shared: SharedParts) -> Mapping[str, object]:
    try:
        files = make(shared)
    except CourseError as error:
        return {"trouble": [error.message, error.hint]}
    except Unmet as unmet:  # in a scene, which no check judges
        return {
            "trouble": [f"A scene did not come to its end: {unmet}", "Try again: COURSE_TIME_SCALE=3 in front of it."]
        }
    return {"files": {path.as_posix(): base64.b64encode(as_bytes(made)).decode() for path, made in files.items()}}


if __name__ == "__main__":
    main()
