"""Whatever is killed with -9 at a moment by chance: nothing is lost, nothing is left, and the table is the same.

Fifty such trials: python -P -m tests.grading.kill_at_random 02 50 SEED
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from course.catalog.lessons import ROOT
from tests.cage.conftest import why_none

TRIALS = 3
LIMIT_S = 600


@pytest.mark.skipif(sys.platform != "linux", reason="cages are made on Linux only")
def test_a_kill_at_any_moment_changes_no_table() -> None:
    """A cage that somebody has ended from outside is no fault of the submission in it, and a judge that died none."""
    if why_none():
        pytest.skip(why_none())
    command = [sys.executable, "-m", "tests.grading.kill_at_random", "02", str(TRIALS), "11", "cage", "judge", "parent"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    trials = [json.loads(line) for line in ended.stdout.splitlines()]

    assert len(trials) == TRIALS, ended.stderr
    assert [trial for trial in trials if trial["left"] or not trial["kept"] or not trial["same"]] == []
