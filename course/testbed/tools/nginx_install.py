"""Where nginx is, and how it comes to a machine that has none."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from course.catalog.lessons import ROOT
from course.errors import CourseError
from course.testbed.deadlines import deadline_s
from course.testbed.processes.process import run_to_end
from course.testbed.tools import apt
from course.testbed.tools.failed_attempts import failed_lately, note_outcome

UNPACKED = ROOT / ".course" / "nginx"
FAILED = ROOT / ".course" / "no-nginx"  # when nginx was looked for in vain, so that not each run tries again
PACKAGES = ("nginx", "nginx-light", "nginx-core")  # where Debian and Ubuntu have the program, by their age
PLACES = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin")
EXTRACT_UNITS, TEST_UNITS = 60.0, 10.0
HELP = "Install it, for example with: sudo apt-get install nginx"


class NoNginx(CourseError):
    """There is no nginx; checks that need one are skipped with this reason."""


def find() -> Path | None:
    """Return the nginx of this machine, or the one that `provide` has unpacked, or None."""
    found = shutil.which("nginx") or shutil.which("nginx", path=os.pathsep.join(PLACES))
    if found:
        return Path(found)
    unpacked = UNPACKED / "usr" / "sbin" / "nginx"
    return unpacked if unpacked.is_file() else None


def provide(say: apt.Say) -> Path:
    """Return nginx; where it is missing, get Debian's package, and `say` so.

    The package is unpacked and not installed: that needs no root, and no second web server starts on port 80. Raises
    NoNginx when there is no way; then an hour passes before the next attempt.
    """
    found = find()
    if found:
        return found
    if failed_lately(FAILED):
        raise NoNginx("There is no nginx here, and an attempt to get one failed less than an hour ago.", HELP)
    say("There is no nginx here, which the checks need. Getting one (once, some seconds).")
    got = apt.is_here() and _unpack(say)
    note_outcome(FAILED, failed=not got)
    if not got:
        raise NoNginx("There is no nginx here, and none could be got.", HELP)
    say(f"Ready: {find()}")
    return UNPACKED / "usr" / "sbin" / "nginx"


def version_of(program: Path) -> str:
    """Return the version that nginx tells, or an empty text when it does not run."""
    code, said = run_to_end([str(program), "-v"], deadline_s(TEST_UNITS))
    told = re.search(r"nginx/([\d.]+)", said)
    return told[1] if told and code == 0 else ""


def _unpack(say: apt.Say) -> bool:
    """Download Debian's package and lay its files into .course; tell whether nginx runs then."""
    UNPACKED.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="nginx-", dir=UNPACKED.parent) as folder:
        if not _download(Path(folder), say):
            return False
        for package in Path(folder).glob("*.deb"):
            say(f"  dpkg-deb --extract {package.name}")
            argv = ["dpkg-deb", "--extract", str(package), f"{folder}/files"]
            run_to_end(argv, deadline_s(EXTRACT_UNITS), cwd=Path(folder))
        program = Path(folder, "files", "usr", "sbin", "nginx")
        if not program.is_file() or not version_of(program):
            say("  The package does not run here.")
            return False
        shutil.rmtree(UNPACKED, ignore_errors=True)
        Path(folder, "files").replace(UNPACKED)
    return True


def _download(folder: Path, say: apt.Say) -> bool:
    """Get the packages that there are; as root, with fresh lists where the old ones do not do."""
    for fresh in (False, True):
        if fresh and not (apt.may_install() and apt.get("update", say=say)):
            return False
        if any(apt.get("download", name, say=say, folder=folder) for name in PACKAGES):
            return True
    return False
