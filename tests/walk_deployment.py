"""Follows docs/deployment.md, "Without Docker", word for word: every command in its order, every file as it is printed.

    WALK_WHEELS=/some/folder .venv/bin/python -m tests.walk_deployment

needs root, a Debian with the packages of the page's first command, and the site's wheels in a folder, as
`pip download --require-hashes -r deploy/requirements.txt` lays them. It runs in namespaces of its own: /etc, /srv,
/usr/local and /var are written in memory, ports 80, 443, 6379, 8001, 8002 are nobody else's, and all of it is gone
at the end. No systemd runs there: a stand-in for systemctl starts what the units say, as their user, in their folder,
with their environment.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from course.catalog.lessons import ROOT, find
from course.testbed.deadlines import comes_true
from course.testbed.tools.browser_install import find as find_chrome

if TYPE_CHECKING:
    from selenium.webdriver.chrome.webdriver import WebDriver

PAGE = ROOT / "docs" / "deployment.md"
INSIDE, WHEELS = "WALK_INSIDE", "WALK_WHEELS"
BLOCK = re.compile(r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)
WRITTEN = ("/etc", "/usr/local", "/var")
SITE = "https://tea.example"
APT_GET = (
    '#!/bin/sh\n[ "$1" = update ] || { shift; exec dpkg --status "$@" > /dev/null; }\n'  # what it installs is here
)
SUDO = '#!/bin/sh\nexec "$@"\n'
SYSTEMCTL = r'''#!/usr/bin/python3
"""Starts, restarts and reloads as systemd would, as far as the page needs it."""
import configparser, os, pathlib, pwd, shlex, signal, subprocess, sys, time
words = [word for word in sys.argv[2:] if not word.startswith("-")]
for name in words:
    if name == "nginx":
        subprocess.run(["nginx", "-s", "reload"], check=True)
        continue
    base, at, instance = name.partition("@")
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    assert unit.read(f"/etc/systemd/system/{base}{at}.service"), name
    service = unit["Service"]
    pid = pathlib.Path("/run", f"{name}.pid")
    if sys.argv[1] == "restart":
        os.kill(int(pid.read_text()), signal.SIGTERM)
        state = pathlib.Path("/proc", pid.read_text(), "stat")
        while state.exists() and state.read_text().split()[2] != "Z":
            time.sleep(0.05)
    lines = pathlib.Path(service["EnvironmentFile"]).read_text().splitlines()
    env = {"PATH": "/usr/local/bin:/usr/bin:/bin", **dict(line.split("=", 1) for line in lines)}
    log = open(f"/run/{name}.log", "ab")
    command = shlex.split(service["ExecStart"].replace("%i", instance))
    process = subprocess.Popen(command, cwd=service["WorkingDirectory"], env=env, user=service["User"],
                               group=service["User"], extra_groups=[], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                               start_new_session=True)
    pid.write_text(str(process.pid))
'''


@dataclass(frozen=True)
class Step:
    """A command, or a file with its content."""

    text: str
    file: str = ""


def steps() -> list[Step]:
    """Return what the section shows, in its order."""
    section = PAGE.read_text(encoding="utf-8").split("\n## Without Docker\n")[1].split("\n## ")[0]
    titles = [(block["text"], block["title"] or "") for block in BLOCK.finditer(section)]
    return [Step(text, title if title.startswith("/") else "") for text, title in titles]


def main() -> None:
    """Walk, in namespaces that end with us."""
    if INSIDE not in os.environ:
        apart = ["unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc"]
        with tempfile.TemporaryDirectory() as scratch:
            command = [*apart, sys.executable, "-m", "tests.walk_deployment"]
            sys.exit(subprocess.run(command, cwd=ROOT, env={**os.environ, INSIDE: scratch}).returncode)
    walk(prepare(Path(os.environ[INSIDE])))
    with browser() as phone, browser() as laptop:
        two_browsers_hear_of_a_seat(phone, laptop)
    sys.stdout.write("The page leads to two browsers that hear of one seat.\n")


def prepare(scratch: Path) -> Path:
    """Make this place a fresh Debian: nothing in /srv, nginx and Redis as their packages start them."""
    run(["ip", "link", "set", "lo", "up"])
    run(["mount", "-t", "tmpfs", "none", str(scratch)])
    for place in WRITTEN:
        upper, work = scratch / "upper" / place[1:], scratch / "work" / place[1:]
        upper.mkdir(parents=True)
        work.mkdir(parents=True)
        run(["mount", "-t", "overlay", "none", "-o", f"lowerdir={place},upperdir={upper},workdir={work}", place])
    for place in ("/srv", "/run"):
        run(["mount", "-t", "tmpfs", "-o", "mode=755", "none", place])
    shims = scratch / "shims"
    shims.mkdir()
    for name, text in {"sudo": SUDO, "apt-get": APT_GET, "systemctl": SYSTEMCTL}.items():
        (shims / name).write_text(text)
        (shims / name).chmod(0o755)
    Path("/run/redis").mkdir()
    shutil.chown("/run/redis", "redis", "redis")
    daemon(["runuser", "-u", "redis", "--", "redis-server", "/etc/redis/redis.conf", "--daemonize", "no"])
    daemon(["nginx", "-g", "daemon off;"])
    return shims


def walk(shims: Path) -> None:
    """Do what the page says, in one shell, from the folder of the course with the lesson solved."""
    course = shims.parent / "course"
    lesson = find("17")
    target = course / "lessons" / lesson.slug
    shutil.copytree(lesson.starter, target)
    shutil.copytree(lesson.solution, target, dirs_exist_ok=True)
    script = ["set -euxo pipefail", "umask 022"]
    for step in steps():
        script.append(f"cat > {step.file} <<'END-OF-FILE'\n{step.text}END-OF-FILE" if step.file else step.text)
        if "healthz/" in step.text and "--retry" not in step.text:
            script[-1] = (
                f"for _ in $(seq 50); do {step.text.strip()} --fail --silent && break; sleep 0.2; done\n{step.text}"
            )
        if step.file.startswith("/etc/systemd") and "rqworker" in step.file:
            script.append("systemd-analyze verify daphne@8001.service rqworker.service")
    path = f"{shims}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    env = {"PATH": path, "HOME": "/root", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": os.environ[WHEELS]}
    run(["bash", "-c", "\n".join(script)], cwd=course, env=env)


@contextmanager
def browser() -> Iterator[WebDriver]:
    """Start a Chrome of its own, for which the site's name leads here."""
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.chrome.webdriver import WebDriver

    programs = find_chrome()
    assert programs, "There is no Chrome here."
    with tempfile.TemporaryDirectory() as home:
        options = Options()
        options.binary_location = str(programs.launcher(Path(home)))
        options.accept_insecure_certs = True
        rules = "MAP tea.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
        for flag in (
            "--headless=new",
            "--no-sandbox",
            f"--host-resolver-rules={rules}",
            f"--user-data-dir={home}/profile",
        ):
            options.add_argument(flag)
        driver = WebDriver(options, Service(str(programs.driver)))
        try:
            yield driver
        finally:
            driver.quit()


