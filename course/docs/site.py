"""The course's pages: built by MkDocs, served on this machine."""

from __future__ import annotations

import os
import sys
import tempfile
import webbrowser
from collections.abc import Callable
from pathlib import Path

from course.catalog.lessons import ROOT, Lesson
from course.student.dev_server import is_free, need_port
from course.testbed.deadlines import deadline_s
from course.testbed.processes.environment import python
from course.testbed.processes.ports import free_port
from course.testbed.processes.process import Process

CONFIG = ROOT / "mkdocs.yml"
SITE = ROOT / "site"
START_UNITS = 20.0
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
Tell = Callable[[str], None]


def serve(port: int, tell: Tell) -> int:
    """Serve the pages until Ctrl-C, building them anew at each change; return the exit code. `tell` hears MkDocs.

    Raises CourseError where the port can't be used.
    """
    need_port(port)
    tell(f"The pages are at {_origin(port)}   Stop with Ctrl-C.")
    try:
        return _mkdocs(*_serving(port), "--livereload", tell=tell, site_url=_origin(port))
    except KeyboardInterrupt:
        return 0


def build(tell: Tell, site: Path = SITE, config: Path = CONFIG) -> int:
    """Build the pages, with every warning an error; return the exit code.

    `site` keeps what it holds until the new pages are whole.
    """
    staging = site.parent / ".course"  # on the same disk, so that a folder is moved in one step
    staging.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="site-", dir=staging) as home:
        made = Path(home, "new")
        code = _mkdocs("build", "--strict", "--config-file", str(config), "--site-dir", str(made), tell=tell)
        if code == 0:
            if site.exists():
                site.rename(Path(home, "old"))
            made.rename(site)
            tell(f"The pages are in {site}")
    return code


def _mkdocs(*arguments: str, tell: Tell, site_url: str = "") -> int:
    mkdocs = _start(*arguments, on_line=tell, site_url=site_url)
    try:
        return mkdocs.wait(None) or 0
    finally:
        mkdocs.kill()


class Pages:
    """The site, served in the background once a page is first asked for."""

    def __init__(self, port: int = 8001) -> None:
        """Serve nothing yet."""
        self._port = port
        self._server: Process | None = None

    def open(self, lesson: Lesson) -> tuple[str, bool]:
        """Show a lesson's page in the reader's browser; return its address, and whether a browser could be opened."""
        if self._server is None or self._server.exit_code is not None:
            self._port = self._port if is_free(self._port) else free_port()
            self._server = _start(*_serving(self._port), site_url=_origin(self._port))
            self._server.wait_for("Serving on", deadline_s(START_UNITS))
        address = f"{_origin(self._port)}lessons/{lesson.slug}/"
        return address, has_display() and webbrowser.open(address)

    def close(self) -> None:
        """Stop serving."""
        if self._server:
            self._server.kill()


def has_display() -> bool:
    """Tell whether a browser has a screen to open on: else Python would start one inside the terminal."""
    return sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in DISPLAYS)


def _serving(port: int) -> tuple[str, ...]:
    return "serve", "--dev-addr", f"127.0.0.1:{port}"


def _origin(port: int) -> str:
    return f"http://127.0.0.1:{port}/"


def _start(*arguments: str, on_line: Tell | None = None, site_url: str = "") -> Process:
    """Start MkDocs; `site_url` is where the site is then, if not where the configuration says."""
    env = os.environ | {"NO_MKDOCS_2_WARNING": "1"} | ({"COURSE_SITE_URL": site_url} if site_url else {})
    return Process(python("-P", "-m", "course.docs.mkdocs_entry", *arguments), cwd=ROOT, env=env, on_line=on_line)
