"""Sets the course up in .venv, from the locked requirements. Standard library only.

uv installs: the one on the PATH, or one that pip lays into .venv first; where there is none for this machine, pip does.
A stamp in .venv names, by their hashes, the locks that are installed: a second start finds them done, a changed lock is
installed, and whatever stopped a set-up, kill -9 included, the next start repairs it. For that, .venv appears and goes
in one piece, by a rename, and its stamp says "unfinished" as long as somebody works on it.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STUDENTS = ROOT / "requirements.txt"
AUTHORS = ROOT / "requirements-dev.txt"  # on top, for `test`, `bench`, `verify --mutants` and `docs --refresh`
UV = ROOT / "requirements-uv.txt"
STAMP = VENV / "course-setup.txt"
COMPILED = VENV / "course-compiled.txt"
UNFINISHED = "unfinished\n"
ASIDE = ROOT / ".course"  # beside .venv, so that a rename moves it there
BASE: str = getattr(sys, "_base_executable", sys.executable)  # ours may be the .venv that is made anew
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
# A server under check writes no bytecode, so what servers import is compiled beforehand. The rest is, when first used.
SERVED = """
    asgiref attr autobahn channels channels_redis click constantly croniter cryptography daphne dateutil django
    django_rq hyperlink incremental msgpack OpenSSL redis rest_framework rq service_identity sqlparse twisted txaio zope
""".split()  # noqa: SIM905 - as a list it is 25 lines
NOT_SERVED = (
    r"[/\\](locale|gis|tests?|conch|trial|names|words|mail|spread|wamp|xbr|pair|persisted|positioning|runner|application"
    r"|admindocs|flatpages|humanize|redirects|sitemaps|syndication|postgres|postgresql|mysql|oracle)[/\\]"
)
COMPILE = """
import compileall, os, pathlib, re, sys
if hasattr(os, "fork"):
    if os.fork():
        os._exit(0)
    os.setsid()
    os.nice(19)
    for fd in (0, 1, 2):
        os.dup2(os.open(os.devnull, os.O_RDWR), fd)
done, left_out, *folders = sys.argv[1:]
for folder in folders:
    compileall.compile_dir(folder, quiet=2, rx=re.compile(left_out), workers=0)
