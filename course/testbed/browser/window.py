"""A browser window as the test bed sees it: commands, questions and events, each within a time limit."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from course.errors import Unmet
from course.testbed.browser.chrome import Browser
from course.testbed.browser.devtools import DevToolsError, Gone
from course.testbed.browser.keyboard import Command
from course.testbed.browser.page_events import PageEvents, PageWebSockets
from course.testbed.deadlines import deadline_s

WORLD = "course"
SCRIPT = Path(__file__).with_name("page.js")
SIZE: dict[str, Any] = {"width": 1000, "height": 750}
GRACE_UNITS = 1.0  # for the answer itself, after the page's own time limit
LOAD_UNITS = 5.0
MOVES = {"Page.frameRequestedNavigation", "Page.frameStartedLoading", "Page.frameStoppedLoading"}
T = TypeVar("T")


class Window:
    """One window. Its methods block the caller, and fail the check when the page does not answer in time."""

    def __init__(self, browser: Browser) -> None:
        """Prepare; `open` opens it."""
        self.name = ""
        self.news = PageEvents(self._answer_dialog)
        self.opened = PageWebSockets()
        self.target = ""
        self._session = ""
        self.browser = browser
        self._world = 0  # the number of our world in the document that is shown, 0 while there is none
        self._world_is_there = asyncio.Event()
        self._at_rest = asyncio.Event()  # nothing is being loaded
        self._time_is_over = asyncio.Event()  # the page's clock has come to where it was sent
        self._answers: set[asyncio.Task[None]] = set()

    async def open(self, context: str) -> None:
        """Open an empty window in a browser context (in the loop)."""
        devtools = self.browser.devtools
        made = await devtools.ask(
            "Target.createTarget", url="about:blank", browserContextId=context, newWindow=True, **SIZE
        )
        self.target = made["targetId"]
        attached = await devtools.ask("Target.attachToTarget", targetId=self.target, flatten=True)
        self._session = attached["sessionId"]
        devtools.listen(self._session, self._hear)
        await devtools.ask_all(
            [
                *((f"{domain}.enable", {}) for domain in ("Page", "Runtime", "Log", "Network", "Inspector")),
                ("Emulation.setFocusEmulationEnabled", {"enabled": True}),
                ("Page.addScriptToEvaluateOnNewDocument", {"source": SCRIPT.read_text("utf-8"), "worldName": WORLD}),
            ],
            self._session,
        )

    def ask(self, expression: Callable[[float], str], within_s: float) -> Any:
        """Return what an expression says in our world of the page; it is told how many seconds are left.

        When the page loads another document meanwhile, it is asked anew there.
        """
        return self._run(self._ask(expression, time.monotonic() + within_s), within_s)

    def send(self, *commands: Command) -> list[dict[str, Any]]:
        """Send commands in one go and return their answers."""
        return self._run(self.browser.devtools.ask_all(commands, self._session), deadline_s(LOAD_UNITS))

    def load(self, method: str, **parameters: Any) -> str:
        """Load a document by a command, up to its `load` event; return why it failed, or an empty text."""
        return self._run(self._load(method, parameters), deadline_s(LOAD_UNITS))

    def opens(self, path: str, within_s: float) -> bool:
        """Wait until the page has an open WebSocket to a path; tell whether it has."""
        return bool(self._try(self.opened.wait_for(path), within_s))

    def takes_in_the_end_of(self, numbers: set[str], within_s: float) -> bool:
        """Wait until the page knows that these WebSockets of `opened` have ended; tell whether it does."""
        return bool(self._try(self.opened.wait_for_end(numbers), within_s))

    def settles(self, within_s: float) -> bool:
        """Wait until the document that the page has gone to is loaded, if it went; tell whether it is."""
        self.drain()
        return bool(self._try(self._at_rest.wait(), within_s))

    def let_time_pass(self, seconds: float) -> None:
        """Run at once what the page has put off until later, as far as it is due by then; its clock stops there."""
        self._run(self._let_time_pass(seconds), deadline_s(LOAD_UNITS))

    def picture(self) -> str:
        """Return a screenshot as base64, or an empty text when the page can't be drawn."""
        asking = self.browser.devtools.ask("Page.captureScreenshot", self._session, format="png")
        shot = self._try(asking, deadline_s(GRACE_UNITS))
        return str(shot["data"]) if shot else ""

    def drain(self) -> None:
        """Take in what the page has told up to now; when it hangs, what was told before stands."""
        self._try(self.browser.devtools.ask("Runtime.getIsolateId", self._session), deadline_s(0.5))

    def close(self) -> None:
        """Close it, whatever the page says to that."""
        self._run(self.browser.devtools.ask("Target.closeTarget", targetId=self.target), deadline_s(LOAD_UNITS))

    def _run(self, work: Coroutine[Any, Any, T], within_s: float) -> T:
        try:
            return self.browser.loop.run(work, within_s + deadline_s(GRACE_UNITS))
        except TimeoutError:
            why = self.news.why_silent or "A script on it runs and does not end."
        except Gone:
            used = self.browser.exceeded
            why = f"The browser was ended: its pages used {used}." if used else "The browser ended in the middle."
        except DevToolsError as error:
            raise Unmet(f"{self.name}'s page could not be used: {error}") from None
        self.browser.broken = True
        raise Unmet(f"{self.name}'s page does not answer. {why}", got="silence")

    def _try(self, work: Coroutine[Any, Any, T], within_s: float) -> T | None:
        """Return what comes of a question that the page may leave open, None when it does."""
        try:
            return self.browser.loop.run(work, within_s)
        except (DevToolsError, TimeoutError):
            return None

    async def _load(self, method: str, parameters: dict[str, Any]) -> str:
        self._leave_world()
        answer = await self.browser.devtools.ask(method, self._session, **parameters)
        return str(answer.get("errorText", ""))

    async def _ask(self, expression: Callable[[float], str], until: float) -> Any:
        while True:
            await self._world_is_there.wait()
            world = self._world
            text = expression(max(0.0, until - time.monotonic()))
            try:
                answer = await self.browser.devtools.ask(
                    "Runtime.evaluate", self._session, expression=text, contextId=world, awaitPromise=True,
                    returnByValue=True,
                )  # fmt: skip
            except Gone:
                raise
            except DevToolsError:
                if world == self._world:
                    self._leave_world()
                continue  # the document was left meanwhile; ask the next one
            if "exceptionDetails" in answer:
                raise RuntimeError(f"{text}: {json.dumps(answer['exceptionDetails'])}")
            return answer["result"].get("value")

    async def _let_time_pass(self, seconds: float) -> None:
        budget = {"policy": "advance", "budget": seconds * 1000}
        self._time_is_over.clear()
        await self.browser.devtools.ask("Emulation.setVirtualTimePolicy", self._session, **budget)
        await self._time_is_over.wait()

    def _leave_world(self) -> None:
        self._world = 0
        self._world_is_there.clear()

    def _hear(self, method: str, told: dict[str, Any]) -> None:
        """Take in an event, in the loop."""
        if method == "Runtime.executionContextCreated":
            context = told["context"]
            is_main = context["auxData"].get("frameId") == self.target  # the main frame has its target's id
            if context["name"] == WORLD and is_main:
                self._world = context["id"]
                self._world_is_there.set()
        elif method == "Runtime.executionContextsCleared" or told.get("executionContextId") == self._world != 0:
            self._leave_world()
        elif method in MOVES and told["frameId"] == self.target:
            (self._at_rest.set if method == "Page.frameStoppedLoading" else self._at_rest.clear)()
            self.news.hear(method, told)
        elif method == "Emulation.virtualTimeBudgetExpired":
            self._time_is_over.set()
        elif method.startswith("Network."):
            self.opened.hear(method, told)
        else:
            self.news.hear(method, told)

    def _answer_dialog(self, accept: bool) -> None:
        """Close a dialog of the page, in the loop."""
        task = asyncio.ensure_future(self._send_answer(accept))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _send_answer(self, accept: bool) -> None:
        try:
            await self.browser.devtools.ask("Page.handleJavaScriptDialog", self._session, accept=accept)
        except DevToolsError:
            pass  # the window is gone, and the dialog with it
