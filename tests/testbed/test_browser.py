"""Windows are apart from each other and from the machine, and whatever a page does, it ends."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from course.errors import Unmet
from course.judging.session import run_checks
from course.results import Report
from course.testbed.browser.browser_contexts import BrowserContexts
from course.testbed.browser.chrome import Chrome
from course.testbed.browser.open_page import OpenPage
from course.testbed.browser.page import Page
from course.testbed.deadlines import deadline_s
from course.testbed.tools.browser_install import find

WritePage = Callable[..., str]
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


def test_cookies_do_not_leak_between_names(open_page: OpenPage) -> None:
    """Two windows of one name share a cookie; another name has none of it."""
    for name in ("ana", "ben"):
        open_page("/set?" + name, name=name)

    assert open_page("/cookies", name="ana").text("#c") == "who=ana"
    assert open_page("/cookies", name="ben").text("#c") == "who=ben"
    assert open_page("/cookies", name="cleo").text("#c") == "none"


def test_a_window_may_begin_with_cookies(open_page: OpenPage) -> None:
    """Who has logged in elsewhere is logged in here, in all windows of that name and in no other."""
    assert open_page("/cookies", name="ana", cookies={"who": "ana"}).text("#c") == "who=ana"
    assert open_page("/cookies", name="ana").text("#c") == "who=ana"
    assert open_page("/cookies", name="ben").text("#c") == "none"


@pytest.mark.parametrize("round_number", [1, 2])
def test_nothing_is_left_of_an_earlier_check(open_page: OpenPage, page: WritePage, round_number: int) -> None:
    """Cookies and storage of a name are gone with its check."""
    ana = open_page(
        page("<p id=p></p><script>p.textContent = localStorage.tea ?? 'none'; localStorage.tea = 1</script>")
    )
    open_page("/set?tea")

    assert ana.text("#p") == "none"


def test_two_windows_of_a_name_are_both_alive(open_page: OpenPage, page: WritePage) -> None:
    """A window that another one opened over is drawn and has its timers as before."""
    path = page("<p id=p></p><script>requestAnimationFrame(function tick() { p.textContent = Number(p.textContent) + 1;"
                "if (p.textContent < 30) requestAnimationFrame(tick) })</script>")  # fmt: skip
    first, second = open_page(path), open_page(path)

    for window in (first, second):
        window.waits_for_text("#p", "30")
        assert window.attribute("body", "class") is None


def test_a_closed_window_leaves_the_others(open_page: OpenPage, page: WritePage) -> None:
    """Closing one window of a name leaves the other."""
    path = page("<p id=p>tea</p>")
    first, second = open_page(path), open_page(path)
    first.close()

    assert second.text("#p") == "tea"


# Isolation


@pytest.fixture
def listener() -> Iterator[tuple[int, list[str]]]:
    """A port of this machine, TCP and UDP, with what came in there."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        port = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", port))

        def accept() -> None:
            try:
                while True:
                    caller = tcp.accept()[0]
                    heard.append("TCP")
                    caller.close()
            except OSError:
                pass  # the test is over

        def receive() -> None:
            try:
                while udp.recv(1000) != b"end":
                    heard.append("UDP")
            except OSError:
                pass  # the test is over

        threads = [threading.Thread(target=work, daemon=True) for work in (accept, receive)]
        for thread in threads:
            thread.start()
        yield port, heard
        tcp.shutdown(socket.SHUT_RDWR)
        udp.sendto(b"end", ("127.0.0.1", port))
        for thread in threads:
            thread.join()


def outcome_of(open_page: OpenPage, page: WritePage, script: str) -> str:
    """Return what a script's promise comes to, in a page."""
    ana = open_page(page(f"<p id=p></p><script>const failed = () => 'nothing'; ({script}).then((got) => "
                         "{ p.textContent = got; })</script>"))  # fmt: skip
    ana.waits_for_log("#p", "nothing")
    return ana.text("#p")


