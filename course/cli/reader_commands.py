"""The commands of a reader: docs, list."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from course.catalog.lessons import ROOT, Lesson, find, lessons
from course.cli.app import app, say, short_path
from course.console import out
from course.student.progress import Progress, state_of
from course.testbed.tools.lesson_needs import provide

FACTS = ("slug", "number", "title", "summary", "minutes", "continues")


@app.command()
def docs(
    lesson: Annotated[str, typer.Argument(help="With --refresh: remake what this lesson's page shows.")] = "",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to serve on.")] = 8001,
    build: Annotated[bool, typer.Option("--build", help="Build the site into site/ and stop.")] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Build it into site-offline/ and a zip, to open by double-click.")
    ] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Author: remake the generated parts of the pages.")
    ] = False,
) -> None:
    """Serve the course's pages at http://127.0.0.1:8001/."""
    from course.docs import site

    if refresh:
        _refresh([find(lesson)] if lesson else list(lessons()))
        return
    if offline:
        from course.docs.offline import build_offline

        raise typer.Exit(build_offline(print))
    raise typer.Exit(site.build(print) if build else site.serve(port, print))


def _refresh(chosen: list[Lesson]) -> None:
    from course.authoring.pages.refreshing import refresh
    from course.cli.check_runs import progress_bar

    provide(chosen, say)
    with progress_bar() as bar:
        task = bar.add_task("", total=None)

        def tell(made: str, done: int, total: int) -> None:
            bar.update(task, description=f"{made:40}", completed=done, total=total)
            if not out.is_terminal:
                say(f"{done:3} of {total}  {made}")

        changed = refresh(ROOT, chosen, tell)
    out.print("\n".join(short_path(path) for path in changed) or "Everything is fresh.", markup=False)


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
