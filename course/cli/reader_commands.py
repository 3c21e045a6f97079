"""The commands of a reader: docs, list."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from course.catalog.lessons import ROOT, find, lessons
from course.cli.app import app, short_path
from course.console import out
from course.student.progress import Progress, state_of

FACTS = ("slug", "number", "title", "summary", "minutes", "continues")


@app.command()
def docs(
    lesson: Annotated[str, typer.Argument(help="With --refresh: run the checks of this lesson alone.")] = "",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to serve on.")] = 8001,
    build: Annotated[bool, typer.Option("--build", help="Build the site into site/ and stop.")] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Author: remake the generated parts of the pages.")
    ] = False,
) -> None:
    """Serve the course's pages at http://127.0.0.1:8001/."""
    from course.docs import site

    if refresh:
        from course.authoring.pages import generated_files

        changed = generated_files.refresh(ROOT, only=find(lesson) if lesson else None)
        out.print("\n".join(short_path(path) for path in changed) or "Everything is fresh.", markup=False)
        return
    raise typer.Exit(site.build(print) if build else site.serve(port, print))


@app.command("list")
def list_lessons(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """List the lessons."""
    progress = Progress()
    if not as_json:
        for known in lessons():
            line = f"{known.slug:24} {state_of(progress, known):10} {known.title}"
            out.print(line, markup=False, soft_wrap=True)
        return
    rows = []
    for known in lessons():
        facts: dict[str, Any] = {key: getattr(known, key) for key in FACTS}
        rows.append(facts | {"needs": sorted(known.needs), "edit": known.edit, "state": state_of(progress, known)})
    print(json.dumps(rows, indent=2))