def two_browsers_hear_of_a_seat(phone: WebDriver, laptop: WebDriver) -> None:
    """Let one student log in twice over nginx, click in one browser, and read it in both."""
    from selenium.webdriver.common.by import By

    for driver in (phone, laptop):
        driver.get("http://tea.example/accounts/login/")  # by plain HTTP: it is sent on to HTTPS
        assert driver.current_url.startswith(f"{SITE}/"), driver.current_url
        driver.find_element(By.NAME, "username").send_keys("s1")
        driver.find_element(By.NAME, "password").send_keys("tea-for-two")
        driver.find_element(By.CSS_SELECTOR, "form [type=submit], form button").click()
        assert comes_true(lambda here=driver: here.current_url == f"{SITE}/", 5), driver.current_url  # type: ignore[misc]
    phone.find_element(By.CSS_SELECTOR, "[data-section] button").click()
    for driver in (phone, laptop):
        for told in ("SUCCESS", "CONFIRMED"):
            shown = f'#events [data-type="{told}"]'
            assert comes_true(lambda here=driver, it=shown: here.find_elements(By.CSS_SELECTOR, it), 5), (  # type: ignore[misc]
                f"{told} is not shown: {driver.page_source}"
            )


def run(command: list[str], **options: object) -> None:
    subprocess.run(command, check=True, **options)  # type: ignore[call-overload]


def daemon(command: list[str]) -> None:
    """Start what ends with the namespace."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)


if __name__ == "__main__":
    main()
