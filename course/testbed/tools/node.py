"""Node and npm: where they are, and how a lock file's packages come to this machine, once for all projects."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from course.catalog.lessons import ROOT
from course.errors import CourseError, NotStarted
from course.project.scratch_copy import files_of
from course.testbed.deadlines import deadline_s
from course.testbed.processes.process import run_to_end
from course.testbed.tools.failed_attempts import failed_lately, note_outcome

LEAST = 20
VERSION_UNITS, INSTALL_UNITS = 10.0, 300.0
MOST_LOCK_BYTES = 4 * 1024 * 1024
REGISTRY = "https://registry.npmjs.org/"
CACHE = ROOT / ".course" / "node"
QUIET = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
HELP = f"Install Node {LEAST} or newer with its npm: https://nodejs.org/ (Debian: sudo apt-get install nodejs npm)."
Say = Callable[[str], None]


@dataclass(frozen=True)
class Node:
    """A Node that is new enough, with its npm."""

    node: str
    npm: str
    version: str


class NoNode(CourseError):
    """There is no Node that is new enough, or npm can't get the packages; what needs them is skipped."""


@functools.cache
def find() -> Node | None:
    """Return the Node of this machine with its npm, None when there is none that is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        return None
    _, said = run_to_end([node, "--version"], deadline_s(VERSION_UNITS), env=environment())
    told = re.match(r"v((\d+)\.\d+\.\d+)", said)
    return Node(node, npm, told[1]) if told and int(told[2]) >= LEAST else None


def need() -> Node:
    """Return the Node of this machine, or raise NoNode."""
    found = find()
    if not found:
        raise NoNode(f"There is no Node {LEAST} or newer with npm here.", HELP)
    return found


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
        return find() is None or packages_of(client_of(project)).is_dir()
    except NotStarted:
        return True


def provide(client: Path, say: Say) -> None:
    """Get the packages of a folder's lock file where they are missing, and `say` so.

    Raises NoNode when that can't be done (then an hour passes before the next attempt), NotStarted when the fault is
    the project's.
    """
    found, kept = need(), packages_of(client)
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

    argv = [found.npm, "ci", "--ignore-scripts", *QUIET]
    code, _ = run_to_end(argv, deadline_s(INSTALL_UNITS), cwd=folder, env=environment(), on_line=told)
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


def building(client: Path) -> tuple[list[str], dict[str, str]]:
    """Return the command that does what `npm run build` does, and its environment.

    npm takes half a second to begin; where package.json asks for nothing but the script, a shell runs that as npm does.
    """
    found, env = need(), environment()
    script = _sole_script(client, "build")
    if not script or sys.platform == "win32":
        return [found.npm, "run", "build", *QUIET], env
    programs = (client / "node_modules" / ".bin", Path(found.node).parent)
    path = os.pathsep.join([*map(str, programs), env.get("PATH", os.defpath)])
    return ["sh", "-c", script], env | {"PATH": path}


def _sole_script(client: Path, name: str) -> str:
    """Return a script of package.json, or an empty text where it takes npm: for scripts around it, or its settings."""
    try:
        scripts = json.loads((client / "package.json").read_text(encoding="utf-8"))["scripts"]
        script = scripts[name]
    except (ValueError, LookupError, TypeError):
        return ""  # npm says what is wrong
    takes_npm = {f"pre{name}", f"post{name}"} & set(scripts) or "npm_" in str(script) or (client / ".npmrc").exists()
    return script if isinstance(script, str) and not takes_npm else ""


def environment() -> dict[str, str]:
    """Return our environment, without what changes the words of Node's programs."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("NODE_", "FORCE_COLOR", "COURSE_"))}
    return env | {"NO_COLOR": "1"}


def _keep(folder: Path, kept: Path) -> None:
    """Move what was installed to its place in one step; another run may have done the same meanwhile."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        (folder / "node_modules").rename(kept)
    except OSError:
        if not kept.is_dir():
            raise
