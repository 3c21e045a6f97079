"""What somebody sees on a page: its elements by their CSS selectors, read at once or waited for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from course.errors import Unmet
from course.testbed.browser.window import Window
from course.testbed.clients.transcript import Transcript, show_value
from course.testbed.deadlines import deadline_s, patience_s
from course.testbed.failed_waits import FailedWaits

WAIT_UNITS = 3.0


class PageReading:
    """The elements of a page; each verb waits for what it needs, or fails the check with what is there instead."""

    def __init__(self, window: Window, transcript: Transcript, waits: FailedWaits) -> None:
        """Read what a window shows; `waits` holds what this run has waited for in vain."""
        self.name = window.name
        self._window = window
        self._transcript = transcript
        self._waits = waits

    @property
    def errors(self) -> list[str]:
        """What the console shows in red, uncaught exceptions too, since the window was opened."""
        self._window.drain()
        return list(self._window.news.errors)

    @property
    def dialogs(self) -> list[str]:
        """What the page has said in alerts and other dialogs; each is closed at once."""
        self._window.drain()
        return list(self._window.news.dialogs)

    def text(self, css: str) -> str:
        """Return the text of an element as it is shown; of a field, what it holds."""
        return str(self._existing("text", css))

    def texts(self, css: str) -> list[str]:
        """Return the texts of all matching elements, in their order, as they are now."""
        return [str(text) for text in self._look("texts", css)["now"]]

    def value(self, css: str) -> str:
        """Return what a field holds."""
        return str(self._existing("value", css))

    def attribute(self, css: str, name: str) -> str | None:
        """Return an attribute of an element, None when it has none of that name."""
        value: str | None = self._existing("attribute", css, name)["value"]
        return value

    def count(self, css: str) -> int:
        """Return how many elements match now."""
        return int(self._look("count", css)["now"])

    def focused(self) -> str:
        """Return the element that has the focus, as "#id" where it has one, "" when none has."""
        return str(self._look("focused")["now"])

    def stray_labels(self) -> list[str]:
        """Return the texts of the labels that belong to no field: a click on them does nothing."""
        return [str(text) for text in self._look("strays")["now"]]

    def history(self, css: str, attribute: str) -> list[str]:
        """Return every value that an attribute has had since the page was loaded, one after the other."""
        call = f"course.history({json.dumps(css)}, {json.dumps(attribute)})"
        values: list[str] = self._window.ask(lambda _: call, deadline_s(WAIT_UNITS))
        return values

    def waits_for_text(self, css: str, expected: str) -> None:
        """Wait until the text of an element is `expected`."""
        self._wait(f"{css} to say {show_value(expected)}", expected, "text", css)

    def waits_for_texts(self, css: str, expected: Sequence[str]) -> None:
        """Wait until the texts of all matching elements are these, in this order."""
        self._wait(f"{css} to be {show_value(list(expected))}", list(expected), "texts", css)

    def waits_for_value(self, css: str, expected: str) -> None:
        """Wait until a field holds `expected`."""
        self._wait(f"{css} to hold {show_value(expected)}", expected, "value", css)

    def waits_for_attribute(self, css: str, name: str, expected: str) -> None:
        """Wait until an attribute of an element is `expected`."""
        self._wait(f"{name} of {css} to be {show_value(expected)}", {"value": expected}, "attribute", css, name)

    def waits_for_count(self, css: str, expected: int) -> None:
        """Wait until so many elements match."""
        self._wait(f"{expected} of {css}", expected, "count", css)

    def waits_for_focus(self, expected: str) -> None:
        """Wait until the element with this "#id" has the focus."""
        self._wait(f"the focus on {expected}", expected, "focused")

    def waits_for_path(self, expected: str) -> None:
        """Wait until the page of this path is shown."""
        self._wait(f"the page {expected}", expected, "path")

    def waits_for_log(self, css: str, containing: str) -> None:
        """Wait until the text of an element contains this."""
        self._wait(f"{show_value(containing)} in {css}", containing, "text", css, test="has")

    def waits_for_sight(self, css: str, text: str) -> None:
        """Wait until a line of a log that holds this text can be seen: it is not scrolled away, nor below the edge."""
        what = f"{show_value(text)} to be in view in {css}"
        within_s = self._patience_s(what)
        answer = self._look("sight", css, text, test="done", within_s=within_s)
        if answer["met"]:
            return self._waits.came(what)
        self._waits.failed(what)
        got = f"no element {css}" if answer["missing"] else answer["now"]["why"]
        self._transcript.add(self.name, "·", f"waited {within_s:g} s for {what}; {got}", diverged=True)
        raise Unmet(f"{self.name} can't see the newest line of {css}.", expected=show_value(text), got=got)

    def screenshot(self) -> str:
        """Return a picture of the window as base64, or an empty text when the page can't be drawn."""
        return self._window.picture()

    def _wait(self, what: str, expected: object, question: str, *parameters: object, test: str = "is") -> None:
        within_s = self._patience_s(what)
        answer = self._look(question, *parameters, test=test, expected=expected, within_s=within_s)
        if answer["met"]:
            return self._waits.came(what)
        self._waits.failed(what)
        now = answer["now"]["value"] if question == "attribute" and not answer["missing"] else answer.get("now")
        got = f"no element {parameters[0]}" if answer["missing"] else show_value(now)
        self._transcript.add(self.name, "·", f"waited {within_s:g} s for {what}; it is {got}", diverged=True)
        wanted = expected["value"] if isinstance(expected, dict) else expected
        raise Unmet(f"{self.name} waited for {what}.", expected=show_value(wanted), got=got)

    def _patience_s(self, what: str) -> float:
        """Return how long to wait; what one check has waited for in vain, the next need not wait for as long."""
        return self._waits.limit_s(what, patience_s(WAIT_UNITS))

    def _existing(self, question: str, css: str, *parameters: object) -> Any:
        """Return an answer about an element, once it is there."""
        return self._need(css, "be read", question, css, *parameters, test="known")

    def _need(self, css: str, do: str, question: str, *parameters: object, test: str) -> Any:
        answer = self._look(question, *parameters, test=test, within_s=self._patience_s(f"{css} to {do}"))
        if not answer["met"]:
            self._waits.failed(f"{css} to {do}")
        if answer["missing"]:
            raise Unmet(f"The page has no element {css}.", expected=css, got="no such element")
        if not answer["met"]:
            raise Unmet(f"{css} can't {do}: {answer['now']['why']}.", got=answer["now"]["why"])
        return answer["now"]

    def _look(
        self, question: str, *parameters: object, test: str = "known", expected: object = None, within_s: float = 0.0
    ) -> dict[str, Any]:
        """Ask the page, until the answer passes a test or the time is over."""
        fixed = ", ".join(json.dumps(part) for part in (question, parameters, test, expected))
        answer: dict[str, Any] = self._window.ask(
            lambda left_s: f"course.until({fixed}, {round(left_s * 1000)})", within_s or deadline_s(WAIT_UNITS)
        )
        return answer
