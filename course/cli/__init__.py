"""The command line: parse, call, print. Nothing else prints."""

from __future__ import annotations

import functools
import importlib
import json
import os
import signal
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.text import Text

from course.bench import QUESTIONS
from course.catalog import lessons as catalog
from course.cli import checking
from course.console import err, out, take_any_character
from course.errors import CourseError
from course.student import reset_and_copies as student
from course.student.lesson_map import next_lesson, show_map, state_of
from course.student.progress import Progress
from course.testbed.tools.lesson_needs import provide

app = typer.Typer(
    name="course",
    help="Channels on the Wire: learn Django Channels, checked over real WebSockets.",
    epilog="Lessons go by number, slug or the beginning of one: 02, 02_sync_echo, sync. "
    "In a lesson's folder, leave it out.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
OUR_FAULT = 3

LessonName = Annotated[
    str, typer.Argument(metavar="LESSON", help="Number, slug or beginning of one.", show_default=False)
]
Plain = Annotated[bool, typer.Option("--plain", help="Plain lines: no colour, no symbols without a word.")]


def main() -> NoReturn:
    """Run the command line, and end with its exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    take_any_character()
    try:
        app(prog_name="course")
    except CourseError as error:
        err.print(Text(error.message), soft_wrap=True)
        if error.hint:
            err.print(Text(error.hint), soft_wrap=True)
        sys.exit(2)
    except Exception:
        traceback.print_exc()
        err.print("\nThe course itself has a fault; this is not your mistake. Please report the lines above.")
        sys.exit(3)
    raise AssertionError("typer ends the process")


@app.callback(invoke_without_command=True)
def course(context: typer.Context) -> None:
    """Show the map of lessons, their state, and the next step."""
    if context.invoked_subcommand is None:
        show_map()


@app.command()
def check(
    lesson: LessonName = "",
    project: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Check this Django project, whatever its layout.")
    ] = None,
    solution: Annotated[bool, typer.Option("--solution", help="Check the course's solution.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Run slow checks too; without a lesson, check all of them.")
    ] = False,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the report as JSON.")] = None,
    junit_file: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write it as JUnit XML.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="CHECK", help="Run this check; may be given several times.")
    ] = None,
    mistake: Annotated[
        str, typer.Option(metavar="NAME", help="Author: check the solution with this mistake in it.")
    ] = "",
    seed: Annotated[int | None, typer.Option(help="Repeat the run whose report shows this number.")] = None,
    plain: Plain = False,
) -> None:
    """Run a lesson's checks and tell the story of the first that fails.

    Exit codes: 0 all pass, 1 a check failed or was skipped, 2 misuse, 3 a fault of the course itself.
    """
    if everything and not lesson:
        reports = checking.check_all(project, solution)
    else:
        options = {"project": project, "solved": solution, "include_slow": everything, "seed": seed}
        reports = [checking.check(_lesson(lesson), plain=plain, mistake=mistake, only=only or (), **options)]
    checking.write_reports(reports, json_file, junit_file)
    raise typer.Exit(max(report.exit_code for report in reports))


@app.command()
def grade(
    lesson: LessonName,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder in which each submission has a folder.")],
    everything: Annotated[bool, typer.Option("--all", help="Run slow checks too.")] = False,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write a table, for a spreadsheet.")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the reports as JSON.")] = None,
    junit_file: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write them as JUnit XML.")] = None,
) -> None:
    """Check the submissions of a class (for instructors).

    Exit codes: 0 all pass, 1 one does not, 2 misuse, 3 a fault of the course itself.
    """
    from course.grading.class_run import to_csv

    known = catalog.find(lesson)
    grades = checking.check_class(known, folder, include_slow=everything)
    reports = [made.report for made in grades if made.report]
    checking.write_reports(reports, json_file, junit_file)
    if csv_file:
        checking.write(csv_file, to_csv(known, grades))
    lost = len(reports) < len(grades)
    raise typer.Exit(max([OUR_FAULT if lost else 0, *(report.exit_code for report in reports)]))


@app.command()
def watch(plain: Plain = False) -> None:
    """Check a lesson again each time you save one of its files."""
    lesson = next_lesson(Progress())
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if terminal and not plain:
        from course.watch.watch_loop import Watch

        provide([lesson])
        Watch(lesson, out).run()
        return
    if not plain:
        show_map()
    if not terminal:
        checking.check(lesson, plain=True)
        out.print("This is not a terminal, so the lesson was checked once.")
        return
    from course.watch.plain_output import watch_plainly

    watch_plainly(lesson)


@app.command()
def hint(lesson: LessonName = "") -> None:
    """Tell the next hint for the first check that fails."""
    from course.judging.session import run_checks

    known = _lesson(lesson)
    provide([known])
    with out.status(f"Checking {known.slug} …"):
        report = run_checks(known)
    failing = report.first_failure
    if report.exit_code == OUR_FAULT:
        checking.show_closing(report)
        raise typer.Exit(OUR_FAULT)
    if failing is None:
        out.print("No check fails. There is nothing to hint at.")
        return
    told = Progress().tell_hint(known.slug, failing.name, len(failing.hints))
    out.print(f"\n{failing.title}", style="bold", markup=False)
    for number, text in enumerate(failing.hints[:told], 1):
        out.print(f"  Hint {number} of {len(failing.hints)}: {text}", markup=False)
    if told == len(failing.hints):
        out.print("That was the last hint. The lesson's page tells more: python3 course docs", style="dim")


@app.command()
def reset(lesson: LessonName = "") -> None:
    """Put a lesson's starter back; a copy of your files is kept."""
    known = _lesson(lesson)
    copy = student.reset(known)
    out.print(f"lessons/{known.slug} is as it was. Your files are in {_short(copy)}.", markup=False)


@app.command()
def solution(
    lesson: LessonName = "",
    anyway: Annotated[bool, typer.Option("--anyway", help="Show it before you have passed.")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Lay it over your files; a copy of them is kept.")] = False,
) -> None:
    """Show a lesson's solution, to compare with yours."""
    known = _lesson(lesson)
    if not (anyway or Progress().of(known.slug).passed_on or _agreed(known)):
        raise CourseError(
            f"You have not passed lesson {known.number} yet.",
            f"A hint may be enough: python3 course hint {known.number}\n"
            f"To see the solution all the same: python3 course solution {known.number} --anyway",
        )
    if apply:
        copy = student.apply_solution(known)
        out.print(f"The solution is in lessons/{known.slug}. Your files are in {_short(copy)}.", markup=False)
        return
    for path in known.edit:
        _show_file(known, path)


@app.command()
def run(
    lesson: LessonName = "",
    solved: Annotated[
        bool, typer.Option("--solution", help="Run the course's solution instead of your files.")
    ] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to serve on.")] = 8000,
) -> None:
    """Run a lesson's project with all that it needs, reloading as you save."""
    from course.student.dev_server import serve

    echo = functools.partial(out.print, markup=False, soft_wrap=True)
    raise typer.Exit(serve(_lesson(lesson), solved=solved, port=port, echo=echo))


@app.command("docs")
def show_docs(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to serve on.")] = 8001,
    build: Annotated[bool, typer.Option("--build", help="Build the site into site/ and stop.")] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Author: make the generated parts of the pages anew.")
    ] = False,
) -> None:
    """Serve the course's pages at http://127.0.0.1:8001/."""
    from course.authoring.pages import generated_files as pages
    from course.docs import site

    if refresh:
        changed = pages.refresh(catalog.ROOT)
        out.print("\n".join(_short(path) for path in changed) or "Everything is fresh.", markup=False)
        return
    if not build:
        out.print(f"The pages are at http://127.0.0.1:{port}/   Stop with Ctrl-C.")
    raise typer.Exit(site.build() if build else site.serve(port))


@app.command()
def doctor() -> None:
    """Look at what this machine has, and tell a remedy for what is missing."""
    from course.student.doctor import examine

    healthy = True
    for finding in examine():
        mark = Text("✓ " if finding.fine else "✗ ", style="green" if finding.fine else "bold red")
        out.print(Text.assemble(mark, (f"{finding.name:16}", "bold"), finding.told))
        if not finding.fine:
            healthy = healthy and finding.optional
            out.print(Text(f"  {'':16}{finding.remedy}"))
    raise typer.Exit(0 if healthy else 1)


@app.command()
def verify(
    lesson: LessonName = "",
    rounds: Annotated[int, typer.Option(min=1, help="Prove it this many times in a row.")] = 1,
    load: Annotated[bool, typer.Option("--load", help="Keep all cores busy meanwhile.")] = False,
    warm: Annotated[bool, typer.Option("--warm", help="Fork servers from a preloaded parent: quicker.")] = False,
    both_ways: Annotated[bool, typer.Option("--both-ways", help="Compare cold and warm, check by check.")] = False,
    plain: Plain = False,
) -> None:
    """Prove that the checks are worth something (for authors).

    The solution passes; the starter fails exactly what is not given; every mistake is caught by its check; every check
    catches one.
    """
    from course.authoring.verify import compare, prove

    chosen = [_lesson(lesson)] if lesson else list(catalog.lessons())
    provide(chosen)
    faults = 0
    with out.status("") as status:
        for proof in compare(chosen) if both_ways else prove(chosen, rounds=rounds, load=load, warm=warm):
            status.update(f"{proof.done} of {proof.total} runs")
            if proof.fault:
                faults += 1
                out.print(Text.assemble(("✗ ", "bold red"), f"{proof.name}: {proof.fault}"), soft_wrap=True)
            elif plain:
                out.print(f"proved {proof.name}", markup=False, soft_wrap=True)
    names = ", ".join(known.number for known in chosen)
    asked = "both ways" if both_ways else f"{rounds} rounds"
    out.print(f"{proof.total - faults} of {proof.total} runs as they should be (lessons {names}, {asked}).")
    raise typer.Exit(1 if faults else 0)


@app.command()
def bench(
    question: Annotated[
        str, typer.Argument(metavar=f"[{'|'.join(QUESTIONS)}]", help="What to measure.", show_default=True)
    ] = "verdict",
    draw: Annotated[bool, typer.Option("--draw", help="Measure nothing, draw anew what is stored.")] = False,
) -> None:
    """Measure the course, or what a lesson compares (for authors).

    It takes some minutes. Let nothing else run meanwhile: the numbers go into the docs.
    """
    from course.bench import stored_results as storing

    if question not in QUESTIONS:
        raise CourseError(f"Nobody has asked '{question}' yet.", f"Ask for: {', '.join(QUESTIONS)}.")
    asked = importlib.import_module(f"course.bench.{question}")
    if not draw:
        storing.store(asked, asked.measure(lambda step: out.print(f"measuring {step}", style="dim", markup=False)))
    for path in storing.draw(asked):
        out.print(_short(path), markup=False)


@app.command("list")
def list_lessons(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """List the lessons."""
    progress = Progress()
    if not as_json:
        for known in catalog.lessons():
            line = f"{known.slug:24} {state_of(progress, known):10} {known.title}"
            out.print(line, markup=False, soft_wrap=True)
        return
    keys = ("slug", "number", "title", "summary", "minutes", "continues")
    rows = []
    for known in catalog.lessons():
        facts: dict[str, Any] = {key: getattr(known, key) for key in keys}
        rows.append(facts | {"needs": sorted(known.needs), "edit": known.edit, "state": state_of(progress, known)})
    print(json.dumps(rows, indent=2))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run the tests of the course itself (for authors); more arguments go to pytest."""
    provide(catalog.lessons())
    pytest = [sys.executable, "-m", "pytest", *(context.args or ["tests"])]
    raise typer.Exit(subprocess.run(pytest, cwd=catalog.ROOT, check=False).returncode)


def _lesson(name: str) -> catalog.Lesson:
    """Return the lesson of this name; without a name that of the folder we are in, else the next to do."""
    if name:
        return catalog.find(name)
    return catalog.lesson_of(Path.cwd()) or next_lesson(Progress())


def _agreed(known: catalog.Lesson) -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return typer.confirm(f"You have not passed lesson {known.number} yet. Show the solution all the same?")


def _show_file(known: catalog.Lesson, path: str) -> None:
    from rich.syntax import Syntax

    text = student.without_markers((known.solution / path).read_text(encoding="utf-8"))
    out.print(f"\n{path}\n", style="bold", markup=False)
    if out.is_terminal:
        out.print(Syntax(text, Syntax.guess_lexer(path, text), theme="ansi_dark", background_color="default"))
    else:
        print(text)


def _short(path: Path) -> str:
    relative = os.path.relpath(path, Path.cwd())
    return str(path) if relative.startswith("..") else relative


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
