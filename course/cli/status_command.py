"""The command status: how far one is, how long it took, what broke."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.text import Text

from course.cli.app import app
from course.console import out
from course.student.progress import Progress
from course.student.status import Step, as_data, duration, steps, summary

BAR = 10  # characters for the minutes that a lesson takes
STYLES = {"passed": "green", "broken": "bold red"}


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Show how far you are: what has passed, how long it took, what broke.

    It is read from progress.toml. Nothing leaves this machine. A pause of more than 15 minutes does not count.
    """
    progress = Progress()
    if as_json:
        out.print(json.dumps(as_data(progress), indent=2), markup=False, soft_wrap=True)
        return
    found = steps(progress)
    out.print(Text("\nChannels on the Wire\n", style="bold"))
    for step in found:
        out.print(_line(step), soft_wrap=True)
        if step.trouble:
            out.print(Text(f"         {step.trouble}", style="dim"), soft_wrap=True)
    out.print(f"\n{summary(found)}", markup=False)
    out.print("As a page: python3 course docs, then Set up, Your progress.", markup=False)


def _line(step: Step) -> Text:
    filled = min(BAR, round(BAR * step.spent_s / 60 / step.minutes))
    bar = "█" * filled + "░" * (BAR - filled)
    spent = f"{duration(step.spent_s)} of {step.minutes} min" if step.checks else f"{step.minutes} min"
    broke = f", broke {step.breaks} {'time' if step.breaks == 1 else 'times'}" if step.breaks else ""
    state = f"{step.state} {step.passed_on}".strip() if step.state == "passed" else step.state
    style = STYLES.get(step.state, "")
    mark = Text(f" {step.mark} ", style=style)
    return mark.append(f"{step.number}  {step.title:36.36} {bar}  {spent:19}  {state}{broke}".rstrip())
