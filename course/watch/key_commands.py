"""The screen and the keys: what a key does to what is shown happens at once, also while checks run."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.live import Live

from course.catalog.checklist import Check
from course.catalog.lessons import Lesson, lessons
from course.docs.site import Pages
from course.docs.wire_view import NO_BROWSER, SHOWN, open_wire
from course.errors import CourseError
from course.results import CheckResult, Report
from course.student import editor
from course.student.progress import DONE, Progress, lesson_map, next_lesson, state_of
from course.student.reset_and_copies import solution_text
from course.watch.screen import View, draw
from course.watch.terminal_keys import key_by_key, line_by_line


@dataclass(frozen=True)
class Wish:
    """What a key or a save asks for: that a lesson be checked, or the end, where none is named."""

    lesson: Lesson | None = None
    include_slow: bool = False
    command: tuple[str, ...] = ()  # of an editor that needs this terminal, to be run first


class KeyCommands:
    """Holds the view. Keys and checks change it from two threads, one at a time."""

    def __init__(self, lesson: Lesson, console: Console, editor_name: str = "") -> None:
        """Begin with this lesson. `editor_name` is what the student wants to edit with, where it is said."""
        self._editor = editor_name
        self._is_away = False
        self._console = console
        self._live = Live(console=console, screen=True, auto_refresh=False)
        self._lock = threading.RLock()
        self._progress = Progress()
        self._pages = Pages()
        self._opening = threading.Lock()
        self._view = View(lesson, self._states())
        self._keys: dict[str, Callable[[], Wish | None]] = {
            "h": self._hint,
            "d": self._open_page,
            "p": self._play,
            "s": self._show_solution,
            "e": self._edit,
            "a": lambda: Wish(self._view.lesson, include_slow=True),
            "n": self._next,
            "l": self._list_lessons,
            "q": self._leave,
            "escape": self._close_page,
            "up": lambda: self._move(-1),
            "down": lambda: self._move(1),
            "page up": lambda: self._move(-10),
            "page down": lambda: self._move(10),
            "enter": self._choose,
        }

    @contextmanager
    def open(self) -> Iterator[None]:
        """Take over the terminal, and give it back at the end."""
        with closing(self._pages), key_by_key(), self._live:
            yield

    @contextmanager
    def away(self) -> Iterator[None]:
        """Give the terminal back for a while."""
        self._is_away = True
        self._live.stop()
        try:
            with line_by_line():
                yield
        finally:
            self._is_away = False
            self._live.start()

    @property
    def hand(self) -> str:
        """The check at hand: the first that failed in the last whole run, or an empty text."""
        return self._view.hand

    @property
    def has_passed(self) -> bool:
        """Whether the lesson is passed, so that what is left of it is its own part."""
        return state_of(self._progress, self._view.lesson) in DONE

    @property
    def is_new(self) -> bool:
        """Whether somebody begins the course: no lesson has been worked on yet."""
        return not self._progress.current and not any(self._view.states)

    def answer(self, key: str) -> Wish | None:
        """Do what a key stands for; return what is left to do for those who run checks."""
        wish: Wish | None = None
        with self._lock:
            self._view.note = ""
            if key in self._keys:
                wish = self._keys[key]()
        self.draw()
        return wish

    def go_to(self, lesson: Lesson) -> None:
        """Show a lesson."""
        with self._lock:
            self._close_page()
            if lesson != self._view.lesson:
                self._view = View(lesson, self._states())

    def expect(self, checks: Sequence[Check]) -> None:
        """Begin a run of these checks; what an earlier one has found stays on the screen for now."""
        with self._lock:
            self._view.is_running = True
            self._view.checks = self._view.checks or list(checks)

    def show_so_far(self, checks: Sequence[CheckResult | Check]) -> None:
        """Show how a run goes."""
        with self._lock:
            self._view.checks, self._view.report = list(checks), None
        self.draw()

    def show(self, report: Report) -> None:
        """Show what a run has found, and write it down."""
        with self._lock:
            view, failing = self._view, report.first_failure
            hand = failing.name if failing else ""
            if not hand or hand != view.hand:
                view.hints, view.top = [], 0
            view.checks, view.report, view.hand = list(report.checks), report, hand
            view.is_running, view.note = False, ""
            self._progress.work_on(view.lesson.slug)
            if report.judges_the_work:
                self._progress.record(view.lesson.slug, report.passed, report.own_outcome, report.trouble)
            view.note = self._progress.trouble
            view.states = self._states()
        self.draw()

    def draw(self) -> None:
        """Draw the view for the terminal as large as it is now, unless another program has it."""
        if self._is_away:
            return
        width, height = self._console.size
        self._live.update(draw(self._view, width, height), refresh=True)

    def _list_lessons(self) -> None:
        lines = [line for _, line in lesson_map(self._progress)]
        self._view.page, self._view.top, self._view.choice = lines, 0, lessons().index(self._view.lesson)
        self._view.note = "Choose the lesson to work on."

    def _hint(self) -> None:
        failing = self._view.failing
        if failing is None:
            self._view.note = "" if self._view.is_running else "All checks pass. There is nothing to hint at."
            return
        told = self._progress.tell_hint(self._view.lesson.slug, failing.name, len(failing.hints))
        self._view.hand, self._view.hints = failing.name, list(failing.hints[:told])

    def _open_page(self) -> None:
        self._view.note = "The lesson's page opens …"
        threading.Thread(target=self._browse, args=(self._view,), daemon=True).start()

    def _browse(self, view: View) -> None:
        with self._opening:
            address, is_shown = self._pages.open(view.lesson)
        with self._lock:
            view.note = f"The lesson's page: {address}" if is_shown else f"{NO_BROWSER} {address}"
        self.draw()

    def _play(self) -> None:
        if self._view.report is None:
            self._view.note = "Nothing has been checked yet, so there is nothing to play."
            return
        try:
            address, is_shown = open_wire(self._view.lesson, self._view.report)
        except CourseError as error:
            self._view.note = f"{error.message} {error.hint}"
        else:
            self._view.note = f"{SHOWN if is_shown else NO_BROWSER} {address}"

    def _show_solution(self) -> None:
        lesson = self._view.lesson
        standing = self._progress.of(lesson.slug)
        if not standing.passed_on:
            self._view.note = f"After a pass. Before it: python3 course solution {lesson.number} --anyway"
            return
        text = solution_text(lesson, own=bool(standing.mastered_on))
        self._view.page, self._view.top, self._view.choice = text.splitlines(), 0, None

    def _edit(self) -> Wish | None:
        view = self._view
        path, line = editor.place_to_edit(view.lesson, view.report)
        try:
            chosen = editor.find(self._editor)
            command = chosen.command(path, line)
            if chosen.in_terminal:
                return Wish(view.lesson, command=tuple(command))
            quiet = subprocess.DEVNULL
            subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
        except CourseError as error:
            view.note = f"{error.message} {error.hint}"
        except OSError as error:
            view.note = f"{chosen.name} can't be started: {error.strerror}."
        else:
            view.note = f"{chosen.name} opens {path.relative_to(view.lesson.starter)}, line {line}."
        return None

    def _next(self) -> Wish | None:
        following = next_lesson(self._progress, self._view.lesson)
        if following:
            return Wish(following)
        self._view.note = "All other lessons pass. To choose one: l"
        return None

    def _move(self, by: int) -> None:
        view = self._view
        if view.choice is None:
            view.top = max(0, view.top + by)
        else:
            view.choice = max(0, min(len(lessons()) - 1, view.choice + by))

    def _choose(self) -> Wish | None:
        if self._view.page is None or self._view.choice is None:
            return None
        chosen = lessons()[self._view.choice]
        self._close_page()
        return Wish(chosen) if chosen != self._view.lesson else None  # which is checked, or is being checked

    def _leave(self) -> Wish | None:
        if self._view.page is None:
            return Wish()
        self._close_page()
        return None

    def _close_page(self) -> None:
        self._view.page, self._view.top, self._view.choice = None, 0, None

    def _states(self) -> tuple[str, ...]:
        return tuple(state_of(self._progress, lesson) for lesson in lessons())
