"""Lesson 12 judges tests: what a suite is worth, and that a suite which cheats is worth nothing."""

from __future__ import annotations

import re
import sys
from contextlib import closing
from pathlib import Path

import pytest

from course.catalog.checklist import checklist
from course.catalog.lessons import ROOT, find
from course.catalog.mistakes import Edit
from course.judging.session import run_checks
from course.results import CheckResult
from course.testbed.bed import Bed
from tests.conftest import BuildProject, load

CHECKS = ROOT / "checks" / "12_chat_tests"
PASS = "test_they_pass_for_the_chat"

# What the official tutorial tests, in our words: a message is seen by both windows of a room, and not in another room.
TUTORIAL = """
from channels.testing import ChannelsLiveServerTestCase
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait


class ChatTests(ChannelsLiveServerTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chrome = webdriver.Chrome()

    @classmethod
    def tearDownClass(cls):
        cls.chrome.quit()
        super().tearDownClass()

    def test_seen_by_everyone_in_the_same_room(self):
        one, two = self.visit("room_1"), self.visit("room_1")
        self.post(one, "hello")
        self.sees(one, "hello")
        self.sees(two, "hello")

    def test_not_seen_in_a_different_room(self):
        one, two = self.visit("room_1"), self.visit("room_2")
        self.post(one, "hello")
        self.sees(one, "hello")
        self.post(two, "world")
        self.sees(two, "world")
        assert "hello" not in self.log()

    def visit(self, room):
        self.chrome.switch_to.new_window("window")
        self.chrome.get(self.live_server_url + "/chat/")
        ActionChains(self.chrome).send_keys(room + "\\n").perform()
        self.wait(lambda: room in self.chrome.current_url)
        self.wait(lambda: self.chrome.find_element(By.ID, "status").text == "open")
        return self.chrome.current_window_handle

    def post(self, window, text):
        self.chrome.switch_to.window(window)
        ActionChains(self.chrome).send_keys(text + "\\n").perform()

    def sees(self, window, text):
        self.chrome.switch_to.window(window)
        self.wait(lambda: text in self.log())

    def log(self):
        return self.chrome.find_element(By.ID, "chat-log").text

    def wait(self, fact):
        WebDriverWait(self.chrome, 10).until(lambda _: fact())
"""
NOT_NOTICED_BY_THE_TUTORIAL = {
    "test_messages_come_twice",
    "test_nobody_leaves_the_group",
    "test_a_client_picks_the_handler",
    "test_bad_json_ends_it",
    "test_everybody_waits",
    "test_other_sites_get_in",
    "test_longer_paths_get_in",
    "test_processes_are_apart",
    "test_the_page_takes_messages_for_html",
}


@pytest.fixture
def suite(project: BuildProject):
    """Build a submission of one test file, and what else is given."""
    return lambda tests, **files: project(
        {"tests/test_browser.py": None, "tests/test_consumer.py": tests}
        | {path.replace("__", "/") + ".py": text for path, text in files.items()},
        lesson="12",
    )


def judged(project: Path, check: str) -> CheckResult:
    return run_checks(find("12"), project=project, only=(check,)).checks[0]


def test_the_tutorials_own_tests_score_what_they_deserve(suite) -> None:
    """The two tests that the official tutorial prints notice eight of seventeen broken chats, and no own one."""
    report = run_checks(find("12"), project=suite(TUTORIAL))
    failed = {check.name for check in report.of("guided") if check.status == "failed"}

    assert failed == NOT_NOTICED_BY_THE_TUTORIAL
    assert {check.status for check in report.of("own")} == {"failed"}
    assert {check.status for check in report.checks} == {"passed", "failed"}


def test_a_file_that_pytest_does_not_look_into_is_named(suite) -> None:
    """Whoever writes chat/tests.py, as Django's own tutorial does, is told why there are no tests."""
    project = suite("", chat__tests="def test_x():\n    assert True\n")

    assert "It does not look into chat/tests.py" in judged(project, PASS).failure.message


