"""`course watch` on a real terminal: save, verdict, keys."""

from __future__ import annotations

import os
import re
import select
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from course.catalog.solution_parts import guided_part
from course.testbed.deadlines import comes_true, deadline_s

if sys.platform == "win32":
    pytest.skip("needs a POSIX terminal", allow_module_level=True)

import fcntl
import termios

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]|\r")
SIZE = (120, 100)
DONE = "raise StopConsumer()"  # the last line of lesson 03, which its last check asks for
LET_IN = 'await self.send({"type": "websocket.accept"})'
HOLD = """
import asyncio, pathlib

async def hold():
    while pathlib.Path({held!r}).exists():
        await asyncio.sleep(0.05)
"""


class Terminal:
    """A terminal with a command in it."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.process = process
        self._master = master
        self._seen = ""
        self.before = ""  # what stood before the text that was seen last

    def __repr__(self) -> str:
        """Show what has come up since the text that was seen last, for the story of a failing test."""
        return f"a terminal that shows:\n{self._seen[-3000:]}\n"

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def sees(self, text: str) -> bool:
        """Wait until `text` comes up on the screen after what was seen before; colours and moves are left out."""
        until = time.monotonic() + deadline_s(60)  # a whole run of lesson 03, beside other work
        while text not in self._seen:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self._master], [], [], left)[0]:
                return False
            try:
                self._seen += ESCAPE.sub("", os.read(self._master, 65536).decode("utf-8", "replace"))
            except OSError:  # the command has ended, and with it the terminal
                return text in self._seen
        self.before, _, self._seen = self._seen.partition(text)
        return True

    def ends_with(self) -> int:
        """Wait for the end of the command, reading what it still writes, and return its exit code."""
        self.sees("\0 never shown")
        return self.process.wait(deadline_s(10))


@contextmanager
def terminal(command: list[str], cwd: Path) -> Iterator[Terminal]:
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
    env = os.environ | {"TERM": "xterm-256color"}
    with subprocess.Popen(
        command, cwd=cwd, env=env, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
    ) as process:
        os.close(slave)
        try:
            yield Terminal(process, master)
        finally:
            process.kill()
            os.close(master)


@pytest.fixture
def watching(clone) -> Iterator[tuple[Terminal, Callable[[str, str], None]]]:
    """Watch a course in which lesson 01 is solved; hand out the terminal, and what saves a file of lesson 02."""
    clone.solve("01")
    clone.run("check", "01")
    starter, solution = clone.lesson("02").starter, clone.lesson("02").solution

    def save(name: str, text: str = "") -> None:
        (starter / "echo" / name).write_text(text or guided_part((solution / "echo" / name).read_text()))

    with terminal([*clone.command, "watch"], clone.root) as screen:
        assert screen.sees("1 of 7 checks pass")
        yield screen, save


def test_from_the_first_screen_to_the_pass(watching: tuple[Terminal, Callable[[str, str], None]]) -> None:
    """The lesson to do comes up, each save brings a new verdict, and a pass opens the solution and the next lesson."""
    screen, save = watching
    save("routing.py")
    assert screen.sees("No handler for message type websocket.connect")
    screen.press("h")
    assert screen.sees("Hint 1")
    save("consumers.py")
    assert screen.sees("7 of 7 checks pass")
    assert screen.sees("go on without the star (n)")
    screen.press("s")
    assert screen.sees("class EchoConsumer")
    screen.press("q")
    screen.press("n")
    assert screen.sees("03 · ")
    screen.press("q")

    assert screen.ends_with() == 0


def test_after_the_pass_the_own_part_is_checked_too(
    watching: tuple[Terminal, Callable[[str, str], None]], clone
) -> None:
    """Until the pass nothing is said of it; from then on each save is judged by it too, up to the star."""
    screen, save = watching
    save("routing.py")
    save("consumers.py")
    assert screen.sees("7 of 7 checks pass")
    assert "☆" not in screen.before
    assert screen.sees("0 of 3 on your own")
    for name in ("consumers.py", "routing.py"):
        save(name, (clone.lesson("02").solution / "echo" / name).read_text())
    assert screen.sees("3 of 3 on your own")
    assert screen.sees("The lesson is mastered")
    screen.press("l")
    assert screen.sees("★ 02")


def test_the_solution_waits_for_a_pass(watching: tuple[Terminal, Callable[[str, str], None]]) -> None:
    """Before a pass the key for the solution names the command that shows it all the same."""
    screen, _ = watching
    screen.press("s")

    assert screen.sees("course solution 02 --anyway")


def test_a_slip_while_typing_is_one_line(watching: tuple[Terminal, Callable[[str, str], None]]) -> None:
    """A SyntaxError is told calmly, and the next save is judged as if nothing had been."""
    screen, save = watching
    save("routing.py")
    save("consumers.py", "class EchoConsumer(\n")
    assert screen.sees("echo/consumers.py, line 1: SyntaxError: '(' was never closed")
    save("consumers.py")

    assert screen.sees("7 of 7 checks pass")


def test_a_save_abandons_the_run_that_is_going_on(watching: tuple[Terminal, Callable[[str, str], None]]) -> None:
    """A project that hangs at import is judged for ten seconds; a save in the middle of that starts anew at once."""
    screen, save = watching
    save("routing.py")
    save("consumers.py", "import time\n\ntime.sleep(3600)\n")
    assert screen.sees("checking …")
    began = time.monotonic()
    save("consumers.py")

    assert screen.sees("7 of 7 checks pass")
    assert time.monotonic() - began < deadline_s(5)


@pytest.fixture
def slow_lesson(clone) -> Iterator[tuple[Terminal, Callable[..., None]]]:
    """Watch lesson 03, whose checks take seconds, with the last failing; hand out what saves its last line."""
    for name in ("01", "02"):
        clone.solve(name)
        clone.run("check", name)
    clone.solve("03")
    consumers = clone.lesson("03").starter / "echo" / "consumers.py"
    solution = consumers.read_text()
    assert DONE in solution

    def save(last_line: str, head: str = "", let_in: str = LET_IN) -> None:
        consumers.write_text(head + solution.replace(DONE, last_line).replace(LET_IN, let_in))

    save("print(self.reply)")
    with terminal([*clone.command, "watch"], clone.root) as screen:
        assert screen.sees("8 of 9 checks pass")
        yield screen, save


def test_the_check_at_hand_comes_first(slow_lesson: tuple[Terminal, Callable[..., None]]) -> None:
    """What failed last time is told first, while the others are still awaited."""
    screen, save = slow_lesson
    save(DONE)

    assert screen.sees("·  8 ")
    assert screen.sees("✓  9 ")
    assert "✓  8 " not in screen.before
    assert screen.sees("9 of 9 checks pass")


def test_a_key_is_answered_while_checks_run(slow_lesson: tuple[Terminal, Callable[..., None]], tmp_path: Path) -> None:
    """A hint for the check that has failed does not wait for the other checks, whose clients are held up meanwhile."""
    screen, save = slow_lesson
    held = tmp_path / "held"
    save("print(self.answer)", HOLD.format(held=str(held)), f"await hold()\n        {LET_IN}")
    assert screen.sees("·  8 ")
    assert screen.sees("✗  9 ")
    held.touch()
    screen.press("h")

    assert screen.sees("Hint 1")
    assert "checks pass" not in screen.before
    held.unlink()
    assert screen.sees("of 9 checks pass")
    save("print(self.reply)")  # those that were held up for long have failed too
    assert screen.sees("8 of 9 checks pass")


def editor_called(folder: Path, name: str, script: str) -> str:
    """Put a program in the place of an editor, and return its path."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return str(program)


