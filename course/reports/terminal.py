"""A report as a person reads it in a terminal: a line for each check, then the story of the first failure."""

from __future__ import annotations

from dataclasses import replace

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from course.reports.clean import printable
from course.results import CheckResult, Failure, Report, WireEvent

MARKS = {
    "passed": ("✓", "green"),
    "failed": ("✗", "bold red"),
    "error": ("!", "bold magenta"),
    "skipped": ("–", "yellow"),
    "not run": ("·", "yellow"),
}
OWN_MARKS = MARKS | {"passed": ("★", "green"), "failed": ("☆", "bold yellow")}  # one may go on without the star
AWAITED = "·"
FRAME = '  File "'  # what each frame of a traceback begins with


def render(report: Report) -> RenderableType:
    """Return the whole report: title, checks, story, summary."""
    lines = [check_line(check) for check in report.checks]
    return Group(heading(report.lesson, report.title, report.project), *lines, closing(report))


def heading(slug: str, title: str, project: str) -> RenderableType:
    """Return the line above the checks."""
    return Group(Text(), Text.assemble((f"{slug[:2]} · {title}", "bold"), (f"   {project}", "dim")), Text())


def check_line(check: CheckResult) -> RenderableType:
    """Return one check as a line: mark, number, name, time."""
    mark, style = (OWN_MARKS if check.group == "own" else MARKS)[check.status]
    points = f"{check.points} points  " if check.points != 1 else ""
    title = Text(check.title, style="" if check.status == "passed" else "bold")
    took = f"{check.duration_ms} ms" if check.duration_ms else ""  # nothing has measured it
    return _line(Text(mark, style=style), check.number, title, f"{points}{took}".rstrip())


def awaited_line(number: int, title: str) -> RenderableType:
    """Return the line of a check whose result is still to come."""
    return _line(Text(AWAITED), number, Text(title), "", style="dim")


def _line(mark: Text, number: int, title: Text, remark: str, style: str = "") -> RenderableType:
    grid = Table.grid(expand=True, padding=(0, 1))
    grid.add_column(width=4, justify="right")
    grid.add_column(width=2, justify="right")
    grid.add_column(ratio=1)
    grid.add_column(justify="right", style="dim")
    grid.add_row(mark, f"{number}", title, remark, style=style)
    return grid


def closing(report: Report) -> RenderableType:
    """Return what follows the checks: the problem or the first failure, and the count."""
    failing = report.first_failure
    told = story(failing) if failing and failing.failure and not (report.course_error or report.problem) else None
    return Group(Text(), trouble(report), *([told] if told else []), remarks(report), count(report))


def trouble(report: Report) -> RenderableType:
    """Return why nothing could be checked, or nothing: our own fault, or a project that did not start."""
    failing = report.first_failure
    if report.course_error:
        return _our_fault(report.course_error)
    if not report.problem:
        return Group()
    said = _section("The project did not start", _said(report.problem))
    return Group(said, _cause(failing.failure)) if failing and failing.failure and failing.failure.cause else said


def remarks(report: Report) -> RenderableType:
    """Return what is to be said of the checks that neither passed nor failed."""
    parts = [_our_fault(check.reason) for check in report.checks if check.status == "error"]
    skipped = [check for check in report.checks if check.status == "skipped"]
    parts += [indented(Text(f"– {check.title} Skipped: {check.reason}")) for check in skipped]
    not_run = [check for check in report.checks if check.status == "not run"]
    for reason in dict.fromkeys(check.reason for check in not_run):
        numbers = ", ".join(f"{check.number}" for check in not_run if check.reason == reason)
        parts.append(indented(Text(f"· Not run: {numbers}. {reason}")))
    return Group(*parts)


def story(check: CheckResult) -> RenderableType:
    """Return why a check failed: what was missed, then in the order of events the wire, the server, the cause."""
    failure = check.failure
    assert failure
    title = (Text(check.title, style="bold red"), Text())
    return Group(*title, *_missed(failure), *_on_the_wire(failure), *_reasons(failure), *_pictures(failure))


def reasons_in_short(check: CheckResult) -> RenderableType:
    """Return what helps most where there is little room: what was missed, the exception with its line, the cause."""
    failure = check.failure
    assert failure
    return Group(*_missed(failure), *_reasons(replace(failure, server_says=last_frame(failure.server_says))))


def rest_of_the_story(check: CheckResult) -> RenderableType:
    """Return what `reasons_in_short` leaves out: the wire, the rest of what the server says, pictures."""
    failure = check.failure
    assert failure
    is_shortened = last_frame(failure.server_says) != failure.server_says
    said = _server_says(failure) if is_shortened else []
    return Group(*_on_the_wire(failure), *said, *_pictures(failure))