WAYS = {
    "fetch": "fetch(`http://HOST:PORT/`, {mode: 'no-cors'}).then(() => 'an answer', failed)",
    "image": "new Promise((done) => { const i = new Image(); i.onload = () => done('an answer');"
    " i.onerror = () => done('nothing'); i.src = `http://HOST:PORT/x.png`; })",
    "websocket": "new Promise((done) => { const s = new WebSocket(`ws://HOST:PORT/`); s.onopen = () => done('open');"
    " s.onclose = () => done('nothing'); })",
    "event source": "new Promise((done) => { const s = new EventSource(`http://HOST:PORT/`); s.onerror = () => {"
    " s.close(); done('nothing'); }; })",
    "beacon": "new Promise((done) => { navigator.sendBeacon(`http://HOST:PORT/`, 'x');"
    " setTimeout(done, 300, 'nothing'); })",
    "prefetch": "new Promise((done) => { for (const rel of ['preconnect', 'prefetch', 'dns-prefetch']) {"
    " const l = document.createElement('link'); l.rel = rel; l.href = `http://HOST:PORT/`; document.head.append(l); }"
    " setTimeout(done, 300, 'nothing'); })",
    "WebRTC": "new Promise((done) => { const c = new RTCPeerConnection({iceServers: [{urls: 'stun:HOST:PORT'},"
    " {urls: ['turn:HOST:PORT?transport=tcp', 'turn:HOST:PORT'], username: 'a', credential: 'b'}]});"
    " c.createDataChannel('x'); c.createOffer().then((o) => c.setLocalDescription(o));"
    " c.onicegatheringstatechange = () => { if (c.iceGatheringState === 'complete') done('nothing'); };"
    " setTimeout(done, 1500, 'nothing'); })",
}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0"])
@pytest.mark.parametrize("way", WAYS)
def test_a_page_reaches_no_other_port(
    open_page: OpenPage, page: WritePage, listener: tuple[int, list[str]], way: str, host: str
) -> None:
    """A page that tries another port of this machine gets nothing, and nothing arrives there."""
    port, heard = listener

    outcome = outcome_of(open_page, page, WAYS[way].replace("HOST", host).replace("PORT", str(port)))

    assert outcome == "nothing"
    assert heard == []


def test_the_listener_would_hear(listener: tuple[int, list[str]]) -> None:
    """The port of these tests hears what does arrive."""
    port, heard = listener
    with socket.create_connection(("127.0.0.1", port)) as client:
        assert client.recv(1) == b""

    assert heard == ["TCP"]


def test_a_page_reaches_neither_the_driver_nor_the_developer_tools(
    open_page: OpenPage, page: WritePage, people: BrowserContexts
) -> None:
    """A page can't talk to ChromeDriver, nor to Chrome's own debugging port."""
    selenium = people.browser.chrome.driver
    driver = re.search(r":(\d+)", str(selenium.command_executor._client_config.remote_server_addr))
    tools = re.search(r":(\d+)", selenium.capabilities["goog:chromeOptions"]["debuggerAddress"])
    assert driver
    assert tools

    for port in (driver[1], tools[1]):
        script = WAYS["fetch"].replace("HOST", "127.0.0.1").replace("PORT", port)
        assert outcome_of(open_page, page, script) == "nothing"


def test_a_page_reaches_its_own_site_by_both_names(open_page: OpenPage, page: WritePage) -> None:
    """A page may fetch from its own site, under its address and as localhost."""
    script = "Promise.all(['127.0.0.1', 'localhost'].map((host) => fetch(`http://${host}:${location.port}/cookies`,"
    script += " {mode: 'no-cors'}))).then(() => 'not nothing', (e) => `${e}`)"

    assert outcome_of(open_page, page, script) == "not nothing"


