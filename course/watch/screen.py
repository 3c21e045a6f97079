"""What `course watch` shows: a view, which is data, and one function that draws it for a size of terminal."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.text import Text

from course.catalog import Lesson
from course.reports.terminal import MARKS, check_line, closing
from course.results import CheckResult, Report

KEYS = {"h": "hint", "d": "page", "s": "solution", "a": "all checks", "n": "next lesson", "l": "lessons", "q": "quit"}
BLANK = Text()
PLACE = re.compile(r'File "([^"]+)", line (\d+)')
SYNTAX_ERROR = re.compile(r"^((?:Syntax|Indentation|Tab)Error: .*)", re.MULTILINE)


@dataclass
class View:
    """All that the screen shows."""

    lesson: Lesson
    passed: tuple[bool, ...]  # of each lesson of the course
    results: list[CheckResult] = field(default_factory=list)
    report: Report | None = None  # of the last whole run
    hints: list[str] = field(default_factory=list)  # of the first failing check, those told so far
    page: list[str] | None = None  # text that is shown instead: the solution, the list of lessons
    top: int = 0  # its first line on the screen
    choice: int | None = None  # in a list: the line that Enter chooses
    note: str = ""  # one line above the keys


def draw(view: View, width: int, height: int) -> RenderableType:
    """Return the screen, exactly `height` lines high.

    In a low window, checks that say nothing new are folded; what still does not fit can be scrolled to.
    """
    head, foot = _lines(_head(view), width), _lines(_foot(view), width)
    room = height - len(head) - len(foot)
    if view.page is not None:
        body = _page(view, room)
    else:
        body = _lines(_body(view, folded=False), width)
        if len(body) > room:
            body = _scrolled(_lines(_body(view, folded=True), width), view, room)
    body += [[Segment("")]] * (room - len(body))
    return _Drawn([*head, *body, *foot])


def calm(report: Report) -> str:
    """Return a SyntaxError as one line, as it comes up while one types; an empty text for everything else."""
    places, error = PLACE.findall(report.problem), SYNTAX_ERROR.search(report.problem)
    if not places or not error:
        return ""
    file, line = places[-1]
    return f"{file}, line {line}: {error[1]}"


def _head(view: View) -> RenderableType:
    bar = "".join("✓" if passed else "·" for passed in view.passed)
    count = f"{sum(view.passed)} of {len(view.passed)} lessons"
    files = ", ".join(view.lesson.edit)
    return Group(
        Text.assemble(("Channels on the Wire  ", "bold"), (bar, "green"), f"  {count}"),
        BLANK,
        Text.assemble(
            (f"{view.lesson.number} · {view.lesson.title}", "bold"), (f"   lessons/{view.lesson.slug}", "dim")
        ),
        Text(f"     edit {files}", style="dim", no_wrap=True, overflow="ellipsis"),
        BLANK,
    )


def _body(view: View, folded: bool) -> RenderableType:
    report = view.report
    if report and (line := calm(report)):
        return Text(line, style="yellow")
    parts = _folded(view.results) if folded else [check_line(i, check) for i, check in enumerate(view.results, 1)]
    if report is None:
        return Group(*parts, Text("     checking …", style="dim"))
    told = [Text(f"  Hint {i}: {hint}", style="cyan") for i, hint in enumerate(view.hints, 1)]
    parts += [BLANK, *told] if told else []
    parts.append(closing(report))
    if report.passed:
        parts += [BLANK, Text(f"  {view.lesson.summary}", style="green")]
        parts.append(Text("  That is done. Compare with the solution (s), or go on to the next lesson (n)."))
    return Group(*parts)


def _folded(results: list[CheckResult]) -> list[RenderableType]:
    """Return the first check that fails as a line, and all others as their numbers."""
    numbered = list(enumerate(results, 1))
    first = next(((i, check) for i, check in numbered if check.status in ("failed", "error")), None)
    rest = [(i, check) for i, check in numbered if first is None or i != first[0]]
    parts: list[RenderableType] = [check_line(*first)] if first else []
    for status, (mark, style) in MARKS.items():
        numbers = ", ".join(str(i) for i, check in rest if check.status == status)
        parts += [Text.assemble("   ", (mark, style), f"  {numbers} {status}")] if numbers else []
    return parts


def _scrolled(lines: list[list[Segment]], view: View, room: int) -> list[list[Segment]]:
    """Return the part of the lines that is scrolled to; its last line says that there is more."""
    if len(lines) <= room:
        return lines
    view.top = min(view.top, len(lines) - room + 1)
    shown = lines[view.top : view.top + room - 1]
    below = len(lines) - view.top - len(shown)
    return [*shown, [Segment(f"  ↑↓ {below} more lines below" if below else "  ↑↓ the end")]]


def _foot(view: View) -> RenderableType:
    keys = KEYS
    if view.page is not None:
        keys = {"↑↓": "move"} | ({} if view.choice is None else {"Enter": "choose"}) | {"q": "back"}
    line = Text("  ").join(Text.assemble((key, "bold reverse"), f" {what}") for key, what in keys.items())
    line.no_wrap = True
    return Group(Text(view.note or " ", style="dim", no_wrap=True, overflow="ellipsis"), line)


def _page(view: View, room: int) -> list[list[Segment]]:
    assert view.page is not None
    view.top = max(0, min(view.top, len(view.page) - room))
    top = view.top if view.choice is None else max(0, view.choice - room + 1)
    marked = [("→ " if i == view.choice else "  ") + line for i, line in enumerate(view.page)]
    return [[Segment(line)] for line in marked[top : top + room]]


def _lines(renderable: RenderableType, width: int) -> list[list[Segment]]:
    console = Console(width=width, height=1000, force_terminal=True, legacy_windows=False)
    return console.render_lines(renderable, pad=False)


class _Drawn:
    """Lines that are ready to be shown."""

    def __init__(self, lines: list[list[Segment]]) -> None:
        self._lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for number, line in enumerate(self._lines):
            if number:
                yield Segment.line()
            yield from line
