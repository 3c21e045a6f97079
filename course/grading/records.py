"""What is judged stays judged: one file for each submission, kept under the fingerprints of all that made its verdict.

A record is found again where the submission, the checks, the engine and the seed are those of before. So whatever ends
a run (Ctrl-C, kill -9, a full disk) costs what was under way, and a submission that has changed is judged anew.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from pathlib import Path

from course.errors import CourseError
from course.grading.whole_files import write_whole
from course.reports.json import read_report, to_json, validated
from course.results import Isolation, Report
from course.testbed.sample_data import new_seed

REPORT = "report.json"
RUN = "run.json"


@dataclasses.dataclass(frozen=True)
class Key:
    """The fingerprints of what a verdict comes from."""

    submission: str
    checks: str
    engine: str
    seed: int
    slow: bool
    isolation: Isolation


class Records:
    """The records of a class and a lesson, in a folder: `<submission>/report.json`."""

    def __init__(self, folder: Path, *, seed: int | None = None, again: bool = False) -> None:
        """Go on with the seed of the last run in this folder, unless another is given or all begins `again`."""
        self.folder = folder
        self._again = again
        known = seed if seed is not None or again else self._last_seed()
        self.seed = new_seed() if known is None else known
        write_whole(folder / RUN, json.dumps({"seed": self.seed}) + "\n")

    def find(self, name: str, key: Key) -> Report | None:
        """Return what an earlier run found for the same key; what it could not judge is no finding."""
        if self._again:
            return None
        try:
            document = validated((self.folder / name / REPORT).read_text(encoding="utf-8"))
            report = read_report(document)
        except (OSError, ValueError, TypeError):
            return None  # there is none, or it is damaged
        judged = document.get("key") == dataclasses.asdict(key) and report.verdict != "unjudged"
        return report if judged else None

    def store(self, name: str, key: Key, report: Report) -> None:
        """Write what was found, whole or not at all."""
        write_whole(self.folder / name / REPORT, to_json([report], key=dataclasses.asdict(key)))

    def forget(self, name: str) -> None:
        """Remove a record that nobody can vouch for."""
        (self.folder / name / REPORT).unlink(missing_ok=True)

    def _last_seed(self) -> int | None:
        try:
            seed = json.loads((self.folder / RUN).read_text(encoding="utf-8"))["seed"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return seed if isinstance(seed, int) else None


def folder_name(shown: str, entry: bytes) -> str:
    """Return a name for a submission's folder that every file system takes, and no other submission has."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", shown).strip("._-")[:60]
    if plain.encode() == entry and re.fullmatch(r"[a-z0-9_-]+", plain):
        return plain
    return f"{plain or 'submission'}-{hashlib.sha256(entry).hexdigest()[:8]}"


def results_folder(out: Path | None, number: str) -> Path:
    """Return where the results of a lesson go: below `out`, or below `results` in the current folder.

    Raises CourseError where something other than a folder is in the way.
    """
    folder = (out or Path("results")) / number
    for path in (folder, *folder.parents):
        if path.exists() and not path.is_dir():
            raise CourseError(f"{path} is a file, and results need a folder.", "Name another place with --out.")
    return folder