# Hostile pages


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let deadlines pass in half the time."""
    monkeypatch.setenv("COURSE_TIME_SCALE", "0.5")


LOOP = "<p id=p>here</p><button id=b onclick='for (;;);'>x</button>"
HOSTILE = {
    "an endless loop while it loads": ("<p id=p>here</p><script>for (;;);</script>", None),
    "an endless loop at a click": (LOOP, "click"),
    "alerts without end": ("<p id=p>here</p><script>for (;;) alert('hello')</script>", None),
    "alerts at a click without end": ("<p id=p>here</p><button id=b onclick='for (;;) alert(1)'>x</button>", "click"),
    "a page that won't be left": ("<p id=p>here</p><button id=b>x</button><script>onbeforeunload = (e) => {"
                                  " for (;;) e.preventDefault(); }</script>", "reload"),
    "windows without end": ("<p id=p>here</p><script>for (;;) window.open('/')</script>", None),
    "documents without end": ("<p id=p>here</p><script>for (;;) { document.open(); document.write('x');"
                              " document.close(); }</script>", None),
    "promises without end": ("<p id=p>here</p><script>(function f() { Promise.resolve().then(f) })()</script>", None),
    "a crash": ("<p id=p>here</p><button id=b>x</button>", "crash"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_page_fails_its_check_and_no_other(
    open_page: OpenPage, page: WritePage, people: BrowserContexts, hasty: None, what: str
) -> None:
    """Whatever a page does, its check fails within its limit, and the next one has a browser."""
    body, act = HOSTILE[what]
    began = time.monotonic()

    with pytest.raises(Unmet):
        use(open_page(page(body)), act)
    open_page.close_all()
    people.heal()
    took_s = time.monotonic() - began

    assert took_s < deadline_s(30)
    people.need()
    person = people.take()
    people.dismiss(person)
    assert not people.browser.broken


def use(ana: Page, act: str | None) -> None:
    if act == "click":
        ana.click("#b")
    elif act == "reload":
        ana.click("#b")
        ana.reload()
    elif act == "crash":
        ana._window.send(("Page.crash", {}))
    ana.waits_for_text("#p", "something else")


def test_a_document_that_is_written_anew_again_and_again_can_be_read(open_page: OpenPage, page: WritePage) -> None:
    """A page that replaces itself many times in a second is read all the same."""
    ana = open_page(page("<script>setInterval(() => { document.open(); document.write('<p id=p>tea</p>');"
                         " document.close(); }, 5)</script>"))  # fmt: skip

    ana.waits_for_text("#p", "tea")


def test_a_check_can_leave_a_page_that_wants_to_stay(open_page: OpenPage, page: WritePage) -> None:
    """The question whether to leave is answered with yes."""
    ana = open_page(page("<button id=b>x</button><script>onbeforeunload = (event) => event.preventDefault()</script>"))
    ana.click("#b")
    ana.go("/cookies")

    assert ana.text("#c") == "none"


def test_popups_end_with_their_check(open_page: OpenPage, page: WritePage, people: BrowserContexts) -> None:
    """A window that a page opened is closed with the check."""
    ana = open_page(page("<button id=b onclick=\"window.open('/cookies')\">x</button>"))
    ana.click("#b")
    before = targets(people)
    open_page.close_all()

    assert len(targets(people)) < len(before)
    assert not [url for url in targets(people) if "cookies" in url]


def targets(people: BrowserContexts) -> list[str]:
    found = people.browser.devtools.call("Target.getTargets")["targetInfos"]
    return [target["url"] for target in found if target["type"] == "page"]


def test_a_browser_that_died_is_replaced(open_page: OpenPage, page: WritePage, people: BrowserContexts) -> None:
    """A Chrome that ends in the middle fails the check, and the next check has a new one."""
    ana = open_page(page("<p id=p>tea</p>"))
    process = people.browser.chrome._process
    assert process
    process.kill()

    with pytest.raises(Unmet, match="ended in the middle"):
        ana.text("#p")
    open_page.close_all()
    people.need()

    assert open_page("/").text("#p") == "tea"


# The end

PARENT = """
import sys
from course.testbed.browser.browser_contexts import BrowserContexts
from course.testbed.clients.event_loop import EventLoop
people = BrowserContexts(EventLoop())
people.need()
people.take()
print("up", flush=True)
sys.stdin.read()
people.stop()
"""


@linux
@pytest.mark.parametrize("how", ["done", "interrupted", "killed"])
def test_no_chrome_outlives_us(short_path: Path, how: str) -> None:
    """Chrome, its helpers and its driver end with us, also when we are killed with -9."""
    env = {**os.environ, "TMPDIR": str(short_path)}
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(
        command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as parent:
        assert parent.stdout
        assert parent.stdin
        assert parent.stdout.readline() == "up\n"
        children = processes_with(str(short_path))
        assert len(children) > 3
        if how == "done":
            parent.stdin.close()
        else:
            parent.send_signal(signal.SIGINT if how == "interrupted" else signal.SIGKILL)
        parent.wait(deadline_s(20))

    for child in children:
        wait_for_end(child)
    assert processes_with(str(short_path)) == []
    if how == "done":
        assert [path.name for path in short_path.iterdir()] == []


def processes_with(text: str) -> list[int]:
    """Return the processes whose environment or command has a text in it."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue
        if text.encode() in told:
            found.append(int(folder.name))
    return [pid for pid in found if pid != os.getpid()]