LOOKS = """
import os
from pathlib import Path

AS_IT_WAS = "await self.accept()" in Path("chat/consumers.py").read_text()
{first}

def test_nothing():
    {then}
"""
OTHER_WORDS, NOBODY_GETS_IN = "test_they_pass_for_the_same_chat_in_other_words", "test_nobody_gets_in"
SIZE = (find("12").starter / "chat" / "consumers.py").stat().st_size
CHEATS = {
    "prints": ("print('12 passed in 0.1s')", PASS, "There are no tests yet"),
    "ends-at-once": ("import os\nos._exit(0)", PASS, "Something ended the process"),
    "ends-in-a-test": ("def test_x():\n    import os\n    os._exit(0)", PASS, "Something ended the process"),
    "exits": ("import sys\nsys.exit(0)", PASS, "SystemExit"),
    "ends-pytest": ("import pytest\npytest.exit('done', 0)", PASS, "Exit: done"),
    "skips": ("import pytest\n\ndef test_x():\n    pytest.skip()", PASS, "1 skipped"),
    "is-no-python": ("def test_x(:\n    pass", PASS, "SyntaxError"),
    "asserts-nothing": ("def test_x():\n    pass", "test_nothing_is_sent", "nobody hears anything passed your tests"),
    "fails-to-import": (LOOKS.format(first="assert AS_IT_WAS", then="pass"), NOBODY_GETS_IN, "notice nothing"),
    "dies": (LOOKS.format(first="", then="AS_IT_WAS or os._exit(1)"), NOBODY_GETS_IN, "notice nothing"),
    "reads-the-source": (LOOKS.format(first="", then="assert AS_IT_WAS"), OTHER_WORDS, "know how it is written"),
    "knows-the-file": (
        LOOKS.format(first="", then=f"assert os.stat('chat/consumers.py').st_size == {SIZE}"),
        PASS,
        "E ",
    ),
}


@pytest.mark.parametrize(("tests", "check", "told"), CHEATS.values(), ids=CHEATS)
def test_a_suite_that_cheats_is_worth_nothing(suite, tests: str, check: str, told: str) -> None:
    """A run is a pass by tests that passed, and a catch by a test that failed; nothing else counts."""
    result = judged(suite(tests), check)

    assert result.status == "failed"
    assert result.failure is not None
    assert re.search(told, result.failure.message + result.failure.got)


SPAWNS = """
import multiprocessing
import os
import sys

SEEN = []


def tell(queue):
    facts = os.getcwd(), os.environ.get("LATE"), sys.argv[-1], __name__, SEEN, os.fstat(1).st_ino, os.getppid()
    queue.put(facts)
    sys.exit(7)


def test_two_are_alike(monkeypatch):
    monkeypatch.setenv("LATE", "set by the test")
    SEEN.append("the test")
    context = multiprocessing.get_context("spawn")
    told = []
    for _ in range(2):
        queue = context.Queue()
        process = context.Process(target=tell, args=(queue,))
        process.start()
        told.append(queue.get(timeout=20))
        process.join(20)
        assert process.exitcode == 7
    assert told[0] == told[1]
    assert told[0][1:2] + told[0][4:5] == ("set by the test", [])
"""


def test_the_first_spawned_process_is_like_any_other(suite) -> None:
    """What multiprocessing spawns has seen nothing of the tests, also where it was prepared before them."""
    assert judged(suite(SPAWNS), PASS).failure is None


def test_a_conftest_cannot_change_the_outcome(suite) -> None:
    """An exit code that does not go with the report is no catch."""
    conftest = (
        "def pytest_sessionfinish(session):\n    session.exitstatus = 'accept()' in open('chat/consumers.py').read()"
    )
    report = judged(suite("def test_x():\n    pass", tests__conftest=conftest), "test_nothing_is_sent")

    assert report.status in ("failed", "not run")