pathlib.Path(done).touch()
"""
THEIRS = ("PYTHONPATH", "PIP_REQUIRE_VIRTUALENV", "PIP_USER", "UV_SYSTEM_PYTHON")  # would install elsewhere


class Failed(Exception):
    """A command of the set-up failed; the text says what it printed, and which it was."""


def environment(authors: bool = False) -> str:
    """Return the path of a Python that has all that the course needs, setting it up first where it is not.

    `authors` need more than students. Where it can't be set up, the process ends with a fact and the next command.
    """
    locks = [STUDENTS, AUTHORS] if authors else [STUDENTS]
    try:
        if not _done(locks):
            with _alone() as lock:
                if not _done(locks):
                    _set_up(locks, lock)
        if not COMPILED.exists():
            _compile()
    except KeyboardInterrupt:
        sys.exit("\nThe set-up was interrupted. The next start repairs it.")
    except Failed as failed:
        full = re.search(r"No space left|os error 28\b|Errno 28\b", str(failed))
        asked = f"The disk is full. Make room in {ROOT}" if full else "Is there a network"
        sys.exit(f"{failed}\n{asked}{'.' if full else '?'} Start again to repair it: python3 course")
    except OSError as error:
        sys.exit(_told(error))
    return str(PYTHON)


def _done(locks: Sequence[Path]) -> bool:
    return PYTHON.exists() and STAMP.exists() and {_key(lock) for lock in locks} <= _installed()


def _installed() -> set[str]:
    """Return the keys of the locks that are in .venv, and "unfinished" where somebody is, or was, at work."""
    return set(STAMP.read_text().splitlines(keepends=True))


def _key(lock: Path = STUDENTS) -> str:
    """Return the hash of everything that decides what is installed, and where."""
    parts = [b"1", lock.name.encode(), lock.read_bytes(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest() + "\n"


def _set_up(locks: Sequence[Path], lock: int) -> None:
    if VENV.is_symlink() or (VENV.exists() and not STAMP.exists() and not _is_bytecode_only()):
        sys.exit(  # another course's, or one's own
            "There is a .venv here that the course did not make, and it is left alone.\n"
            f"Move it away, then start again: mv {VENV} {VENV}-mine"
        )
    _sweep()
    run = _Run(lock)
    fresh = not VENV.exists()
    once = "Setting up the course in .venv (once; it downloads about 90 MB unless they are cached)."
    run.say(once if fresh else "Setting up what is new in .venv.")
    if not fresh and (not STAMP.exists() or UNFINISHED in _installed() or not PYTHON.exists()):
        run.say("An earlier set-up did not finish. It starts again.")
        _take_away()
        fresh = True
    if fresh:
        _make(run)
    missing = [lock for lock in locks if _key(lock) not in _installed()]
    with _unfinished(missing):
        _install(missing, run)
        if STUDENTS in missing:
            COMPILED.unlink(missing_ok=True)
        _enter_course()
    run.say("Ready.")


def _is_bytecode_only() -> bool:
    """Tell whether somebody removed .venv while it was compiled in the background, which made its folders anew."""
    return all(path.suffix == ".pyc" for path in VENV.rglob("*") if not path.is_dir())


def _compile() -> None:
    """Compile in the background what servers import; a start that finds it undone begins it anew.

    The lock is held meanwhile, so that nobody takes .venv away. Where it is held already, somebody is at work.
    """
    folders = [str(_site_packages() / name) for name in SERVED]
    with contextlib.suppress(OSError, Failed):  # bytecode saves time, and nothing depends on it
        ASIDE.mkdir(exist_ok=True)
        with (ASIDE / "setup.lock").open("a") as file:
            if _locked(file):
                _Run(file.fileno())([str(PYTHON), "-c", COMPILE, str(COMPILED), NOT_SERVED, *folders])


def _take_away() -> None:
    """Remove .venv. It is moved first, so that no start sees a half of it."""
    VENV.rename(ASIDE / "old-venv")
    _sweep()


def _make(run: _Run) -> None:
    """Make .venv; it is born with its stamp."""
    born = ASIDE / "new-venv"
    born.mkdir()
    (born / STAMP.name).write_text(UNFINISHED)
    born.rename(VENV)
    uv = shutil.which("uv")
    if uv:
        with contextlib.suppress(Failed):  # an old one, or one that does not like this Python
            run([uv, "venv", "--allow-existing", "--python", BASE, str(VENV)])
            return
    if not importlib.util.find_spec("venv"):
        _name_packages()
    run([BASE, "-m", "venv", "--without-pip", str(VENV)])


def _sweep() -> None:
    """Remove what a set-up that was killed had begun, or had moved away to remove it."""
    for folder in (ASIDE / "old-venv", ASIDE / "new-venv"):
        if folder.exists():
            shutil.rmtree(folder)


@contextlib.contextmanager
def _unfinished(missing: Sequence[Path]) -> Iterator[None]:
    """Note that .venv is being worked on, and at the end that it has what was missing.

    Where a command failed before it had installed anything, .venv is what it was: without a network, a lock that can't
    be installed costs nobody the environment that works.
    """
    before, packages = STAMP.read_text(), _packages()
    kept = "".join(_key(lock) for lock in (STUDENTS, AUTHORS) if _key(lock) in _installed())
    _stamp(kept + UNFINISHED)
    try:
        yield
    except Failed:
        if _packages() == packages:
            _stamp(before)
        raise
    _stamp(kept + "".join(_key(lock) for lock in missing))


def _stamp(text: str) -> None:
    """Write the stamp, all of it or nothing."""
    written = STAMP.with_suffix(".new")
    written.write_text(text)
    written.replace(STAMP)


def _packages() -> set[str]:
    """Return the names and versions of the packages that are in .venv."""
    return {path.name for path in _site_packages().glob("*.dist-info")}


def _site_packages() -> Path:
    """Return where .venv has its packages; its Python may be another than ours."""
    return next(VENV.glob("lib/python3*/site-packages"), VENV / "Lib" / "site-packages")


def _enter_course() -> None:
    """Let the new Python find `course`, from any folder, and give an activated shell its command."""
    (_site_packages() / "course.pth").write_text(f"{ROOT}\n")  # in the encoding of the system, as site.py reads it
    if os.name == "nt":
        (BIN / "course.cmd").write_text('@"%~dp0python.exe" -P -m course %*\n')
        return
    command = BIN / "course"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(str(PYTHON))} -P -m course "$@"\n')
    command.chmod(0o755)


def _install(locks: Sequence[Path], run: _Run) -> None:
    """Install with uv, or with pip where uv is not to be had or can't do it: pip knows its own mirrors and proxies."""
    files = [argument for lock in locks for argument in ("-r", str(lock))]
    total = sum(_count(lock) for lock in locks)
    uv = shutil.which("uv") or _fetch_uv(run)
    if uv:
        try:
            run([uv, "pip", "install", "--python", str(PYTHON), "--require-hashes", *files], total)
            return
        except Failed:
            run.say("uv could not install them; pip tries.")
    _pip(["--no-compile", *files], run, total)


