"""What a project does wrong is recorded where it happens, fails the check, and is told with its true cause."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from course.catalog.lessons import find
from course.catalog.solution_parts import guided_part
from course.judging.exception_rules import RULES, explain
from course.judging.session import run_checks
from course.results import CheckResult, Failure, Report
from tests.conftest import BuildProject

QUIET = """
LOGGING = {
    "version": 1,
    "disable_existing_loggers": True,
    "handlers": {"file": {"class": "logging.FileHandler", "filename": BASE_DIR / "tea.log"}},
    "root": {"handlers": ["file"], "level": "DEBUG"},
}
"""
ECHO = """
import asyncio
import logging

from channels.exceptions import StopConsumer
from channels.consumer import AsyncConsumer

async def sleep_long():
    await asyncio.sleep(3600)

class EchoConsumer(AsyncConsumer):
    async def websocket_connect(self, event):
        await self.send({"type": "websocket.accept"})
        {connect}

    async def websocket_receive(self, event):
        {receive}
        await self.send({**event, "type": "websocket.send"})

    async def websocket_disconnect(self, event):
        {disconnect}
        raise StopConsumer
"""
Judge = Callable[..., Report]


@pytest.fixture
def judged(project: BuildProject) -> Judge:
    """Judge lesson 03's checks, or some of them, on an echo with these lines in it."""

    def judge(
        *only: str, connect: str = "pass", receive: str = "pass", disconnect: str = "pass", quiet: bool = False
    ) -> Report:
        echo = ECHO.replace("{connect}", connect).replace("{receive}", receive).replace("{disconnect}", disconnect)
        routing = guided_part((find("03").solution / "echo/routing.py").read_text(encoding="utf-8"))
        folder = project({"echo/consumers.py": echo, "echo/routing.py": routing}, lesson="03")
        if quiet:
            settings = folder / "config" / "settings.py"
            settings.write_text(settings.read_text() + QUIET)
        return run_checks(
            find("03"), project=folder, only=only or ("test_two_clients_do_not_hear_each_other", END), seed=1
        )

    return judge


END = "test_leaving_during_a_slow_reply"


def failure_of(report: Report, name: str = END) -> Failure:
    found = next(check for check in report.checks if check.name == name)
    assert isinstance(found, CheckResult)
    assert found.failure, f"{name} is {found.status}: {found.reason}"
    return found.failure


@pytest.mark.parametrize("quiet", [False, True], ids=["logs", "logs to a file"])
def test_an_exception_at_the_end_is_told_whatever_is_logged(judged: Judge, quiet: bool) -> None:
    """An `await` of what is no coroutine, in disconnect, fails the check of the end, wherever LOGGING sends it."""
    told = failure_of(judged(disconnect="await repr(event)", quiet=quiet))

    assert "object str can't be used in 'await' expression" in told.server_says
    assert 'File "echo/consumers.py"' in told.server_says
    assert (told.confirmed, "`await` is in front of a call that returns str" in told.cause) == (True, True)


def test_an_exception_that_is_caught_and_logged_is_none(judged: Judge) -> None:
    """A traceback in the log is no crash: the project has dealt with it."""
    caught = (
        'try:\n            raise ValueError("tea")\n        except ValueError:\n            logging.exception("caught")'
    )

    assert judged(disconnect=caught).first_failure is None


def test_a_task_that_goes_on_is_told(judged: Judge) -> None:
    """A task made in connect and never cancelled outlives its connection."""
    told = failure_of(judged(connect="self.task = asyncio.create_task(sleep_long())"))

    assert told.message == "The connection is closed, but a task or timer that its consumer has started goes on."


def test_a_task_that_is_cancelled_is_none(judged: Judge) -> None:
    """A task that disconnect cancels is over in time."""
    report = judged(connect="self.task = asyncio.create_task(sleep_long())", disconnect="self.task.cancel()")

    assert report.first_failure is None


def test_a_coroutine_that_nobody_awaits_is_told(judged: Judge) -> None:
    """A missing await in a rare place is found out though nothing on the wire shows it."""
    told = failure_of(judged(disconnect="sleep_long()"))

    assert "coroutine 'sleep_long' was never awaited" in told.message
    assert told.cause.startswith("`sleep_long()` is called without `await`")


def test_what_daphne_ignores_is_told(judged: Judge) -> None:
    """An event whose type Daphne does not know goes nowhere, and the story says so."""
    told = failure_of(
        judged("test_a_message_comes_back", receive='await self.send({**event, "type": "websocket.sent"}); return'),
        "test_a_message_comes_back",
    )

    assert "Daphne did nothing with an event of type 'websocket.sent'" in told.server_says
    assert told.cause.startswith("The consumer sends an event of type `websocket.sent`")


def test_a_path_without_a_route_is_a_fact(project: BuildProject) -> None:
    """What Channels said of the very path that a check asked for is evidence; the cause is no question."""
    report = run_checks(find("02"), project=project({"echo/routing.py": "websocket_urlpatterns = []\n"}))
    failure = next(check.failure for check in report.checks if check.failure)

    assert failure.confirmed
    assert "No path in `routing.py` matches" in failure.cause


def test_the_end_counts_in_its_own_check_until_it_is_taught(judged: Judge) -> None:
    """In a lesson that teaches how a connection ends, its other checks ask for nothing at the end."""
    report = judged("test_two_clients_do_not_hear_each_other", disconnect='await print("gone")')

    assert report.first_failure is None


def test_every_rule_has_words_that_it_fits() -> None:
    """No rule is hidden behind an earlier one, and each makes a whole sentence."""
    words = (Path(__file__).parent / "exception_words.txt").read_text(encoding="utf-8").splitlines()
    told = [explain(line) for line in words]

    assert [line for line, sentence in zip(words, told, strict=True) if not sentence.endswith((".", "?"))] == []
    assert len(set(told)) >= len(RULES)
