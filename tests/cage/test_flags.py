"""Flag by flag of a cage's command line: without any one of them something gets out, or no project could run there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.xdist_group("flags of a cage"), pytest.mark.slow_setup]
AS_ROOT = os.geteuid() == 0
# What is left out, and what gets out then.
KEPT_IN = {
    "--unshare-pid": "other processes",
    "--unshare-ipc": "queues that others share",
    "--unshare-uts --hostname cage": "the name of the machine",
    "--unshare-cgroup-try": "where the machine counts it",
    "--die-with-parent": "life without its supervisor",
    "--new-session": "the terminal",
    "--proc /proc": "new privileges",
    "--bind /tmp": "room",
    "--bind /dev/shm": "room",
    "--remount-ro /dev": "a /dev to write in",
    "--remount-ro /": "a root to write in",
    "ro of --ro-bind": "a runtime to write in",
    "--ro-bind /etc/passwd": "its name",
    "--seccomp 9": "system calls",
    "--core=0": "CORE",
}
AS_ROOT_ALONE = {"--bounding-set -all": "its rights"}
AS_USER_ALONE = {
    "--unshare-user --disable-userns": "a user namespace",
    "--uid 65534 --gid 65534": "who it is outside",
}


@pytest.fixture(scope="module")
def out_of_cages() -> dict[str, list[str]]:
    """Return what gets out of a whole cage, whose key is "", and of one without each flag."""
    script = Path(__file__).with_name("flag_by_flag.py")
    ended = subprocess.run([sys.executable, "-P", script], capture_output=True, text=True, timeout=300, check=False)
    assert ended.stdout, ended.stderr
    return dict(json.loads(ended.stdout))


def test_a_whole_cage_keeps_all_in(out_of_cages: dict[str, list[str]]) -> None:
    """Nothing gets out of it, and nothing is missing there."""
    assert out_of_cages.pop("") == []


def test_there_is_no_flag_without_which_all_is_kept_in(out_of_cages: dict[str, list[str]]) -> None:
    """Each flag of the command line, whichever they are by now, has its proof; one that has none is of no use."""
    assert [flag for flag, out in out_of_cages.items() if flag and not out] == []


@pytest.mark.parametrize(("flag", "what"), (KEPT_IN | (AS_ROOT_ALONE if AS_ROOT else AS_USER_ALONE)).items())
def test_each_flag_keeps_something_in(out_of_cages: dict[str, list[str]], flag: str, what: str) -> None:
    """Without it, that gets out."""
    assert what in out_of_cages[flag]
