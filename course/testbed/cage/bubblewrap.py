"""The command line of a cage: what its processes see, who they are there, and what they may use.

It is made of groups of arguments, each with its one effect: without any one of them something gets out, as tests show.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course.catalog.lessons import ROOT
from course.testbed.cage.limits import Limits

NOBODY = 65534
FIRST_STRANGER = 0x40000000  # user numbers from here on are nobody's
FILTER_FD = "9"
# Of /etc: what programs look up that is nobody's business; the names of users are made up.
SETTINGS = (
    *("alternatives", "host.conf", "hosts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "mime.types"),
    *("nsswitch.conf", "protocols", "services", "ssl/certs", "ssl/openssl.cnf", "timezone"),
)
ENGINE = (  # what runs in one process with a project, and is loaded by its path
    *("testbed/servers/daphne_entry.py", "testbed/servers/application_recorder.py"),
    *("testbed/processes/forkserver.py", "testbed/processes/supervisor.py"),
)
OF_BROWSERS = (
    "/etc/fonts",
    "/etc/chromium",
    "/etc/chromium.d",
    "/etc/machine-id",
    "/var/cache/fontconfig",
    "/opt/google",
)
Group = tuple[str, ...]


@dataclass(frozen=True)
class Profile:
    """What one cage shows: `shown` read-only at its own path, `copies` by where they are seen, to be written to."""

    shown: Sequence[Path]
    copies: dict[Path, Path]
    scratch: dict[str, Path] = field(default_factory=dict, kw_only=True)  # as copies, of each program its own
    names: Path  # a folder with a passwd and a group
    seccomp: Path | None
    limits: Limits = field(default_factory=Limits)
    shows_browser: bool = False  # what a browser needs beside its program
    may_nest: bool = False  # it makes namespaces itself, for its pages
    core: int | None = None  # the only one that it may use


def command(profile: Profile, cwd: Path) -> list[str]:
    """Return what a command is put behind to run in a cage, in a folder there."""
    # It reads its filter from a descriptor. A shell finds it, for a PATH may lead through links that we follow nowhere.
    opened = ["/bin/sh", "-c", f'exec "$@" {FILTER_FD}<"$0"', str(profile.seccomp or os.devnull)]
    words = [word for group in groups(profile) for word in group]
    pinned = [] if profile.core is None else ["taskset", "--cpu-list", str(profile.core)]
    return [*pinned, *opened, "bwrap", *words, "--", *(word for group in steps_inside(profile, cwd) for word in group)]


def groups(profile: Profile) -> list[Group]:
    """Return the arguments of bubblewrap, those together that have one effect."""
    return [*_namespaces(profile), *_files(profile), *_rights(profile)]


def runtime() -> list[Path]:
    """Return what programs of a project are made of: Python, its packages, Node and nginx; nothing of the course."""
    course = [ROOT / "course" / name for name in ENGINE]
    kept = [ROOT / ".course" / "node", ROOT / ".course" / "nginx"]
    node = [Path(found).resolve().parents[1] for found in map(shutil.which, ("node", "npm")) if found]
    wanted = [Path("/usr"), Path(sys.base_prefix), Path(sys.prefix), *node, *kept, *course]
    system = Path("/usr")
    return [path for path in dict.fromkeys(wanted) if path.exists() and (path == system or system not in path.parents)]


def _namespaces(profile: Profile) -> list[Group]:
    """Set them apart; the network is the judge's own, which leads nowhere and where it listens on nothing."""
    user = [] if _is_root() else [("--unshare-user", *(() if profile.may_nest else ("--disable-userns",)))]
    return [
        *user,
        ("--unshare-pid",),
        ("--unshare-ipc",),
        ("--unshare-uts", "--hostname", "cage"),
        ("--unshare-cgroup-try",),
        ("--die-with-parent",),
        ("--new-session",),
    ]


def _files(profile: Profile) -> list[Group]:
    system = [Path("/", name) for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32")]
    wanted = [*(Path("/etc", name) for name in SETTINGS), *map(Path, OF_BROWSERS if profile.shows_browser else ())]
    settings = [path for path in wanted if path.exists()]
    folders = {path.parent for path in (*profile.shown, *profile.copies, *settings)} if _is_root() else set()
    ways = sorted(folder for folder in folders if not any(folder in other.parents for other in folders))
    return [
        ("--proc", "/proc"),
        ("--dev", "/dev"),
        *(("--bind", str(kept), seen) for seen, kept in profile.scratch.items()),
        ("--remount-ro", "/dev"),
        *(("--dir", str(folder)) for folder in ways),  # else root alone could pass there
        *(("--ro-bind", str(path), str(path)) for path in profile.shown),
        *(("--symlink", str(path.readlink()), str(path)) for path in system if path.is_symlink()),
        *(("--ro-bind", str(path), str(path)) for path in system if path.is_dir() and not path.is_symlink()),
        *(("--ro-bind", str(path), str(path)) for path in settings),
        *(("--ro-bind", str(profile.names / name), f"/etc/{name}") for name in ("passwd", "group")),
        *(("--bind", str(kept), str(seen)) for seen, kept in profile.copies.items()),
        ("--remount-ro", "/"),
    ]


def _rights(profile: Profile) -> list[Group]:
    """Let them be nobody; root becomes it later, and loses its rights then (see `steps_inside`)."""
    seccomp: list[Group] = [("--seccomp", FILTER_FD)] if profile.seccomp else []
    return seccomp if _is_root() else [("--uid", str(NOBODY), "--gid", str(NOBODY)), *seccomp]


def steps_inside(profile: Profile, cwd: Path) -> list[Group]:
    """Return what runs first in a cage: limits, and where we are root, the step down to a user who is nobody else.

    It is made of groups as the arguments are.
    """
    limits: list[Group] = [(word,) for word in profile.limits.of_a_process]
    if not _is_root():
        return limits
    user: list[Group] = [("--reuid", str(stranger())), ("--regid", str(stranger())), ("--clear-groups",)]
    # The folder is that user's own, and root without rights can't go there.
    return [*limits, ("setpriv",), *user, ("--bounding-set", "-all"), ("env", "-C", str(cwd))]


def stranger() -> int:
    """Return the user that the processes of our cages are: ours, or as root one for each judge, who owns no files."""
    return FIRST_STRANGER + os.getpid() if _is_root() else os.geteuid()


def _is_root() -> bool:
    return os.geteuid() == 0
