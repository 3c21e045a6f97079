"""Chrome and its driver are found where they are, and got where they are not; nobody is asked over the network."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from course.testbed.browser import chrome as browser_module
from course.testbed.browser.chrome import Browser
from course.testbed.clients.event_loop import EventLoop
from course.testbed.tools import browser_install as provision
from course.testbed.tools import failed_attempts as attempts
from course.testbed.tools.browser_install import NoBrowser, Programs

pytestmark = pytest.mark.skipif(os.name == "nt", reason="its programs are shell scripts")
PutProgram = Callable[..., Path]
MANAGER = """echo "$SE_OFFLINE $SE_AVOID_STATS $*" >> {log}
echo '{answer}'"""


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make it a machine with nothing but a shell, and with a user who is not root."""
    (tmp_path / "bin").mkdir()
    for name in ("sh", "cat", "chmod", "cp", "ln"):
        (tmp_path / "bin" / name).symlink_to(f"/bin/{name}")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SE_OFFLINE", raising=False)
    monkeypatch.setattr(provision, "DRIVER_FOLDERS", ())
    monkeypatch.setattr(provision, "_usual_places", list)
    monkeypatch.setattr(provision, "FAILED", tmp_path / "state" / "no-browser")
    monkeypatch.setattr(provision, "NO_SHELL", tmp_path / "state" / "no-headless-shell")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


@pytest.fixture
def put(tmp_path: Path) -> PutProgram:
    """Put a program on the path: a shell script."""

    def build(name: str, script: str = "echo Chromium 156.0.8078.79") -> Path:
        path = tmp_path / "bin" / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return build


@pytest.fixture
def manager(tmp_path: Path, put: PutProgram, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, object]], Path]:
    """Let Selenium Manager be a script that gives an answer; return the log of what it was asked."""

    def build(result: dict[str, object]) -> Path:
        log = tmp_path / "asked"
        path = put("selenium-manager", MANAGER.format(log=log, answer=json.dumps({"logs": [], "result": result})))
        monkeypatch.setenv("SE_MANAGER_PATH", str(path))
        return log

    return build


