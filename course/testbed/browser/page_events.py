"""What a page says without being asked: errors, console messages, dialogs, its crash; and what WebSockets it has."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from course.testbed.browser.websocket_recorder import Tell

MOST_DIALOGS = 20
MOST_NEWS = 200
LONGEST = 300
# What the proxy makes of a server that is not there, and the words that a browser without it has.
OURS, USUAL = "ERR_SOCKS_CONNECTION_FAILED", "ERR_CONNECTION_REFUSED"


class PageEvents:
    """Collects the news of one window; `errors` is what its developer tools would show in red."""

    def __init__(self, answer_dialog: Callable[[bool], None]) -> None:
        """Put everything on the transcript with `tell`, once that is set; close dialogs with `answer_dialog`."""
        self.tell: Tell | None = None
        self.errors: list[str] = []
        self.dialogs: list[str] = []
        self.why_silent = ""
        self._answer_dialog = answer_dialog
        self._told = 0
        self._handlers = {
            "Runtime.exceptionThrown": self._exception,
            "Runtime.consoleAPICalled": self._console,
            "Log.entryAdded": self._entry,
            "Page.javascriptDialogOpening": self._dialog,
            "Page.frameRequestedNavigation": self._departure,
            "Inspector.targetCrashed": self._crash,
        }

    def hear(self, method: str, told: dict[str, Any]) -> None:
        """Take in an event."""
        if method in self._handlers:
            self._handlers[method](told)

    def _exception(self, told: dict[str, Any]) -> None:
        details = told["exceptionDetails"]
        thrown = details.get("exception", {})
        what = thrown.get("description") or str(thrown.get("value", ""))
        where = f" ({_file(details['url'])}:{details['lineNumber'] + 1})" if details.get("url") else ""
        self._error(f"{details['text']} {_first_line(what)}{where}")

    def _console(self, told: dict[str, Any]) -> None:
        words = " ".join(_first_line(_shown(argument)) for argument in told["args"])
        if told["type"] in ("error", "assert"):
            self._error(words)
        else:
            self._note(f"console.{told['type']}: {words}")

    def _entry(self, told: dict[str, Any]) -> None:
        entry = told["entry"]
        path = urlsplit(entry.get("url", "")).path
        if entry["level"] == "error" and path != "/favicon.ico":  # nobody wrote a request for that
            of = f" ({path})" if entry["text"].startswith("Failed to load resource") else ""
            self._error(entry["text"] + of)

    def _dialog(self, told: dict[str, Any]) -> None:
        self.dialogs.append(told["message"])
        self._note(f"{told['type']}: {told['message']}")
        if len(self.dialogs) > MOST_DIALOGS:
            self.why_silent = "It opens one dialog after another."
        else:
            self._answer_dialog(told["type"] == "beforeunload")

    def _departure(self, told: dict[str, Any]) -> None:
        self._note(f"the page leaves for {_file(told['url'])}")

    def _crash(self, told: dict[str, Any]) -> None:
        self.why_silent = "It crashed."
        self._note("the page crashed")

    def _error(self, text: str) -> None:
        text = text.replace(OURS, USUAL)
        if len(self.errors) < MOST_NEWS:
            self.errors.append(text[:LONGEST])
        self._note(f"error: {text}")

    def _note(self, text: str) -> None:
        self._told += 1
        if self.tell and self._told <= MOST_NEWS:
            self.tell("·", text[:LONGEST], None)


class PageWebSockets:
    """Which WebSockets a page itself knows to be open, as its developer tools tell; lives in the loop."""

    def __init__(self) -> None:
        """Begin with none."""
        self._urls: dict[str, str] = {}  # of each that the page has made, by Chrome's number for it
        self.open_now: set[str] = set()
        self.refused: list[float] = []  # when one ended that had never been open
        self._changed = asyncio.Event()

    @property
    def states(self) -> list[str]:
        """The address of each WebSocket that the page has made, and whether it is open."""
        return [f"{url} ({'open' if number in self.open_now else 'not open'})" for number, url in self._urls.items()]

    def hear(self, method: str, told: dict[str, Any]) -> None:
        """Take in an event of the network."""
        if method == "Network.webSocketCreated":
            self._urls[told["requestId"]] = told["url"]
        elif method == "Network.webSocketHandshakeResponseReceived":
            self.open_now.add(told["requestId"])
            self._changed.set()
        elif method == "Network.webSocketClosed":
            if told["requestId"] not in self.open_now:
                self.refused.append(time.monotonic())
            self.open_now.discard(told["requestId"])
            self._changed.set()

    async def wait_for_end(self, numbers: set[str]) -> bool:
        """Return True once none of these is open any more: by then its `readyState` says so to the page's script."""
        while self.open_now & numbers:
            self._changed.clear()
            await self._changed.wait()
        return True

    async def wait_for(self, path: str) -> bool:
        """Return True once one to this path is open."""
        while not any(
            unquote(urlsplit(url).path) == unquote(path)
            for number, url in self._urls.items()
            if number in self.open_now
        ):
            self._changed.clear()
            await self._changed.wait()
        return True


def _shown(argument: dict[str, Any]) -> str:
    return str(argument.get("value", argument.get("description", argument.get("unserializableValue", ""))))


def _first_line(text: str) -> str:
    return text.partition("\n")[0]


def _file(url: str) -> str:
    return re.sub(r"^\w+://[^/]*", "", url) or url
