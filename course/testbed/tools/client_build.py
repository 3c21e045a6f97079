"""The part of a project that npm builds, in its scratch copy."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from course.errors import NotStarted, Unmet
from course.testbed.deadlines import deadline_s
from course.testbed.processes.process import Process, Spawn, run_to_end
from course.testbed.tools import node, node_packages

BUILD_UNITS, TYPES_UNITS = 30.0, 30.0
MOST_LINES = 20
OTHER_PACKAGES = "client/package-lock.json asks for packages that are not here, and a cage has no network to get them."


class ClientBuild:
    """The project's folder `client`: `npm run build` makes of it what the page loads."""

    def __init__(self, project: Path, spawn: Spawn | None = None) -> None:
        """Begin to build, if the packages are here; else `need` gets them first.

        `spawn` starts npm and the compiler in another way than as programs of ours.
        """
        self._spawn = spawn
        self._project = project
        self._build: Process | None = None
        self._problem: NotStarted | node.NoNode | None = None
        self._done = False
        try:
            node.need()
            if node_packages.packages_of(node_packages.client_of(project)).is_dir():
                self._begin()
        except (NotStarted, node.NoNode) as problem:
            self._problem = problem

    def need(self) -> None:
        """Wait until it is built.

        Raises NotStarted, with file and line, when that fails, NoNode where there is no Node or are no packages.
        """
        if not (self._done or self._problem):
            try:
                self._finish()
            except (NotStarted, node.NoNode) as problem:
                self._problem = problem
        if self._problem:
            raise self._problem

    def types(self) -> list[str]:
        """Return what the compiler finds in strict mode, whatever tsconfig.json says: a line for each fault.

        Raises Unmet when there is no compiler among the packages, or it does not come to an end.
        """
        self.need()
        folder = node_packages.client_of(self._project)
        compiler = node_packages.packages_of(folder) / "typescript" / "bin" / "tsc"
        if not compiler.is_file():
            raise Unmet("There is no typescript among the client's packages.", expected="typescript", got="none")
        argv = [node.need().node, str(compiler), "--project", ".", "--strict", "--noEmit", "--pretty", "false"]
        code, said = run_to_end(argv, deadline_s(TYPES_UNITS), cwd=folder, env=node.environment(), spawn=self._spawn)
        if code is None:
            raise Unmet(f"tsc did not end within {deadline_s(TYPES_UNITS):g} s.", got="silence")
        lines = [line for line in said.splitlines() if line.strip()]
        return lines[:MOST_LINES] if lines or code == 0 else [f"tsc ended with exit code {code}"]

    def close(self) -> None:
        """End what runs."""
        if self._build:
            self._build.kill()

    def _begin(self) -> None:
        client = node_packages.client_of(self._project)
        node_packages.link(client)
        argv, env = building(client)
        self._build = Process(argv, cwd=client, env=env, spawn=self._spawn)

    def _finish(self) -> None:
        if self._build is None and self._spawn:
            raise NotStarted(OTHER_PACKAGES)
        if self._build is None:
            node_packages.provide(node_packages.client_of(self._project), lambda line: None)
            self._begin()
        assert self._build
        code = self._build.wait(deadline_s(BUILD_UNITS))
        self._build.kill()
        if code is None:
            raise NotStarted(f"npm run build did not end within {deadline_s(BUILD_UNITS):g} s.")
        if code:
            said = [line for line in self._build.output.splitlines() if line.strip() and not line.startswith("npm ")]
            raise NotStarted("\n".join(["npm run build failed.", *said[:MOST_LINES]]))
        self._done = True


def building(client: Path) -> tuple[list[str], dict[str, str]]:
    """Return the command that does what `npm run build` does, and its environment.

    npm takes half a second to begin; where package.json asks for nothing but the script, a shell runs that as npm does.
    """
    found, env = node.need(), node.environment()
    script = _sole_script(client, "build")
    if not script or sys.platform == "win32":
        return [found.npm, "run", "build", *node.QUIET], env
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