def _count(lock: Path) -> int:
    """Return how many packages a lock has for every machine; a few more are for some only."""
    return len(set(re.findall(r"(?m)^([a-z][\w.-]*)==[^;\n]*$", lock.read_text())))


def _fetch_uv(run: _Run) -> str:
    """Let pip lay uv into .venv; return its path, or nothing where there is no uv for this machine."""
    try:
        _pip(["--only-binary=:all:", "--no-deps", "--no-compile", "--retries=1", "-r", str(UV)], run)
    except Failed:
        return ""
    return shutil.which("uv", path=str(BIN)) or ""


def _pip(arguments: Sequence[str], run: _Run, total: int = 0) -> None:
    """Install with the pip of the Python that .venv was made from; where that has none, or an old one, with its own."""
    options = ["install", "--disable-pip-version-check", "--no-input", "--require-hashes", *arguments]
    try:
        run([BASE, "-m", "pip", "--python", str(PYTHON), *options], total)
    except Failed as failed:
        if not re.search("No module named pip|no such option: --python", str(failed)):
            raise
        if not importlib.util.find_spec("ensurepip"):
            _name_packages()
        run([str(PYTHON), "-m", "ensurepip", "--default-pip"])
        run([str(PYTHON), "-m", "pip", *options], total)


def _name_packages() -> None:
    """Python comes without venv or pip on some systems; say which package holds them."""
    _take_away()
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    sys.exit(
        "This Python has no 'venv', or neither 'pip' nor 'ensurepip', which the set-up needs.\n"
        f"On Debian or Ubuntu: sudo apt install python{version}-venv\n"
        "On Fedora: sudo dnf install python3-pip      Elsewhere: install uv, and it is used instead.\n"
        "Then start again."
    )


def _told(error: OSError) -> str:
    """Return what the system did not let us do, and what to do about it."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full. Make room in {ROOT}. Then start again: python3 course"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"The set-up may not write to {error.filename or ROOT}.\n"
            f"Copy the course to where you may write, and start it there: cp -r {ROOT} ~/channels-on-the-wire"
        )
    return f"The set-up failed: {error}.\nStart again to repair it: python3 course"


@contextlib.contextmanager
def _alone() -> Iterator[int]:
    """Let one set-up run at a time, and yield its lock; a second start waits for the first."""
    ASIDE.mkdir(exist_ok=True)
    with (ASIDE / "setup.lock").open("a") as file:
        if not _locked(file):
            print("Another start is setting the course up; this one waits for it.", file=sys.stderr, flush=True)
            while not _locked(file):
                time.sleep(0.1)
        yield file.fileno()


def _locked(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


class _Run:
    """Runs the commands of the set-up, and says on stderr how far it is.

    The commands hold the lock too: where the set-up is killed, the next one waits until what it had begun has ended.
    """

    def __init__(self, lock: int) -> None:
        self._lock = lock

    def say(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def __call__(self, command: list[str], total: int = 0) -> None:
        """Run a command; raise `Failed` with what it said last. `total` is how many packages it installs."""
        if total:
            self.say(f"Installing {total} packages")
        env = {key: value for key, value in os.environ.items() if key not in THEIRS}
        held = () if os.name == "nt" else (self._lock,)
        try:
            process = subprocess.Popen(
                command, cwd=ROOT, env=env, pass_fds=held, text=True, errors="replace",
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
        except OSError as error:
            raise Failed(f"{error}\nThe set-up failed at: {shlex.join(command)}") from error
        with process, _Counter(total):
            assert process.stdout is not None
            lines = process.stdout.readlines()
        if process.returncode:
            raise Failed("".join(lines[-15:]) + f"\nThe set-up failed at: {shlex.join(command)}")


class _Counter:
    """Counts on a terminal what takes more than a second: the seconds, and the packages that have arrived."""

    patience_s = 1.0

    def __init__(self, total: int) -> None:
        self._total = total
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._count, daemon=True)

    def __enter__(self) -> None:
        self._before = len(_packages())
        if sys.stderr.isatty():
            self._thread.start()

    def __exit__(self, *exc: object) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _count(self) -> None:
        begun, wait_s = time.monotonic(), self.patience_s
        while not self._over.wait(wait_s):
            wait_s = min(wait_s, 0.2)
            there = min(len(_packages()) - self._before, self._total)
            packages = f"{there} of {self._total} packages, " if self._total else ""
            sys.stderr.write(f"\r\x1b[K  {packages}{time.monotonic() - begun:.0f} s")
            sys.stderr.flush()
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