def test_an_editor_of_the_terminal_gets_it_and_gives_it_back(clone, tmp_path: Path) -> None:
    """`e` hands the terminal, its keys and its Ctrl-C to Vim at the failing line; then the lesson is checked again."""
    vim = editor_called(tmp_path, "vim", 'trap "echo interrupted" INT; echo "opened $*"; read line; echo "typed $line"')
    with terminal([*clone.command, "watch", "01", "--editor", vim], clone.root) as screen:
        assert screen.sees("2 of 5 checks pass")
        screen.press("e")
        assert screen.sees("opened +")
        assert screen.sees("lessons/01_asgi_setup/config/")
        screen.press("\x03quit\n")
        assert screen.sees("typed quit")
        assert screen.sees("2 of 5 checks pass")
        screen.press("q")

        assert screen.ends_with() == 0


def test_an_editor_with_a_window_opens_beside(clone, tmp_path: Path) -> None:
    """`e` starts VS Code with file and line, says so, and the keys go on working."""
    told = tmp_path / "told"
    code = editor_called(tmp_path, "code", f'echo "$*" > {told}')
    with terminal([*clone.command, "watch", "01", "--editor", code], clone.root) as screen:
        assert screen.sees("2 of 5 checks pass")
        screen.press("e")
        assert screen.sees("code opens config/")
        assert comes_true(lambda: told.exists() and "--goto" in told.read_text(), 10)
        screen.press("q")

        assert screen.ends_with() == 0


def test_a_lesson_that_is_away_for_a_moment_is_waited_for(watching: tuple[Terminal, Callable], clone) -> None:
    """While the folder is moved away the screen says what is missing; when it is back, the next save is judged."""
    screen, save = watching
    folder = clone.lesson("02").starter
    folder.rename(clone.root / "away")
    screen.press("a")
    assert screen.sees("course reset 02"), screen.before
    (clone.root / "away").rename(folder)
    save("routing.py")
    save("consumers.py")

    assert screen.sees("7 of 7 checks pass")


def test_a_newcomer_sees_the_whole_course_first(clone) -> None:
    """Before anything has passed, all lessons come up, the first one chosen, and Enter goes to it."""
    with terminal([*clone.command, "watch"], clone.root) as screen:
        assert screen.sees("→   01  ")
        assert screen.sees("02  Echo with a SyncConsumer")
        screen.press("\r")

        assert screen.sees("checks pass")


def test_plain_lines_at_each_save(clone) -> None:
    """For screen readers each save brings lines, those of the check that failed last time first."""
    clone.solve("01")
    clone.run("check", "01")
    clone.solve("02")
    consumers = clone.lesson("02").starter / "echo" / "consumers.py"
    solution = consumers.read_text()
    consumers.write_text(solution.replace("raise StopConsumer()", "pass"))
    with terminal([*clone.command, "watch", "--plain"], clone.root) as screen:
        assert screen.sees("Stop with Ctrl-C.")
        consumers.write_text(solution)

        assert screen.sees("passed ")
        assert screen.sees("7 of 7 checks pass")
        first, *_ = re.findall(r"(\d)\. ", screen.before)
        assert int(first) > 1


def test_without_a_terminal_the_lesson_is_checked_once(clone) -> None:
    """In a pipe `watch` checks once and says so."""
    outcome = clone.run("watch")

    assert outcome.code == 0
    assert "This is not a terminal, so the lesson was checked once." in outcome.output
