"""Node is found where it is and new enough, and a lock file's packages are got once for all projects."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from course.authoring.pages import client_bundle as prebuilt
from course.catalog.lessons import find
from course.errors import NotStarted
from course.judging.session import run_checks
from course.project.scratch_copy import scratch
from course.testbed.bed import Bed
from course.testbed.deadlines import deadline_s
from course.testbed.processes.process import run_to_end
from course.testbed.tools import client_build, node, node_packages
from course.testbed.tools.node import NoNode

LESSON = find("16")
PutProgram = Callable[..., Path]
INSTALLS = 'echo "$@" >> {log}; mkdir node_modules; echo 1 > node_modules/.package-lock.json'
FAILS = "echo 'npm warn a warning'; echo 'npm error code {code}'; exit 1"
posix = pytest.mark.skipif(os.name == "nt", reason="its programs are shell scripts")
with_node = pytest.mark.skipif(node.find() is None, reason=f"there is no Node {node.LEAST} or newer")


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make it a machine with nothing but a shell, and with no packages kept."""
    (tmp_path / "bin").mkdir()
    for name in ("sh", "mkdir"):
        (tmp_path / "bin" / name).symlink_to(f"/bin/{name}")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(node_packages, "CACHE", tmp_path / "kept")
    node.find.cache_clear()
    yield
    node.find.cache_clear()


@pytest.fixture
def put(tmp_path: Path, bare_machine: None) -> PutProgram:
    """Put a program on the path: a shell script."""

    def build(name: str, script: str) -> Path:
        path = tmp_path / "bin" / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return build


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """Return the client of a project."""
    folder = tmp_path / "project" / "web" / "client"
    folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        (folder / name).write_text(json.dumps({"name": name}))
    return folder


@posix
@pytest.mark.parametrize(
    ("version", "found"),
    [("v20.0.0", "20.0.0"), ("v24.15.1", "24.15.1"), ("v18.20.4", None), ("24", None), ("v8.1.0", None)],
)
def test_a_node_is_taken_when_it_is_new_enough(put: PutProgram, version: str, found: str | None) -> None:
    """Node 20 and newer are taken, older ones and what is no Node are not."""
    put("node", f"echo {version}")
    put("npm", "exit 0")

    told = node.find()

    assert (told.version if told else None) == found


@posix
def test_a_node_without_npm_is_none(put: PutProgram) -> None:
    """Debian has packages of Node without npm; then there is nothing to build with."""
    put("node", "echo v22.0.0")

    assert node.find() is None
    with pytest.raises(NoNode, match="with npm"):
        node.need()


def test_a_client_is_found_wherever_it_is(client: Path) -> None:
    """It is the folder of that name with a package.json, the topmost one."""
    deeper = client / "old" / "client"
    deeper.mkdir(parents=True)
    (deeper / "package.json").write_text("{}")
    (client / "node_modules" / "client").mkdir(parents=True)
    (client / "node_modules" / "client" / "package.json").write_text("{}")

    assert node_packages.client_of(client.parents[1]) == client


@pytest.mark.parametrize(("lost", "told"), [("package.json", "no client/package.json"), ("package-lock.json", "lock")])
def test_a_client_without_its_files_is_told(client: Path, lost: str, told: str) -> None:
    """Without a package.json or its lock there is nothing to build, and that is the project's fault."""
    (client / lost).unlink()

    with pytest.raises(NotStarted, match=told):
        node_packages.client_of(client.parents[1])


@posix
def test_packages_are_got_once_and_without_their_scripts(put: PutProgram, client: Path, tmp_path: Path) -> None:
    """The first time npm ci runs, aloud; the same lock asks for nothing again, another one does."""
    put("node", "echo v22.0.0")
    put("npm", INSTALLS.format(log=tmp_path / "log"))
    told: list[str] = []
    assert not node_packages.is_ready(client.parents[1])
    for _ in range(2):
        node_packages.provide(client, told.append)

    assert node_packages.is_ready(client.parents[1])
    assert told[-1] == "Ready."
    assert (tmp_path / "log").read_text().count("ci --ignore-scripts") == 1
    (client / "package-lock.json").write_text("{}")
    assert not node_packages.is_ready(client.parents[1])


@posix
def test_no_network_is_told_and_not_tried_again_for_an_hour(put: PutProgram, client: Path) -> None:
    """Npm's first words are the reason, and the next run does not wait for it again."""
    put("node", "echo v22.0.0")
    put("npm", FAILS.format(code="ENOTFOUND"))
    with pytest.raises(NoNode, match="npm error code ENOTFOUND"):
        node_packages.provide(client, lambda line: None)
    put("npm", "mkdir node_modules")

    with pytest.raises(NoNode, match="less than an hour ago"):
        node_packages.provide(client, lambda line: None)


@posix
def test_a_lock_that_does_not_fit_is_the_projects_fault(put: PutProgram, client: Path) -> None:
    """What npm refuses with EUSAGE, no network mends."""
    put("node", "echo v22.0.0")
    put("npm", FAILS.format(code="EUSAGE"))

    with pytest.raises(NotStarted, match="do not agree"):
        node_packages.provide(client, lambda line: None)


