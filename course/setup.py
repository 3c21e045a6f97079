"""Sets the course up in .venv, from the locked requirements. Standard library only.

The set-up is keyed to the hash of what it installs: a second start finds it done, a changed lock file is installed,
and one that failed or was interrupted is begun anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.txt"
STAMP = VENV / "course-setup.txt"
UNFINISHED = "unfinished\n"
BASE: str = getattr(sys, "_base_executable", sys.executable)  # ours may be the .venv that is made anew
BIN = "Scripts" if os.name == "nt" else "bin"
PYTHON = VENV / BIN / ("python.exe" if os.name == "nt" else "python")


def environment() -> str:
    """Return the path of a Python that has all that the course needs, setting it up first where it is not.

    Ends the process with a message, the next command in it, where that can't be done.
    """
    if not _done():
        with _alone():
            if not _done():
                _set_up()
    return str(PYTHON)


def _done() -> bool:
    return STAMP.exists() and STAMP.read_text() == _key() and PYTHON.exists()


def _key() -> str:
    """Return the hash of everything that decides what is installed, and where."""
    project = (ROOT / "pyproject.toml").read_bytes().partition(b"\n[tool.")[0]  # the tools' settings install nothing
    parts = [LOCK.read_bytes(), project, str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest() + "\n"


def _set_up() -> None:
    say = _Progress()
    if VENV.is_symlink() or (VENV.exists() and not STAMP.exists()):
        _refuse_foreign()  # another course's, or one's own
    say("Setting up the course in .venv (once, about half a minute).")
    if VENV.exists() and (STAMP.read_text() == UNFINISHED or not PYTHON.exists()):
        say("An earlier set-up did not finish; it is begun anew.")
        shutil.rmtree(VENV)
    try:
        _install(say)
    except KeyboardInterrupt:
        sys.exit("\nThe set-up was interrupted. The next start repairs it.")
    STAMP.write_text(_key())
    say("Ready.")


def _install(say: _Progress) -> None:
    uv = shutil.which("uv")
    if not VENV.exists():
        say("Making the environment")
        VENV.mkdir()
        STAMP.write_text(UNFINISHED)
        if uv:
            _run([uv, "venv", "--allow-existing", "--python", BASE, str(VENV)], say)
        else:
            _need_venv()
            _run([BASE, "-m", "venv", str(VENV)], say)
    STAMP.write_text(UNFINISHED)
    if uv:
        install = [uv, "pip", "install", "--python", str(PYTHON), "--compile-bytecode"]
    else:
        install = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    total = sum(1 for line in LOCK.read_text().splitlines() if re.match(r"[a-z]", line))
    say(f"Installing {total} packages")
    _run([*install, "--require-hashes", "-r", str(LOCK)], say, total)
    _run([*install, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], say)


def _need_venv() -> None:
    """Python comes without venv or pip on some systems; say which package holds them."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    STAMP.unlink()
    VENV.rmdir()
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    sys.exit(
        "This Python has no 'venv' or no 'ensurepip', which the set-up needs.\n"
        f"On Debian or Ubuntu: sudo apt install python{version}-venv\n"
        "On Fedora: sudo dnf install python3-pip      Elsewhere: install uv, and it is used instead.\n"
        "Then start again."
    )


def _refuse_foreign() -> None:
    sys.exit(
        "There is a .venv here that the course did not make, and it is left alone.\n"
        f"Move it away, then start again: mv {VENV} {VENV}-mine"
    )


def _run(command: list[str], say: _Progress, total: int = 0) -> None:
    """Run a command, counting the packages that it names; end with what it said when it fails."""
    lines: list[str] = []
    theirs = ("PYTHONPATH", "PIP_REQUIRE_VIRTUALENV", "PIP_USER")
    env = {key: value for key, value in os.environ.items() if key not in theirs}
    with subprocess.Popen(
        command, cwd=ROOT, env=env, text=True, errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            named = re.match(r"Collecting ([\w.-]+)==", line)
            if named and total:
                say.count(named[1], total)
            elif total and line.startswith("Installing collected"):
                say("Unpacking them")
    if process.returncode:
        sys.exit(
            "".join(["\n", *lines[-15:]])
            + f"\nThe set-up failed at: {' '.join(command)}\n"
            + "Is there a network? Start again to repair it: python3 course"
        )


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let one set-up run at a time; a second start waits for the first."""
    path = ROOT / ".course" / "setup.lock"
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


class _Progress:
    """Says on stderr how far the set-up is; on a terminal one line counts up, elsewhere nothing repeats."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._counted = 0

    def __call__(self, text: str) -> None:
        if self._counted and self._live:
            sys.stderr.write("\r\x1b[K")
        self._counted = 0
        print(text, file=sys.stderr, flush=True)

    def count(self, name: str, total: int) -> None:
        self._counted += 1
        if self._live:
            sys.stderr.write(f"\r\x1b[K  {self._counted} of {total}  {name}")
            sys.stderr.flush()