def last_frame(server_says: str) -> str:
    """Return what a server says with the newest traceback only, and of that the last line of the student's."""
    told = server_says.split("\n\n")
    tracebacks = [part for part in told if FRAME in part]
    newest = [FRAME + part.rpartition(FRAME)[2] for part in tracebacks[-1:]]
    return "\n\n".join([*newest, *(part for part in told if part not in tracebacks)])


def _missed(failure: Failure) -> list[RenderableType]:
    parts: list[RenderableType] = [Padding(_said(failure.message), (0, 0, 1, 2))]
    if failure.expected and failure.expected not in failure.message:
        parts.append(Padding(_pair(failure), (0, 0, 1, 2)))
    return parts


def _on_the_wire(failure: Failure) -> list[RenderableType]:
    return [_section("On the wire", wire(failure.transcript))] if failure.transcript else []


def _reasons(failure: Failure) -> list[RenderableType]:
    said = _server_says(failure)
    return [*said, _cause(failure)] if failure.cause else said


def _server_says(failure: Failure) -> list[RenderableType]:
    return [_section("The server says", _said(failure.server_says))] if failure.server_says else []


def _pictures(failure: Failure) -> list[RenderableType]:
    return [_section("See", Text(path, overflow="fold")) for path in failure.attachments]


def _cause(failure: Failure) -> RenderableType:
    """Return the cause: as a fact where evidence shows it, as a question where only the words of the failure do."""
    return _section("Cause" if failure.confirmed else "Is it this?", Text(failure.cause))


def one_line(report: Report, name: str = "") -> Text:
    """Return a whole report as one line: the lesson, or another name, how many checks pass, the first that does not."""
    passed = _passed(report.checks)
    left = next((check for check in report.checks if check.status != "passed"), None)
    mark, style = MARKS["passed" if report.passed else left.status if left else "error"]
    mark = "★" if report.mastered else mark
    count = f"{passed:2} of {len(report.checks):2} pass  {report.duration_ms / 1000:5.2f} s"
    line = Text.assemble((mark, style), f" {name or report.lesson:24} {count}")
    return line.append(f"   {report.trouble}") if report.trouble else line


def wire(events: tuple[WireEvent, ...]) -> RenderableType:
    """Return the timeline of all clients; the place where things went wrong carries a mark and the word."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", style="dim", no_wrap=True)
    for _ in range(2):
        grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for event in events:
        what = _said(event.what)
        if event.diverged:
            what.append("   ✗ here", style="bold red")
        grid.add_row(f"{event.at_ms} ms", Text(event.who, style="cyan"), event.direction, what)
    return grid


def _pair(failure: Failure) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_row(Text("expected", style="dim"), _said(failure.expected))
    grid.add_row(Text("got", style="dim"), _said(failure.got))
    return grid


def _said(text: str) -> Text:
    """Return what a project said, without the escape sequences that would drive the terminal."""
    return Text(printable(text), overflow="fold")


def _section(title: str, body: RenderableType) -> RenderableType:
    return Group(Text(f"  {title}", style="bold"), Padding(body, (0, 0, 1, 4)))


def indented(body: RenderableType, by: int = 2) -> RenderableType:
    """Return something so far from the left edge, in all lines that it takes."""
    return Padding(body, (0, 0, 0, by), expand=False)


def _our_fault(text: str) -> RenderableType:
    return _section("The course itself has a fault; this is not your mistake", _said(text))


def count(report: Report) -> RenderableType:
    """Return how many checks pass, in a line; those on one's own are counted apart."""
    guided, own = report.of("guided"), report.of("own")
    parts = [f"{_passed(guided)} of {len(guided)} checks pass"] if guided else []
    parts += [f"{_passed(own)} of {len(own)} on your own"] if own else []
    if report.points_possible != len(report.checks):
        parts.append(f"{report.points} of {report.points_possible} points")
    if report.left_out:
        parts.append(f"{report.left_out} slow left out (--all)")
    parts += [f"{report.duration_ms / 1000:.2f} s"] if report.duration_ms else []
    parts += [f"seed {report.seed}"]
    mark, style = ("★ " if report.mastered else "✓ ", "bold green") if report.passed else ("", "bold")
    return Text.assemble((f"{mark}{parts[0]}", style), (f" · {' · '.join(parts[1:])}", "dim"))


def _passed(checks: tuple[CheckResult, ...]) -> int:
    return sum(check.status == "passed" for check in checks)
