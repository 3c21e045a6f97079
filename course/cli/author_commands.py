"""The commands of an author: verify, new-lesson, bench, test."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from typing import Annotated

import typer
from rich.text import Text

from course.bench import QUESTIONS
from course.catalog.lessons import ROOT, lessons
from course.cli.app import LessonName, Plain, app, lesson_named, say, short_path
from course.console import out
from course.errors import CourseError
from course.testbed.tools.lesson_needs import provide


@app.command()
def verify(
    lesson: LessonName = "",
    rounds: Annotated[int, typer.Option(min=1, help="Prove it this many times in a row.")] = 1,
    load: Annotated[bool, typer.Option("--load", help="Keep all cores busy meanwhile.")] = False,
    warm: Annotated[bool, typer.Option("--warm", help="Fork servers from a preloaded parent: quicker.")] = False,
    both_ways: Annotated[bool, typer.Option("--both-ways", help="Compare cold and warm, check by check.")] = False,
    mutants: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Judge N mutants of each solution instead; 0 stands for all."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Which mutants are chosen.")] = 1,
    alone: Annotated[bool, typer.Option("--alone", help="Each check alone, and all shuffled: one verdict.")] = False,
    plain: Plain = False,
) -> None:
    """Prove that the checks are worth something (for authors).

    The solution passes; the starter fails exactly what is not given; every mistake is caught by its check; every check
    catches one.
    """
    from course.authoring.verify import compare, prove, prove_order

    chosen = [lesson_named(lesson)] if lesson else list(lessons())
    provide(chosen, say)
    if mutants is not None:
        from course.cli.mutant_runs import verify_mutants

        raise typer.Exit(verify_mutants(chosen, mutants, seed, plain=plain))
    if alone:
        proofs, asked = prove_order(chosen), "alone and shuffled"
    elif both_ways:
        proofs, asked = compare(chosen), "both ways"
    else:
        proofs, asked = prove(chosen, rounds=rounds, load=load, warm=warm), f"{rounds} rounds"
    faults = 0
    with out.status("") as status:
        for proof in proofs:
            status.update(f"{proof.done} of {proof.total} runs")
            if proof.fault:
                faults += 1
                out.print(Text.assemble(("✗ ", "bold red"), f"{proof.name}: {proof.fault}"), soft_wrap=True)
            elif plain:
                out.print(f"proved {proof.name}", markup=False, soft_wrap=True)
    names = ", ".join(known.number for known in chosen)
    out.print(f"{proof.total - faults} of {proof.total} runs as they should be (lessons {names}, {asked}).")
    raise typer.Exit(1 if faults else 0)


@app.command("new-lesson")
def new_lesson(
    number: Annotated[str, typer.Argument(help="Two digits: the lesson's place.", show_default=False)],
    name: Annotated[str, typer.Argument(help="Small letters and _: tea_timer.", show_default=False)],
) -> None:
    """Begin a lesson that all tests accept, to be changed into yours (for authors)."""
    from course.authoring.new_lesson import begin

    made = begin(ROOT, number, name)
    out.print("\n".join(short_path(ROOT / path) for path in made), markup=False, soft_wrap=True)
    number = number.zfill(2)
    out.print(f"\nNext: git add -A; python3 course verify {number}; python3 course docs {number} --refresh")
    out.print('Then change one thing after another: docs/authors.md, "A new lesson".')


@app.command()
def bench(
    question: Annotated[
        str, typer.Argument(metavar=f"[{'|'.join(QUESTIONS)}]", help="What to measure.", show_default=True)
    ] = "verdict",
    draw: Annotated[bool, typer.Option("--draw", help="Measure nothing, redraw what is stored.")] = False,
) -> None:
    """Measure the course, or what a lesson compares (for authors).

    It takes some minutes. Let nothing else run meanwhile: the numbers go into the docs.
    """
    from course.bench import stored_results

    if question not in QUESTIONS:
        raise CourseError(f"Nobody has asked '{question}' yet.", f"Ask for: {', '.join(QUESTIONS)}.")
    asked = importlib.import_module(f"course.bench.{question}")
    if not draw:
        results = asked.measure(lambda step: out.print(f"measuring {step}", style="dim", markup=False))
        stored_results.store(asked, results)
    for path in stored_results.draw(asked):
        out.print(short_path(path), markup=False)


@app.command("test", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run_tests(
    context: typer.Context,
    quick: Annotated[
        bool, typer.Option("--quick", help="Units, style, one lesson of each kind: a first answer.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Also whole programs of lessons with a browser: 15 minutes more.")
    ] = False,
) -> None:
    """Run the tests of the course itself (for authors); more arguments go to pytest.

    They take about 25 minutes on two cores, with --quick a minute and a half.
    """
    provide(lessons(), say)
    # A third of the time tests wait for what they have started: one more of them than cores keeps the cores busy.
    side_by_side = ["--numprocesses", str((os.cpu_count() or 1) + 1), "--dist", "loadgroup", "--no-loadscope-reorder"]
    chosen = context.args or ["tests", *side_by_side]
    pytest = [sys.executable, "-m", "pytest", *chosen, *(["--quick"] if quick else []), *(["--all"] if every else [])]
    raise typer.Exit(subprocess.run(pytest, cwd=ROOT, check=False).returncode)