@posix
def test_without_node_the_checks_are_skipped_and_say_so(bare_machine: None) -> None:
    """No check passes, none fails, and each says what to install."""
    report = run_checks(LESSON, solved=True, only="test_the_types_are_right")

    assert [check.status for check in report.checks] == ["skipped"]
    assert report.checks[0].reason == f"There is no Node {node.LEAST} or newer with npm here. {node.HELP}"
    assert not report.passed


@posix
def test_without_node_the_page_is_the_one_that_came_along(bare_machine: None) -> None:
    """The starter serves the client that was built from the solution, in the place of the student's."""
    with scratch(LESSON) as folder:
        bed = Bed(LESSON, folder)
        try:
            with pytest.raises(NoNode):
                bed.site(0)
            told = bed.sites[0].get("/static/main.js")
        finally:
            bed.close()

    assert told.text == (LESSON.starter / prebuilt.PATH).read_text(encoding="utf-8")


@with_node
def test_the_client_that_came_along_is_the_solutions() -> None:
    """The bundle for machines without Node is what npm builds today; `python3 course docs --refresh` makes it so."""
    assert prebuilt.of_lesson(LESSON) == (LESSON.starter / prebuilt.PATH).read_text(encoding="utf-8")


@posix
@with_node
@pytest.mark.parametrize(
    ("scripts", "takes_npm"),
    [
        ({"build": "tool && pwd && node --version"}, False),
        ({"prebuild": "echo first", "build": "tool"}, True),
        ({"build": "tool", "postbuild": "echo last"}, True),
        ({"build": 'echo "$npm_package_name"'}, True),
        ({"build": "tool; exit 3"}, False),
    ],
)
def test_a_build_comes_to_the_same_with_and_without_npm(
    tmp_path: Path, scripts: dict[str, str], takes_npm: bool
) -> None:
    """What a shell may run itself comes out as under npm: programs of the packages, folder, exit code."""
    (tmp_path / "package.json").write_text(json.dumps({"name": "tea", "scripts": scripts}))
    tool = tmp_path / "node_modules" / ".bin" / "tool"
    tool.parent.mkdir(parents=True)
    tool.write_text("#!/bin/sh\necho tea")
    tool.chmod(0o755)
    argv, env = client_build.building(tmp_path)
    by_npm = [node.need().npm, "run", "build", *node.QUIET]
    one, other = (run_to_end(each, deadline_s(30), cwd=tmp_path, env=env) for each in (argv, by_npm))

    assert (argv[0] != "sh") == takes_npm
    assert one[0] == other[0]
    assert said_by_the_script(one[1]) == said_by_the_script(other[1])


def said_by_the_script(output: str) -> list[str]:
    return [line for line in output.splitlines() if line and not line.startswith((">", "npm "))]


@with_node
def test_a_slip_in_typescript_is_told_with_file_and_line(tmp_path: Path) -> None:
    """What can't be built is one problem for all checks, and not the page that came along."""
    project = tmp_path / "project"
    shutil.copytree(LESSON.starter, project)
    service = project / "client" / "src" / "channeler.service.ts"
    service.write_text(service.read_text() + "\nexport const = 5;\n")
    report = run_checks(LESSON, project=project, only="test_subscribe_connects")

    assert "npm run build failed." in report.problem
    assert "src/channeler.service.ts:25:13" in report.problem


@with_node
def test_the_compiler_is_strict_whatever_the_project_asks(tmp_path: Path) -> None:
    """A tsconfig.json that allows everything changes no verdict."""
    project = tmp_path / "project"
    shutil.copytree(LESSON.starter, project)
    config = project / "client" / "tsconfig.json"
    config.write_text(config.read_text().replace('"strict": true', '"strict": false'))
    service = project / "client" / "src" / "channeler.service.ts"
    service.write_text(service.read_text() + "\nexport const lengthOf = (text) => text.length;\n")
    report = run_checks(LESSON, project=project, only="test_the_types_are_right")

    failure = report.checks[0].failure
    assert failure is not None
    assert "error TS7006: Parameter 'text' implicitly has an 'any' type." in failure.message


def test_packages_from_elsewhere_are_no_harmless_ones(tmp_path: Path) -> None:
    """A lock file whose packages all come from the registry, with checksums, is harmless; any other is not."""
    client = tmp_path / "client"
    client.mkdir()
    (client / "package.json").write_text("{}")
    address = "https://registry.npmjs.org/rxjs/-/rxjs-7.8.2.tgz"
    fine = {"version": "7.8.2", "resolved": address, "integrity": "sha512-x"}
    elsewhere = {**fine, "resolved": "http://127.0.0.1:8000/rxjs.tgz"}
    bare = {"version": "7.8.2", "resolved": address}
    git = {"version": "git+ssh://git@example.org/rxjs.git", "integrity": "sha512-x"}

    def harmless(*packages: object) -> bool:
        lock = {"packages": {"": {}, **{f"node_modules/{n}": package for n, package in enumerate(packages)}}}
        (client / "package-lock.json").write_text(json.dumps(lock))
        return node_packages.is_harmless(tmp_path)

    assert [harmless(fine), harmless(fine, elsewhere), harmless(bare), harmless(git)] == [True, False, False, False]
