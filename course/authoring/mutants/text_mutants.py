"""Which changes a file gets: that is told by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from course.authoring.mutants.change import Change, Mutant
from course.authoring.mutants.javascript_mutants import javascript_changes
from course.authoring.mutants.nginx_mutants import nginx_changes
from course.authoring.mutants.python_mutants import python_changes
from course.authoring.mutants.template_mutants import template_changes
from course.catalog.lessons import Lesson

CHANGES: dict[str, Callable[[str], Iterator[Change]]] = {
    ".py": python_changes,
    ".js": javascript_changes,
    ".ts": javascript_changes,
    ".html": template_changes,
    ".conf.template": nginx_changes,
    ".conf": nginx_changes,
}


def mutants_of(lesson: Lesson) -> list[Mutant]:
    """Return all mutants of the files that the student writes, each file from top to bottom."""
    found = []
    for file in lesson.edit:
        text = (lesson.solution / file).read_text(encoding="utf-8")
        changes = next((made for suffix, made in CHANGES.items() if file.endswith(suffix)), None)
        mutants = [Mutant(file, change, text) for change in changes(text)] if changes else []
        found += sorted(mutants, key=lambda mutant: mutant.change.start)
    return found
