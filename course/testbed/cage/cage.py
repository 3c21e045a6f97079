"""The cage of one submission: a place for its copy, and the way in which its processes start."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from course.project.scratch_copy import PREFIX, walk
from course.testbed.cage import bubblewrap, namespaces, seccomp
from course.testbed.cage.limits import Limits
from course.testbed.cage.watcher import Watcher
from course.testbed.processes.process import supervised

PASSWD = "root:x:0:0::/:/bin/sh\nstudent:x:{user}:{user}::/tmp:/bin/sh\nnobody:x:{user}:{user}::/:/bin/false\n"
# Of our environment; the rest stays outside, unless it was put in with another value.
OURS = frozenset(
    ("PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "NO_COLOR")
)
GROUP = "root:x:0:\nstudent:x:{user}:\nnogroup:x:{user}:\n"


class Cage:
    """Where one submission lives; this process has to be in namespaces of its own already (`namespaces.enter`).

    `home` is a file system of limited size: what is in it the submission may read and write, and nothing else.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        shown: Sequence[Path] = (),
        shows_browser: bool = False,
        is_for_browser: bool = False,
        core: int | None = None,
    ) -> None:
        """Make it, with nothing in it; `shown` is what else its processes may read, perhaps also what a browser needs.

        One for a browser has a network of its own, so that the project finds no way to the browser. With a `core` its
        processes use no other, and so take none from those who are judged beside it.
        """
        self.ended_from_outside = False  # one of its programs, by nobody of us
        self.network = namespaces.PrivateNetwork() if is_for_browser else namespaces.Network()
        self.limits = limits or Limits()
        self._place = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self.home, inner = self._place / "seen", self._place / "inner"
        for folder in (self.home, inner):
            folder.mkdir()
        namespaces.mount_copy_place(inner, self.home, self.limits.copy_bytes, self.limits.files)
        self._user = bubblewrap.stranger()
        self._profile = bubblewrap.Profile(
            shown=[*bubblewrap.runtime(), *shown],
            copies={self.home: inner},
            names=self._place,
            seccomp=None if is_for_browser or not seccomp.program() else self._place / "filter",
            limits=self.limits,
            shows_browser=shows_browser or is_for_browser,
            may_nest=is_for_browser,
            core=core,
        )
        self._write_settings()
        self._programs: set[CagedProgram] = set()
        self._scratch: dict[CagedProgram, list[Path]] = {}  # the mounts of those that run
        self._watcher = Watcher(self.limits, self.home, self._kill_all)

    @property
    def exceeded(self) -> str:
        """What was too much, for which all of the submission was ended, as "more than 300 MB of files"; or nothing."""
        return self._watcher.exceeded

    def spawn(self, argv: Sequence[str], cwd: Path, env: Mapping[str, str] | None) -> CagedProgram:
        """Start a command in the cage, under a supervisor of its own outside of it."""
        self.hand_over()
        given = self.environment(os.environ if env is None else env)
        scratch = self._mount_scratch()
        profile = dataclasses.replace(self._profile, scratch=scratch)
        command = [*bubblewrap.command(profile, cwd), *argv]
        program = self.network.make(lambda: CagedProgram(command, cwd, given, self))
        self._programs.add(program)
        self._scratch[program] = list(scratch.values())
        self._watcher.add(program.pid)
        return program

    @staticmethod
    def environment(env: Mapping[str, str]) -> dict[str, str]:
        """Return what its processes get of an environment: what was put in for them, and little else."""
        given = {name: value for name, value in env.items() if name in OURS or os.environ.get(name) != value}
        return {"HOME": "/tmp", **given}

    def forget(self, program: CagedProgram) -> None:
        """Look no more after a program that has ended."""
        self._watcher.remove(program.pid)
        self._programs.discard(program)
        for folder in self._scratch.pop(program, ()):
            namespaces.unmount(folder)

    def close(self) -> None:
        """End all that is in it, and take it away."""
        self._watcher.close()
        self._kill_all()
        for program in list(self._scratch):
            self.forget(program)
        self.network.close()
        for folder in (self.home, self._place / "inner"):
            namespaces.unmount(folder)
        shutil.rmtree(self._place)

    def _kill_all(self) -> None:
        for program in self._programs.copy():
            program.kill()

    def hand_over(self) -> None:
        """Let the submission own its copy, where we are root and it is not."""
        if os.geteuid() != self._user:
            for folder, folders, files in walk(self.home):
                for name in (".", *folders, *files):
                    try:
                        os.chown(Path(folder, name), self._user, self._user, follow_symlinks=False)
                    except OSError:
                        pass  # the submission has replaced it meanwhile, and what it makes is its own

    def _mount_scratch(self) -> dict[str, Path]:
        """Return a program's own /tmp and /dev/shm; of bubblewrap's, the number of files would have no limit."""
        place = Path(tempfile.mkdtemp(dir=self._place))
        scratch = {"/tmp": place / "tmp", "/dev/shm": place / "shm"}
        for folder in scratch.values():
            folder.mkdir()
            namespaces.mount_tmpfs(folder, self.limits.scratch_bytes, self.limits.scratch_files, "1777")
        return scratch

    def _write_settings(self) -> None:
        user = self._user if os.geteuid() != self._user else bubblewrap.NOBODY
        (self._place / "passwd").write_text(PASSWD.format(user=user), encoding="utf-8")
        (self._place / "group").write_text(GROUP.format(user=user), encoding="utf-8")
        (self._place / "filter").write_bytes(seccomp.program())


class CagedProgram(subprocess.Popen[bytes]):
    """A supervisor, and below it a command in its cage."""

    def __init__(self, argv: Sequence[str], cwd: Path, env: Mapping[str, str], cage: Cage) -> None:
        """Start it."""
        self._cage = cage
        self._is_killed = False
        super().__init__(
            supervised(argv),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    @property
    def exceeded(self) -> str:
        """What was too much of the submission that it belongs to, or an empty text."""
        return self._cage.exceeded

    def poll(self) -> int | None:
        """Return the exit code, or None while the command runs."""
        code = super().poll()
        if code is not None:
            self._ended(code)
        return code

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the exit code; raise subprocess.TimeoutExpired."""
        code = super().wait(timeout)
        self._ended(code)
        return code

    def kill(self) -> None:
        """End it: that is our doing then."""
        self._is_killed = True
        super().kill()

    def _ended(self, code: int) -> None:
        self._cage.forget(self)
        if code < 0 and not self._is_killed:
            self._cage.ended_from_outside = True
