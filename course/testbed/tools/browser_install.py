"""Where Chrome and its driver are, and how they come to a machine that has none."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from course.catalog.lessons import ROOT
from course.errors import CourseError
from course.testbed.deadlines import deadline_s
from course.testbed.processes.process import run_to_end
from course.testbed.tools import apt
from course.testbed.tools.failed_attempts import failed_lately, note_outcome

SHELL = "chromium-headless-shell"  # Debian's: Chromium without windows of its own, which opens a page in half the time
CHROMES = ("chromium", "google-chrome", "google-chrome-stable", "chrome", "chromium-browser")
EDGES = ("msedge", "microsoft-edge", "microsoft-edge-stable")
MAC_APPS = ("Google Chrome", "Chromium", "Microsoft Edge")
WINDOWS_PROGRAMS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
DRIVER_FOLDERS = ("/usr/lib/chromium", "/usr/lib/chromium-browser", "/snap/bin", "/opt/homebrew/bin")
MANAGER_UNITS, VERSION_UNITS = 180.0, 10.0
FAILED = ROOT / ".course" / "no-browser"  # when something was looked for in vain, so that not each run tries again
NO_SHELL = ROOT / ".course" / "no-headless-shell"
DEBIANS = (Path("/usr/bin/chromium"),)
LAUNCHER = """#!/bin/sh
for last; do :; done
case $last in -*) set -- "$@" about:blank ;; esac
exec {shell} --accept-lang=en-US,en --in-process-gpu --enable-features=NetworkServiceInProcess2 "$@"
"""
HELP = "Install Chrome or Chromium with its driver (Debian: sudo apt-get install chromium chromium-driver)."


@dataclass(frozen=True)
class Programs:
    """A browser and the driver that goes with it."""

    browser: Path
    driver: Path

    @property
    def is_edge(self) -> bool:
        """Whether this is Microsoft's Edge."""
        return "edge" in self.browser.name.lower()

    @property
    def is_shell(self) -> bool:
        """Whether this is a Chromium that can't show a window on a screen."""
        return self.browser.name == SHELL

    def launcher(self, home: Path) -> Path:
        """Return what the driver is to start: the browser, or a script in `home` that starts a shell.

        A driver waits for a page, and a shell opens none unless it is told to; it can't open two. With fewer processes
        it needs a tenth less of the processor. It asks for no language by itself, as the browser does.
        """
        if not self.is_shell:
            return self.browser
        script = home / "shell-with-a-page"
        script.write_text(LAUNCHER.format(shell=shlex.quote(str(self.browser))), encoding="utf-8")
        script.chmod(0o755)  # who starts it may be somebody else, in a cage
        return script


class NoBrowser(CourseError):
    """There is no browser, or it does not start; checks that need one are skipped with this reason."""


def find_browser(*, shell: bool = True) -> Path | None:
    """Return the Chrome, Chromium or Edge of this machine, or None; a headless shell only where that will do."""
    on_path = (shutil.which(name) for name in (*((SHELL,) if shell else ()), *CHROMES, *EDGES))
    return next((Path(found) for found in on_path if found), None) or next(filter(Path.is_file, _usual_places()), None)


def find_driver(browser: Path) -> Path | None:
    """Return the driver for a browser that is here already, or None."""
    name = "msedgedriver" if "edge" in browser.name.lower() else "chromedriver"
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(DRIVER_FOLDERS))
    return Path(found) if found else None


def find(*, shell: bool = True) -> Programs | None:
    """Return the browser and its driver, without installing or fetching anything; see `find_browser` for `shell`."""
    browser = find_browser(shell=shell)
    driver = find_driver(browser) if browser else None
    return Programs(browser, driver) if browser and driver else _managed(offline=True)


def provide(say: apt.Say) -> Programs:
    """Return a browser and its driver; where they are missing, get them, and `say` so.

    As root on Debian or Ubuntu they come by apt-get, and Debian's Chromium with its headless shell; elsewhere by
    Selenium Manager. Raises NoBrowser when there is no way; then an hour passes before the next attempt.
    """
    found = find() or _get(say)
    if found.browser in DEBIANS and apt.may_install() and not failed_lately(NO_SHELL):
        say("Getting Chromium's headless shell, in which browser checks are quicker (once).")
        note_outcome(NO_SHELL, failed=not (apt.get("update", say=say) and apt.install(SHELL, say=say)))
    return find() or found


def version_of(program: Path) -> str:
    """Return the version that a program tells of itself, or an empty text when it does not run."""
    if os.name == "nt":
        return ""  # chrome.exe --version opens a window there
    code, said = run_to_end([str(program), "--version"], deadline_s(VERSION_UNITS))
    told = re.search(r"\d+(\.\d+){1,3}", said)
    return told[0] if told and code == 0 else ""


def quiet_manager(offline: bool) -> dict[str, str]:
    """Return the variables with which Selenium asks nobody: no statistics, and no network when `offline`."""
    return {"SE_AVOID_STATS": "true"} | ({"SE_OFFLINE": "true"} if offline else {})


def _usual_places() -> list[Path]:
    if sys.platform == "darwin":
        homes = (Path("/Applications"), Path.home() / "Applications")
        return [home / f"{app}.app/Contents/MacOS/{app}" for app in MAC_APPS for home in homes]
    if sys.platform == "win32":
        keys = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
        homes = tuple(Path(os.environ[key]) for key in keys if os.environ.get(key))
        return [home / program for program in WINDOWS_PROGRAMS for home in homes]
    return [Path("/opt/google/chrome/chrome"), Path("/snap/bin/chromium")]


def _get(say: apt.Say) -> Programs:
    """Get a browser and its driver; raise NoBrowser when there is no way."""
    if failed_lately(FAILED):
        raise NoBrowser("There is no Chrome here, and an attempt to get one failed less than an hour ago.", HELP)
    say("There is no Chrome with a driver here, which the checks need. Getting one (once, about a minute).")
    found = _install(say) if apt.may_install() else None
    if not found:
        say("  Selenium Manager looks for a browser and a driver")
        found = _managed(offline=os.environ.get("SE_OFFLINE", "").lower() == "true")
    note_outcome(FAILED, failed=not found)
    if not found:
        raise NoBrowser("There is no Chrome here, and none could be got.", HELP)
    say(f"Ready: {found.browser}")
    return found


def _install(say: apt.Say) -> Programs | None:
    """Install Chromium as root, telling each step."""
    if not (apt.get("update", say=say) and apt.install("chromium", "chromium-driver", say=say)):
        return None
    browser = find_browser()  # on Ubuntu a stub may stand there that only asks for a snap: then it has no version
    driver = find_driver(browser) if browser and version_of(browser) else None
    return Programs(browser, driver) if browser and driver else None


def _managed(offline: bool) -> Programs | None:
    """Ask Selenium Manager, which keeps what it has fetched in ~/.cache/selenium."""
    if offline and not (Path.home() / ".cache" / "selenium").is_dir():
        return None
    from selenium.webdriver.common.selenium_manager import SeleniumManager

    arguments = [str(SeleniumManager._get_binary()), "--browser", "chrome", "--output", "json", "--avoid-stats"]
    _, said = run_to_end(arguments, deadline_s(MANAGER_UNITS), env={**os.environ, **quiet_manager(offline)})
    found = re.search(r"\{.*\}", said, re.DOTALL)
    try:
        result = json.loads(found[0])["result"] if found else {}
    except (ValueError, KeyError):
        return None
    paths = [Path(result.get(key) or "") for key in ("browser_path", "driver_path")]
    return Programs(*paths) if all(path.is_file() for path in paths) else None