@pytest.fixture
def apt_get(tmp_path: Path, put: PutProgram, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Become root on a Debian whose apt-get runs a script; return the log of its runs."""

    def build(script: str) -> Path:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        put("apt-get", f'echo "$@" >> {tmp_path}/apt.log\n{script}')
        return tmp_path / "apt.log"

    return build


@pytest.mark.parametrize("name", ["chromium", "google-chrome", "google-chrome-stable", "chrome", "chromium-browser"])
def test_a_browser_is_found_by_any_of_its_names(put: PutProgram, name: str) -> None:
    """Chrome and Chromium are found under every name that they go by, with their driver."""
    assert provision.find() is None
    expected = Programs(put(name), put("chromedriver"))

    assert provision.find() == expected


def test_edge_goes_with_its_own_driver(put: PutProgram) -> None:
    """Edge is not driven by Chrome's driver."""
    edge = put("microsoft-edge")
    put("chromedriver")
    assert provision.find() is None
    driver = put("msedgedriver")

    assert provision.find() == Programs(edge, driver)
    assert Programs(edge, driver).is_edge


def test_an_app_that_is_not_on_the_path_is_found(put: PutProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where systems keep their browsers elsewhere, they are found there."""
    app = put("Google Chrome")
    monkeypatch.setattr(provision, "_usual_places", lambda: [Path("/nowhere/chrome"), app])

    assert provision.find_browser() == app


def test_what_is_here_is_used_without_a_word(put: PutProgram, manager: Callable[..., Path]) -> None:
    """With a browser and a driver nothing is installed, fetched or asked."""
    log = manager({})
    programs = Programs(put("chromium"), put("chromedriver"))
    told: list[str] = []

    assert provision.provide(told.append) == programs
    assert told == []
    assert not log.exists()


def test_root_on_debian_gets_chromium(apt_get: Callable[[str], Path], put: PutProgram, tmp_path: Path) -> None:
    """As root, apt-get is asked to update and to install, and each step is said aloud."""
    here = f"{tmp_path}/bin"
    script = f'[ "$8" = update ] || {{ echo Unpacking chromium; cp {put("model")} {here}/chromium; '
    log = apt_get(script + f"cp {here}/model {here}/chromedriver; echo Setting up chromium; }}")
    told: list[str] = []

    programs = provision.provide(told.append)

    assert programs == Programs(Path(here, "chromium"), Path(here, "chromedriver"))
    assert [line.split()[7] for line in log.read_text().splitlines()] == ["update", "install"]
    assert told[1:] == [
        "  apt-get update",
        "  apt-get install -y --no-install-recommends chromium chromium-driver",
        "    Unpacking chromium",
        "    Setting up chromium",
        f"Ready: {here}/chromium",
    ]


def test_a_headless_shell_is_taken_first(put: PutProgram) -> None:
    """Debian's headless shell is quicker than the Chromium beside it; who needs a whole browser gets that."""
    whole, shell, driver = put("chromium"), put("chromium-headless-shell"), put("chromedriver")

    assert provision.find() == Programs(shell, driver)
    assert Programs(shell, driver).is_shell
    assert provision.find(shell=False) == Programs(whole, driver)


def test_a_whole_browser_is_started_as_it_is(put: PutProgram, tmp_path: Path) -> None:
    """A driver starts Chromium itself."""
    programs = Programs(put("chromium"), put("chromedriver"))

    assert programs.launcher(tmp_path) == programs.browser


@pytest.mark.parametrize(
    ("asked", "opened"),
    [(["--headless=new"], "about:blank"), (["--headless=new", "data:,"], "data:,")],
    ids=["no-page", "a-page"],
)
def test_a_shell_begins_with_one_page(tmp_path: Path, asked: list[str], opened: str) -> None:
    """A driver waits for a page, and a shell with two pages does not start: it has the driver's, else an empty one."""
    folder = tmp_path / "o'clock and more"
    folder.mkdir()
    shell = folder / provision.SHELL
    shell.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    shell.chmod(0o700)

    launcher = Programs(shell, tmp_path / "chromedriver").launcher(tmp_path)
    told = subprocess.run([launcher, *asked], capture_output=True, text=True, check=True).stdout.split()

    assert [word for word in told if not word.startswith("--")] == [opened]
    assert "--headless=new" in told


def test_root_on_debian_gets_the_headless_shell_too(
    apt_get: Callable[[str], Path], put: PutProgram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside Debian's Chromium its headless shell is installed, once."""
    whole, driver, shell = put("chromium"), put("chromedriver"), tmp_path / "bin" / provision.SHELL
    monkeypatch.setattr(provision, "DEBIANS", (whole,))
    log = apt_get(f'[ "$8" = update ] || cp {whole} {shell}')

    found = [provision.provide(lambda _: None) for _ in range(2)]

    assert found == [Programs(shell, driver)] * 2
    assert len(log.read_text().splitlines()) == 2


def test_without_the_headless_shell_chromium_does(
    apt_get: Callable[[str], Path], put: PutProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the shell can't be had, Chromium is used, and nobody waits for a second attempt."""
    programs = Programs(put("chromium"), put("chromedriver"))
    monkeypatch.setattr(provision, "DEBIANS", (programs.browser,))
    log = apt_get("exit 100")

    found = [provision.provide(lambda _: None) for _ in range(2)]

    assert found == [programs] * 2
    assert len(log.read_text().splitlines()) == 1


def test_a_stub_that_asks_for_a_snap_is_no_browser(
    apt_get: Callable[[str], Path], put: PutProgram, tmp_path: Path, manager: Callable[..., Path]
) -> None:
    """On Ubuntu the package may bring a script that only asks for a snap: that is not taken for a browser."""
    manager({})
    stub, here = put("stub", "echo 'Command requires the chromium snap' >&2; exit 1"), f"{tmp_path}/bin"
    apt_get(f"cp {stub} {here}/chromium-browser; cp {stub} {here}/chromedriver")

    with pytest.raises(NoBrowser):
        provision.provide(lambda _: None)


def test_others_get_what_selenium_manager_finds(put: PutProgram, manager: Callable[..., Path], tmp_path: Path) -> None:
    """Without root, Selenium Manager is asked, and it sends no statistics."""
    programs = Programs(put("fetched-chrome"), put("fetched-driver"))
    log = manager({"browser_path": str(programs.browser), "driver_path": str(programs.driver)})

    assert provision.provide(lambda _: None) == programs
    assert log.read_text().split() == ["true", "--browser", "chrome", "--output", "json", "--avoid-stats"]


def test_selenium_manager_is_asked_offline_where_it_has_fetched_before(
    put: PutProgram, manager: Callable[..., Path], tmp_path: Path
) -> None:
    """A run that only looks never goes to the network."""
    (tmp_path / ".cache" / "selenium").mkdir(parents=True)
    programs = Programs(put("fetched-chrome"), put("fetched-driver"))
    log = manager({"browser_path": str(programs.browser), "driver_path": str(programs.driver)})

    assert provision.find() == programs
    assert log.read_text().startswith("true true ")


@pytest.mark.parametrize("answer", [{}, {"browser_path": "/nowhere", "driver_path": None}])
def test_where_there_is_no_way_the_reason_says_what_to_do(
    apt_get: Callable[[str], Path], manager: Callable[..., Path], answer: dict[str, object]
) -> None:
    """No network, no browser: NoBrowser names the command to type; the next run does not wait for all that again."""
    log = apt_get("echo 'E: no network'; exit 100")
    manager(answer)
    told: list[str] = []

    for _ in range(2):
        with pytest.raises(NoBrowser) as reason:
            provision.provide(told.append)

    assert "sudo apt-get install chromium chromium-driver" in reason.value.hint
    assert "    E: no network" in told
    assert len(log.read_text().splitlines()) == 1


def test_an_hour_later_it_is_tried_again(apt_get: Callable[[str], Path], manager: Callable[..., Path]) -> None:
    """A failure is remembered for an hour."""
    log = apt_get("exit 100")
    manager({})
    for _ in range(2):
        with pytest.raises(NoBrowser):
            provision.provide(lambda _: None)
        os.utime(provision.FAILED, (time.time() - attempts.RETRY_S - 1,) * 2)

    assert len(log.read_text().splitlines()) == 2


def test_a_driver_that_does_not_start_is_told(put: PutProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    """A driver that ends at once is no browser, and what it said is in the reason."""
    put("chromium")
    put("chromedriver", "echo cannot open shared object file; exit 127")

    assert "cannot open shared object file" in why_not()


@pytest.mark.skipif(not os.access("/usr/bin/chromedriver", os.X_OK), reason="needs a real driver")
def test_a_browser_that_does_not_start_is_told(put: PutProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Chrome that ends at once is no browser, and the driver's words are in the reason."""
    programs = Programs(put("chromium", "exit 1"), Path("/usr/bin/chromedriver"))
    monkeypatch.setattr(browser_module, "find", lambda: programs)

    assert "chromium did not start: session not created" in why_not()


def why_not() -> str:
    """Return the reason that a browser gives for not being there."""
    loop = EventLoop()
    browser = Browser(loop)
    try:
        with pytest.raises(NoBrowser) as reason:
            assert browser.devtools
    finally:
        browser.stop()
        loop.stop()
    return reason.value.message
