"""The npm packages of a project's client: from its lock file to this machine, once for all projects with that lock."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from course.catalog.lessons import ROOT
from course.errors import NotStarted
from course.project.scratch_copy import files_of
from course.testbed.deadlines import deadline_s
from course.testbed.processes.process import run_to_end
from course.testbed.tools import node
from course.testbed.tools.failed_attempts import failed_lately, note_outcome
from course.testbed.tools.node import Node, NoNode

INSTALL_UNITS = 300.0
MOST_LOCK_BYTES = 4 * 1024 * 1024
REGISTRY = "https://registry.npmjs.org/"
CACHE = ROOT / ".course" / "node"
Say = Callable[[str], None]


def client_of(project: Path) -> Path:
    """Return the project's folder `client`, which holds a package.json and its lock.

    Raises NotStarted when there is none.
    """
    found = [path.parent for path in files_of(project) if path.name == "package.json" and path.parent.name == "client"]
    if not found:
        raise NotStarted("The project has no client/package.json, so there is nothing for npm to build.")
    client = min(found, key=lambda folder: len(folder.parts))
    if not (client / "package-lock.json").is_file():
        raise NotStarted("client/package-lock.json is missing. npm install makes it.")
    return client


def packages_of(client: Path) -> Path:
    """Return where the packages of this client's lock file are kept; they need not be there yet."""
    lock = (client / "package-lock.json").read_bytes()
    return CACHE / hashlib.sha256(lock).hexdigest()[:16] / "node_modules"


def is_harmless(project: Path) -> bool:
    """Tell whether all packages of a project's client come from npm's registry, each with its checksum.

    What a lock file names besides, npm would get from anywhere that this machine can reach.
    """
    try:
        lock = client_of(project) / "package-lock.json"
        if lock.stat().st_size > MOST_LOCK_BYTES:
            return False
        packages = json.loads(lock.read_bytes())["packages"]
        return all(_is_registered(facts) for name, facts in packages.items() if name)
    except (NotStarted, OSError, ValueError, RecursionError, LookupError, AttributeError, TypeError):
        return False


def _is_registered(facts: dict[str, str]) -> bool:
    has_version = re.fullmatch(r"\d[\w.+-]*", facts["version"]) is not None  # and no address in its place
    return has_version and facts.get("resolved", REGISTRY).startswith(REGISTRY) and bool(facts["integrity"])


def is_ready(project: Path) -> bool:
    """Tell whether there is nothing to get for a project's client, be it because nothing can be got."""
    try:
        return node.find() is None or packages_of(client_of(project)).is_dir()
    except NotStarted:
        return True


def provide(client: Path, say: Say) -> None:
    """Get the packages of a folder's lock file where they are missing, and `say` so.

    Raises NoNode when that can't be done (then an hour passes before the next attempt), NotStarted when the fault is
    the project's.
    """
    found, kept = node.need(), packages_of(client)
    if kept.is_dir():
        return
    failed = kept.parent.with_suffix(".failed")
    if failed_lately(failed):
        raise NoNode(
            f"npm could not get the packages of {client.name}, less than an hour ago.", f"Remove {failed} to try again."
        )
    say(f"The packages of {client.name} are not here yet. npm gets them (once).")
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".getting-", dir=CACHE) as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(client / name, Path(folder, name))
        problem = install(found, Path(folder), lambda line: say(f"  {line}"))
        if problem:
            note_outcome(failed, failed=True)
            raise NoNode(
                f"npm could not get the packages of {client.name}. {problem}", "Is there a network? Then try again."
            )
        _keep(Path(folder), kept)
    note_outcome(failed, failed=False)
    say("Ready.")


def install(found: Node, folder: Path, say: Say) -> str:
    """Run `npm ci` in a folder, without the packages' own scripts; return what went wrong, or an empty text.

    Raises NotStarted when package.json and its lock do not agree.
    """
    said: list[str] = []

    def told(line: str) -> None:
        if line.strip() and not line.startswith("npm warn"):
            said.append(line.strip())
            say(line.strip())

    argv = [found.npm, "ci", "--ignore-scripts", *node.QUIET]
    code, _ = run_to_end(argv, deadline_s(INSTALL_UNITS), cwd=folder, env=node.environment(), on_line=told)
    if code == 0:
        return ""
    if any("EUSAGE" in line for line in said):
        raise NotStarted("client/package.json and package-lock.json do not agree. npm install brings them together.")
    return " ".join(said[:3]) or f"npm ci did not end within {deadline_s(INSTALL_UNITS):g} s."


def link(client: Path) -> None:
    """Let a client of a scratch copy have the kept packages of its lock file, as its node_modules."""
    kept, here = packages_of(client), client / "node_modules"
    if sys.platform == "win32":
        import _winapi

        _winapi.CreateJunction(str(kept), str(here))  # a link there takes rights that a student may not have
    else:
        here.symlink_to(kept, target_is_directory=True)


def _keep(folder: Path, kept: Path) -> None:
    """Move what was installed to its place in one step; another run may have done the same meanwhile."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        (folder / "node_modules").rename(kept)
    except OSError:
        if not kept.is_dir():
            raise
