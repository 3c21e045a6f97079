"""Save → verdict: checks a lesson again at each save, and when a key asks for it; on a screen, or as plain lines."""

from __future__ import annotations

import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

from rich.console import Console

from course.catalog.checklist import checklist
from course.catalog.lessons import Lesson
from course.errors import CourseError
from course.judging.cancellation import Cancellation
from course.results import CheckResult, Report
from course.student import last_report
from course.student.file_watching import saves
from course.testbed.processes.forkserver_client import Forkserver
from course.testbed.shared import SharedParts
from course.testbed.tools.lesson_needs import lacking, provide
from course.watch.key_commands import KeyCommands, Wish
from course.watch.terminal_keys import keys

CALM_S = 0.15  # a run that is over by then is shown once, at its end: no flicker


class Watch:
    """One session in front of the screen. The checks run in the main thread; saves and keys come from two others."""

    def __init__(self, lesson: Lesson, console: Console, editor: str = "", *, is_chosen: bool = False) -> None:
        """Begin with this lesson, which somebody has named where it `is_chosen`; `editor` is what they edit with.

        To a newcomer who has named none, the whole course is shown first.
        """
        self._lesson = lesson
        self._console = console
        self._wishes: queue.SimpleQueue[Wish] = queue.SimpleQueue()
        self._abandon = Cancellation()
        self._desk = KeyCommands(lesson, console, editor)
        self._edited = threading.Event()
        self._shows_course = self._desk.is_new and not is_chosen

    def run(self) -> None:
        """Watch until `q` or Ctrl-C."""
        with closing(SharedParts(Forkserver())) as self._shared, self._desk.open():
            self._listen()
            if self._shows_course:
                self._desk.answer("l")
            self._check(self._lesson)
            while (wish := self._wishes.get()).lesson:
                if wish.command:
                    self._edit(wish.command)
                self._go_to(wish.lesson)
                self._check(wish.lesson, wish.include_slow)

    def _edit(self, command: tuple[str, ...]) -> None:
        """Let an editor have the terminal until it ends; Ctrl-C is for the editor then."""
        before = signal.signal(signal.SIGINT, lambda *_: None)
        try:
            with self._desk.away():
                subprocess.run(command, check=False)
        finally:
            signal.signal(signal.SIGINT, before)
            self._edited.set()

    def _go_to(self, lesson: Lesson) -> None:
        self._desk.go_to(lesson)
        if lesson != self._lesson and lacking(lesson):
            with self._desk.away():  # getting it takes a minute and says what it does
                provide([lesson], lambda line: self._console.print(line, markup=False))
        self._lesson = lesson

    def _check(self, lesson: Lesson, include_slow: bool = False) -> None:
        """Run the checks, the one at hand first, and show how it goes when it takes a while; a newer wish ends it."""
        from course.judging.session import run_checks

        wanted = [check for check in checklist(lesson) if include_slow or not check.slow]
        expected = [check for check in wanted if check.group == "guided" or self._desk.has_passed]
        found: dict[str, CheckResult] = {}
        began = time.monotonic()

        def show_so_far() -> None:
            self._desk.show_so_far([found.get(check.name, check) for check in expected])

        def tell(result: CheckResult) -> None:
            found[result.name] = result
            if time.monotonic() - began > CALM_S:
                show_so_far()

        self._abandon.begin()
        self._desk.expect(expected)
        digest = last_report.digest_of(lesson)
        calm = threading.Timer(CALM_S, lambda: show_so_far() if found else self._desk.draw())
        calm.start()
        try:
            report = run_checks(
                lesson,
                only=[check.name for check in expected] if len(expected) < len(wanted) else (),
                first=self._desk.hand,
                include_slow=include_slow,
                on_result=tell,
                shared=self._shared,
                abandon=self._abandon,
            )
        except CourseError as error:  # the folder is away for a moment, a file can't be read: the next save may mend it
            report = not_checked(lesson, error)
        except KeyboardInterrupt:
            if not self._abandon.wanted:
                raise
            return
        finally:
            calm.cancel()
            calm.join()
        self._desk.show(report)
        last_report.keep(lesson, report, digest)
        if report.passed and len(expected) < len(wanted):
            self._check(lesson, include_slow)  # and now what is on one's own

    def _listen(self) -> None:
        """Let saves and keys become wishes, and draw anew when the window has another size."""
        threading.Thread(target=_hear_saves, args=(lambda lesson: self._wish(Wish(lesson)),), daemon=True).start()
        threading.Thread(target=self._hear_keys, daemon=True).start()
        if hasattr(signal, "SIGWINCH"):
            signal.signal(signal.SIGWINCH, lambda *_: threading.Thread(target=self._desk.draw).start())

    def _hear_keys(self) -> None:
        for key in keys():
            if wish := self._desk.answer(key):
                self._edited.clear()
                self._wish(wish)
                if wish.command:
                    self._edited.wait()  # until then, the keys are the editor's
        self._wish(Wish())  # there is no terminal any more

    def _wish(self, wish: Wish) -> None:
        self._wishes.put(wish)
        self._abandon.request()


def watch_plainly(lesson: Lesson, check: Callable[..., Report], say: Callable[[str], None]) -> None:
    """Check a lesson, then each that is saved, as lines for screen readers and logs; until Ctrl-C.

    The check that failed last time comes first.
    `check` checks a lesson and tells what it finds; it takes `first` and `shared` as `session.run_checks` does.
    """
    saved: queue.SimpleQueue[Lesson] = queue.SimpleQueue()
    threading.Thread(target=_hear_saves, args=(saved.put,), daemon=True).start()
    with closing(SharedParts(Forkserver())) as shared:
        failing = _checked(check, say, lesson, shared=shared).first_failure
        say("\nWatching lessons/. Save a file and its lesson is checked again. Stop with Ctrl-C.")
        while True:
            before, lesson = lesson, saved.get()
            first = failing.name if failing and lesson == before else ""
            failing = _checked(check, say, lesson, first=first, shared=shared).first_failure


def not_checked(lesson: Lesson, error: CourseError) -> Report:
    """Return the report of a run that could not begin, for a reason that the student can put right."""
    why = f"{error.message}\n{error.hint}".strip()
    return Report(lesson.slug, lesson.title, f"lessons/{lesson.slug}", 0, (), problem=why)


def _checked(check: Callable[..., Report], say: Callable[[str], None], lesson: Lesson, **options: Any) -> Report:
    try:
        return check(lesson, **options)
    except CourseError as error:
        report = not_checked(lesson, error)
        say(report.problem)
        return report


def _hear_saves(tell: Callable[[Lesson], None]) -> None:
    for lesson in saves():
        tell(lesson)