def test_without_chrome_the_student_is_told(project: BuildProject, monkeypatch: pytest.MonkeyPatch) -> None:
    """Browser tests that could not run leave their checks open, with a reason; the others are judged."""
    monkeypatch.setattr("course.testbed.tools.browser_install.find", lambda **_: None)
    passed, noticed, open_ = (
        judged(project(lesson="12", name=check), check)
        for check in (PASS, "test_bad_json_ends_it", "test_the_first_page_leads_nowhere")
    )

    assert (passed.status, noticed.status, open_.status) == ("skipped", "passed", "skipped")
    assert "Without Chrome" in passed.reason
    assert "11 passed" in open_.reason


def test_no_server_of_ours_is_started(project: BuildProject) -> None:
    """What is judged are tests; the chat that they start is the only one."""
    lesson = find("12")
    with closing(Bed(lesson, project(lesson="12"))) as bed:
        bed.warm_up()

        assert bed.servers == []


def test_the_chat_in_other_words_is_right(project: BuildProject) -> None:
    """It passes all that the guided part of lesson 10 asks of a chat."""
    other = CHECKS / "other_chat"
    files = {str(path.relative_to(other)): path.read_text() for path in other.rglob("*.*") if path.is_file()}
    report = run_checks(find("10"), project=project(files, lesson="12"))

    assert {check.name: check.failure for check in report.of("guided") if check.status != "passed"} == {}


def test_each_broken_chat_has_its_check() -> None:
    """Each entry of broken.toml is asked for by one check, and each check that asks for one finds it."""
    suites = load_checks("chat_overlays")
    asking = re.findall(r"^def (test_\w+)\(notice\)", (CHECKS / "test_chat_tests.py").read_text(), re.MULTILINE)
    titles = {check.name: check.title for check in checklist(find("12"))}

    assert list(suites.broken_chats()) == asking
    assert [titles[name] for name in asking] == [
        f"They notice {broken.chat}." for broken in suites.broken_chats().values()
    ]


def test_a_report_is_read_with_care(tmp_path: Path) -> None:
    """A test that failed, one whose file can't be read, and a report that is cut short are told apart."""
    runs = load_checks("suite_runs")
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite><testcase name="a"/><testcase name="b"><failure>E  no</failure></testcase>'
        '<testcase name="c"><error message="failed on setup">E  no</error></testcase>'
        '<testcase name="d"><error message="collection failure">E  no</error></testcase>'
        '<testcase name="e"><skipped message="rain"/></testcase></testsuite></testsuites>'
    )
    cases = tuple(runs.read_cases(report, tmp_path))
    report.write_text("<testsuites><testsuite>")

    assert [case.status for case in cases] == ["passed", "failed", "failed", "unreadable", "skipped"]
    assert list(runs.read_cases(report, tmp_path)) == []
    assert not runs.Outcome(cases, 0).passed
    assert not runs.Outcome(cases, 2).noticed
    assert runs.Outcome(cases, 1).noticed
    assert "did not end" in runs.Outcome((), None).story


def load_checks(name: str):
    """Import a helper of the checks as their pytest does."""
    sys.path.insert(0, str(ROOT / "checks"))
    try:
        return load(ROOT / "checks" / f"{name}.py")
    finally:
        sys.path.remove(str(ROOT / "checks"))


def test_every_broken_chat_can_be_made(project: BuildProject) -> None:
    """Each broken chat is an edit of the lesson's own files, and still Python."""
    for number, broken in enumerate(load_checks("chat_overlays").broken_chats().values()):
        folder = project(lesson="12", name=str(number))
        broken.lay_over(folder)
        for edit in broken.edits:
            assert isinstance(edit, Edit)
            if edit.file.endswith(".py"):
                compile((folder / edit.file).read_text(), edit.file, "exec")
