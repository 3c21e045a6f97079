"""Save → verdict: checks a lesson again at each save, and answers keys."""

from __future__ import annotations

import queue
import signal
import threading
import time
from collections.abc import Callable
from contextlib import closing

from rich.console import Console
from rich.live import Live

from course.catalog import Lesson, lessons
from course.docs.site import Pages
from course.programs import lacking, provide
from course.progress import Progress
from course.results import CheckResult, Report
from course.student import solution_text
from course.testbed.lasting import Lasting
from course.watch.abandon import Abandon
from course.watch.keys import key_by_key, keys
from course.watch.saves import saves
from course.watch.screen import View, draw

CALM_S = 0.15  # a run that is over by then is shown once, at its end: no flicker


class Watch:
    """One session in front of the screen. The checks run in the main thread; saves and keys come from two others."""

    def __init__(self, lesson: Lesson, console: Console) -> None:
        """Begin with this lesson."""
        self._console = console
        self._events: queue.SimpleQueue[tuple[str, Lesson | str]] = queue.SimpleQueue()
        self._abandon = Abandon()
        self._progress = Progress()
        self._view = View(lesson, self._passed())
        self._pages = Pages()
        self._keys: dict[str, Callable[[], None]] = {
            "h": self._hint,
            "d": self._open_page,
            "s": self._show_solution,
            "a": lambda: self._check(include_slow=True),
            "n": self._next,
            "l": self._list,
            "up": lambda: self._move(-1),
            "down": lambda: self._move(1),
            "page up": lambda: self._move(-10),
            "page down": lambda: self._move(10),
            "enter": self._choose,
        }

    def run(self) -> None:
        """Watch until `q` or Ctrl-C."""
        with closing(Lasting()) as self._lasting, closing(self._pages), key_by_key():
            with Live(console=self._console, screen=True, auto_refresh=False) as self._live:
                self._listen()
                self._check()
                if not any(self._view.passed):
                    self._list()  # a newcomer sees the whole course first
                self._draw()
                while self._handle(*self._events.get()):
                    self._draw()

    def _handle(self, kind: str, what: Lesson | str) -> bool:
        """Answer one event; return whether to go on."""
        self._view.note = ""
        if isinstance(what, Lesson):
            self._close_page()
            self._begin(what)
        elif what in ("q", "escape"):
            if self._view.page is None:
                return what != "q"
            self._close_page()
        elif kind == "key" and what in self._keys:
            self._keys[what]()
        return True

    def _begin(self, lesson: Lesson) -> None:
        """Go to a lesson and check it."""
        if lesson != self._view.lesson:
            self._view = View(lesson, self._passed())
            if lacking(lesson):
                self._live.stop()  # getting it takes a minute and says what it does
                provide([lesson])
                self._live.start()
        self._check()

    def _check(self, include_slow: bool = False) -> None:
        """Run the checks, and show how it goes when it takes a while; a newer save ends the run."""
        from course.session import run_checks

        view, found = self._view, list[CheckResult]()
        began = time.monotonic()

        def tell(result: CheckResult) -> None:
            found.append(result)
            if time.monotonic() - began > CALM_S:
                view.results, view.report = found, None
                self._draw()

        self._abandon.begin()
        view.note = "checking …"
        slow = threading.Timer(CALM_S, self._draw)
        slow.start()
        try:
            report = run_checks(
                view.lesson, include_slow=include_slow, on_result=tell, lasting=self._lasting, abandon=self._abandon
            )
        except KeyboardInterrupt:
            if not self._abandon.wanted:
                raise
            return
        finally:
            slow.cancel()
        self._show(report)

    def _show(self, report: Report) -> None:
        view = self._view
        before = view.report.first_failure if view.report else None
        if before is None or report.first_failure is None or before.name != report.first_failure.name:
            view.hints, view.top = [], 0
        view.results, view.report, view.note = list(report.checks), report, ""
        self._progress.record(view.lesson.slug, report.passed)
        view.passed = self._passed()

    def _hint(self) -> None:
        report = self._view.report
        failing = report.first_failure if report else None
        if failing is None:
            self._view.note = "All checks pass. There is nothing to hint at."
            return
        told = self._progress.tell_hint(self._view.lesson.slug, failing.name, len(failing.hints))
        self._view.hints = list(failing.hints[:told])

    def _open_page(self) -> None:
        self._view.note = f"The lesson's page: {self._pages.open(self._view.lesson)}"

    def _show_solution(self) -> None:
        lesson = self._view.lesson
        if not self._progress.of(lesson.slug).passed_on:
            self._view.note = f"After a pass. Before it: python3 course solution {lesson.number} --anyway"
            return
        self._view.page, self._view.top, self._view.choice = solution_text(lesson).splitlines(), 0, None

    def _next(self) -> None:
        known = lessons()
        place = known.index(self._view.lesson) + 1
        if place == len(known):
            self._view.note = "This is the last lesson."
        else:
            self._begin(known[place])

    def _list(self) -> None:
        known = zip(self._passed(), lessons(), strict=True)
        lines = [f"{'✓' if passed else ' '} {le.number}  {le.title:46} {le.minutes:3} min" for passed, le in known]
        self._view.page = lines
        self._view.top, self._view.choice = 0, lessons().index(self._view.lesson)

    def _move(self, by: int) -> None:
        view = self._view
        if view.choice is None:
            view.top = max(0, view.top + by)
        else:
            view.choice = max(0, min(len(lessons()) - 1, view.choice + by))

    def _choose(self) -> None:
        if self._view.page is not None and self._view.choice is not None:
            lesson = lessons()[self._view.choice]
            self._close_page()
            self._begin(lesson)

    def _close_page(self) -> None:
        self._view.page, self._view.top, self._view.choice = None, 0, None

    def _draw(self) -> None:
        width, height = self._console.size
        self._live.update(draw(self._view, width, height), refresh=True)

    def _passed(self) -> tuple[bool, ...]:
        standings = [self._progress.of(lesson.slug) for lesson in lessons()]
        return tuple(bool(standing.passed_on) and not standing.broken for standing in standings)

    def _listen(self) -> None:
        """Let saves, keys and a new size of the window become events."""
        threading.Thread(target=self._hear_saves, daemon=True).start()
        threading.Thread(target=self._hear_keys, daemon=True).start()
        if hasattr(signal, "SIGWINCH"):
            signal.signal(signal.SIGWINCH, lambda *_: self._events.put(("size", "")))

    def _hear_saves(self) -> None:
        for lesson in saves():
            self._events.put(("save", lesson))
            self._abandon.request()

    def _hear_keys(self) -> None:
        for key in keys():
            self._events.put(("key", key))
            if key == "q" and self._view.page is None:
                self._abandon.request()
        self._events.put(("key", "q"))