def wait_for_end(pid: int) -> None:
    import select

    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([fd], [], [], deadline_s(10))[0], Path(f"/proc/{pid}/cmdline").read_bytes()
    finally:
        os.close(fd)


# In a run of checks

TOML = """
title = "Tiny"
summary = "A lesson of a test."
minutes = 5
edit = ["echo/consumers.py", "echo/routing.py"]
needs = ["browser"]
"""
CHECKS = '''
"""Tiny."""

def test_hello(open_page):
    """The page says hello."""
    ana = open_page("/")
    ana.selenium.execute_script("s = new WebSocket('/ws/sc/'); s.onopen = () => { s.send('tea'); gone(); }")
    ana.waits_for_text("h1", "nowhere to be found")


def test_next(open_page):
    """The next check has a browser."""
    assert open_page("/").count("body") == 1
'''


@pytest.fixture
def report_of(tiny_lesson: Callable[..., object]) -> Callable[[], Report]:
    lesson = tiny_lesson(CHECKS, toml=TOML)
    return lambda: run_checks(lesson, solved=True)  # type: ignore[arg-type]


def test_a_failure_has_a_screenshot_the_frames_and_the_errors(report_of: Callable[[], Report], tmp_path: Path) -> None:
    """The story of a failed check shows what went over the wire, what the console said, and where the picture is."""
    report = report_of()

    assert [check.status for check in report.checks] == ["failed", "passed"]
    told = report.checks[0].failure
    assert told
    words = [event.what for event in told.transcript]
    assert words.index("opens /ws/sc/") < words.index("accepted") < words.index('"tea"')
    assert [word for word in words if "gone is not defined" in word]
    (attachment,) = told.attachments
    assert re.fullmatch(r"\.course/screenshots/90/hello\.png", attachment)
    (picture,) = tmp_path.glob(f"tiny_*/{attachment}")
    assert picture.read_bytes().startswith(b"\x89PNG")


@linux
def test_a_driver_whose_port_is_taken_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver ends when another program has the port that it chose: that is no reason to skip a check."""
    found = find()
    assert found
    driver = tmp_path / "driver"
    once = f"mkdir {tmp_path / 'tried'} 2>/dev/null && echo 'bind() failed: Address already in use (98)' && exit 1"
    driver.write_text(f'#!/bin/sh\n{once}\nexec {shlex.quote(str(found.driver))} "$@"\n')
    driver.chmod(0o700)
    monkeypatch.setattr("course.testbed.browser.chrome.find", lambda: replace(found, driver=driver))
    chrome = Chrome()
    try:
        assert chrome.url.startswith("ws://")
    finally:
        chrome.stop()
    assert (tmp_path / "tried").is_dir()


def test_without_a_browser_checks_are_skipped(report_of: Callable[[], Report], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Chrome the browser's checks are skipped, with what to do, and the lesson does not count as passed."""
    monkeypatch.setattr("course.testbed.browser.chrome.find", lambda: None)

    report = report_of()

    assert [check.status for check in report.checks] == ["skipped", "skipped"]
    assert "Install Chrome or Chromium" in report.checks[0].reason
    assert not report.passed
    assert report.exit_code == 1
