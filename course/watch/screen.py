"""What `course watch` shows: a view, which is data, and one function that draws it for a size of terminal."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rich.console import Console, Group, RenderableType
from rich.segment import Segment, Segments
from rich.text import Text

from course.catalog.checklist import Check
from course.catalog.lessons import Lesson
from course.reports.terminal import (
    AWAITED,
    MARKS,
    awaited_line,
    check_line,
    closing,
    count,
    indented,
    reasons_in_short,
    remarks,
    rest_of_the_story,
    story,
    trouble,
)
from course.results import CheckResult, Report, first_failure
from course.student.progress import DONE
from course.student.progress import MARKS as STATE_MARKS

KEYS = {
    "h": "hint",
    "d": "page",
    "p": "play",
    "e": "edit",
    "s": "solution",
    "a": "all",
    "n": "next",
    "l": "lessons",
    "q": "quit",
}
OWN = "on your own: the page (d) says what they ask for, and shows no code for it"
BLANK = Text()
PLACE = re.compile(r'File "([^"]+)", line (\d+)')
SYNTAX_ERROR = re.compile(r"^((?:Syntax|Indentation|Tab)Error: .*)", re.MULTILINE)


@dataclass
class View:
    """All that the screen shows."""

    lesson: Lesson
    states: tuple[str, ...]  # of each lesson of the course: passed, mastered, broken, or empty
    checks: list[CheckResult | Check] = field(default_factory=list)  # what came out, or what is still awaited
    report: Report | None = None  # of the last run, once it is whole
    hints: list[str] = field(default_factory=list)  # of the check at hand, those told so far
    hand: str = ""  # the first check that failed, where the student goes on
    page: list[str] | None = None  # text that is shown instead: the solution, the list of lessons
    top: int = 0  # its first line on the screen
    choice: int | None = None  # in a list: the line that Enter chooses
    note: str = ""  # one line above the keys
    is_running: bool = False

    @property
    def failing(self) -> CheckResult | None:
        """The first check that did not pass, as far as is known."""
        return first_failure(check for check in self.checks if isinstance(check, CheckResult))


def draw(view: View, width: int, height: int) -> RenderableType:
    """Return the screen, exactly `height` lines high.

    Where the whole does not fit, what helps most of the story comes first, and the newest hint keeps a place of its own
    below it. Checks that say nothing new are folded where they leave too little room for it. What still does not fit
    can be scrolled to.
    """
    head, foot = _lines(_head(view), width), _lines(_foot(view, width), width)
    room = height - len(head) - len(foot)
    if view.page is not None:
        body = _page(view, width, room)
    else:
        body = _lines(_body(view), width)
        if len(body) > room:
            head, foot = _dense(head), [*_lines(Group(*_hints(view)[-1:]), width), *foot]
            room = height - len(head) - len(foot)
            body = _short_body(view, width, _check_lines(view))
            if len(body) > room:
                body = _scrolled(_short_body(view, width, _folded(view)), view, room)
    body += [[Segment("")]] * (room - len(body))
    return Segments([segment for line in [*head, *body, *foot] for segment in (*line, Segment.line())][:-1])


def calm(problem: str) -> str:
    """Return a SyntaxError as one line, as it comes up while one types; an empty text for everything else."""
    places, error = PLACE.findall(problem), SYNTAX_ERROR.search(problem)
    if not places or not error:
        return ""
    file, line = places[-1]
    return f"{file}, line {line}: {error[1]}"


def _head(view: View) -> RenderableType:
    bar = "".join(STATE_MARKS.get(state, "·") for state in view.states)
    broken = [f"{number:02}" for number, state in enumerate(view.states, 1) if state == "broken"]
    count = f"{sum(state in DONE for state in view.states)} of {len(view.states)} lessons"
    count += f", {', '.join(broken)} broken" if broken else ""
    files = ", ".join(view.lesson.edit)
    return Group(
        Text.assemble(("Channels on the Wire  ", "bold"), (bar, "green"), f"  {count}"),
        BLANK,
        Text.assemble(
            (f"{view.lesson.number} · {view.lesson.title}", "bold"), (f"   lessons/{view.lesson.slug}", "dim")
        ),
        indented(Text(f"edit {files}", style="dim"), 5),
        BLANK,
    )


def _body(view: View) -> RenderableType:
    if line := _calm(view):
        return line
    parts = _check_lines(view)
    if hints := _hints(view):
        parts += [BLANK, *hints]
    if view.report:
        parts.append(closing(view.report))
    elif view.failing and view.failing.failure:
        parts += [BLANK, story(view.failing)]
    return Group(*parts, *_done(view))


def _check_lines(view: View) -> list[RenderableType]:
    return [
        check_line(check) if isinstance(check, CheckResult) else awaited_line(check.number, check.title)
        for check in view.checks
    ]


def _short_body(view: View, width: int, checks: list[RenderableType]) -> list[list[Segment]]:
    """Return the verdict, the exception and the cause first and close together, where the whole does not fit."""
    if line := _calm(view):
        return _lines(line, width)
    report, failing = view.report, view.failing
    verdict = [*([count(report)] if report else []), *checks, BLANK]
    first: list[RenderableType] = []
    rest: list[RenderableType] = []
    if report and (report.problem or report.course_error):
        first.append(trouble(report))
    elif failing and failing.failure:
        first.append(reasons_in_short(failing))
        rest.append(rest_of_the_story(failing))
    rest += [*_hints(view)[:-1], *([remarks(report)] if report else []), *_done(view)]
    return [*_lines(Group(*verdict), width), *_dense(_lines(Group(*first), width)), *_lines(Group(BLANK, *rest), width)]


def _calm(view: View) -> Text | None:
    failure = view.failing.failure if view.failing else None
    line = calm(view.report.problem if view.report else failure.message if failure else "")
    return Text(line, style="yellow") if line else None


def _hints(view: View) -> list[RenderableType]:
    if not view.failing or view.failing.name != view.hand or not view.hints:
        return []
    return [indented(Text(f"Hint {i}: {hint}", style="cyan")) for i, hint in enumerate(view.hints, 1)]


def _done(view: View) -> list[RenderableType]:
    if not view.report or not view.report.passed:
        return []
    told = "That is done. Compare with the solution (s), or go on to the next lesson (n)."
    if own := sum(check.group == "own" for check in view.checks):
        told = "The lesson is mastered: the own part is done too. Compare with the solution (s), or go on (n)."
        if not view.report.mastered:
            these = f"the check marked ☆ is {OWN}" if own == 1 else f"the {own} checks marked ☆ or ★ are {OWN}"
            told = f"The lesson is passed. Now {these}. Compare (s), or go on without the star (n)."
    return [BLANK, indented(Text(view.lesson.summary, style="green")), indented(Text(told))]


def _folded(view: View) -> list[RenderableType]:
    """Return the first check that fails as a line, and all others as their numbers in another."""
    rest = [check for check in view.checks if check != view.failing]
    kinds = []
    for status, (mark, style) in (*MARKS.items(), ("awaited", (AWAITED, "dim"))):
        numbers = ", ".join(f"{check.number}" for check in rest if getattr(check, "status", "awaited") == status)
        kinds += [Text.assemble((mark, style), f"  {numbers} {status}")] if numbers else []
    return [*([check_line(view.failing)] if view.failing else []), indented(Text("   ").join(kinds), 3)]


def _scrolled(lines: list[list[Segment]], view: View, room: int) -> list[list[Segment]]:
    """Return the part of the lines that is scrolled to; its last line says that there is more."""
    if len(lines) <= room:
        return lines
    view.top = min(view.top, len(lines) - room + 1)
    shown = lines[view.top : view.top + room - 1]
    below = len(lines) - view.top - len(shown)
    return [*shown, [Segment(f"  ↑↓ {below} more lines below" if below else "  ↑↓ the end")]]


def _foot(view: View, width: int) -> RenderableType:
    keys = KEYS
    if view.page is not None:
        keys = {"↑↓": "move"} | ({} if view.choice is None else {"Enter": "choose"}) | {"q": "back"}
    lines = [Text()]
    for key, what in keys.items():
        told = Text.assemble((key, "bold reverse"), f" {what}")
        if lines[-1] and lines[-1].cell_len + 2 + told.cell_len > width:  # a key stays beside its word
            lines.append(Text())
        lines[-1].append("  " if lines[-1] else "").append_text(told)
    note = view.note or ("checking …" if view.is_running else " ")
    return Group(Text(note, style="dim", overflow="fold"), *lines)


def _page(view: View, width: int, room: int) -> list[list[Segment]]:
    assert view.page is not None
    lines: list[list[Segment]] = []
    chosen = 0  # the last line of the choice
    for number, text in enumerate(view.page):
        lines += _lines(Text(("→ " if number == view.choice else "  ") + text, overflow="fold"), width)
        chosen = len(lines) if number == view.choice else chosen
    view.top = max(0, min(view.top, len(lines) - room))
    top = view.top if view.choice is None else max(0, chosen - room)
    return lines[top : top + room]


def _dense(lines: list[list[Segment]]) -> list[list[Segment]]:
    """Return the lines that are not blank."""
    return [line for line in lines if any(segment.text.strip() for segment in line)]


def _lines(renderable: RenderableType, width: int) -> list[list[Segment]]:
    console = Console(width=width, height=1000, force_terminal=True, legacy_windows=False)
    return console.render_lines(renderable, pad=False)
