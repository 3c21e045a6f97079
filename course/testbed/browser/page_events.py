"""What a page says without being asked: errors, console messages, dialogs, its crash."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from course.testbed.browser.websocket_recorder import Tell

MOST_DIALOGS = 20
MOST_NEWS = 200
LONGEST = 300
OURS = {  # what the proxy makes of a server that is not there, and the words that a browser without it has
    "ERR_SOCKS_CONNECTION_FAILED": "ERR_CONNECTION_REFUSED",
}


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
            self.why_silent = "It opens one dialog after the other."
        else:
            self._answer_dialog(told["type"] == "beforeunload")

    def _departure(self, told: dict[str, Any]) -> None:
        self._note(f"the page leaves for {_file(told['url'])}")

    def _crash(self, told: dict[str, Any]) -> None:
        self.why_silent = "It crashed."
        self._note("the page crashed")

    def _error(self, text: str) -> None:
        for ours, usual in OURS.items():
            text = text.replace(ours, usual)
        if len(self.errors) < MOST_NEWS:
            self.errors.append(text[:LONGEST])
        self._note(f"error: {text}")

    def _note(self, text: str) -> None:
        self._told += 1
        if self.tell and self._told <= MOST_NEWS:
            self.tell("·", text[:LONGEST], None)


def _shown(argument: dict[str, Any]) -> str:
    value = argument.get("value", argument.get("description", argument.get("unserializableValue", "")))
    return value if isinstance(value, str) else str(value)


def _first_line(text: str) -> str:
    return text.partition("\n")[0]


def _file(url: str) -> str:
    return re.sub(r"^\w+://[^/]*", "", url) or url
