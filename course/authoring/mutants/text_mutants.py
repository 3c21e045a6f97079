"""Which changes a file gets, by its name; and those of Django's templates and of a configuration of nginx."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from course.authoring.mutants.change import Change, Mutant
from course.authoring.mutants.javascript_mutants import javascript_changes
from course.authoring.mutants.python_mutants import python_changes
from course.catalog.lessons import Lesson

# Of templates.
COMMENT = re.compile(r"<!--.*?-->|\{#.*?#\}", re.DOTALL)
DJANGO = r"\{%.*?%\}|\{\{.*?\}\}"
QUOTED = rf"\"(?:{DJANGO}|[^\"])*\"|'(?:{DJANGO}|[^'])*'"  # Django's own quotes may stand in those of HTML
TAG = re.compile(rf"<(?P<name>[a-zA-Z][\w-]*)(?P<rest>(?:{DJANGO}|{QUOTED}|[^<>\"'])*)>", re.DOTALL)
ATTRIBUTE = re.compile(rf"\s+(?P<name>[a-zA-Z:@][\w:.-]*)(?:=(?:{QUOTED}|[^\s\"'>]+))?")
VARIABLE = re.compile(r"\{\{.*?\}\}")
FILTER = re.compile(r"\|\w+(?::(?:\"[^\"]*\"|'[^']*'|[\w.]+))?")
CONDITION = re.compile(r"\{% (?:el)?if (?=(?P<not>not )?)")
ALONE = re.compile(r"\{% (?:csrf_token|include|url)\b.*?%\}")
OF_THE_HEAD = {"html", "meta"}  # they tell search engines and small screens something, and no check of ours

# Of nginx.
NGINX_COMMENT = re.compile(r"(?<!\S)#[^\n]*")
STATEMENT = re.compile(r"(?<=[;{}])\s*(?P<whole>[^;{}\s](?:\$\{\w+\}|[^;{}])*;)")
BLOCK = re.compile(r"(?P<whole>(?:location|map|upstream)\b[^{};]*\{(?:\$\{\w+\}|[^{}])*\})")
NUMBER = re.compile(r"(?<![\w.$])\d+(?![\w.])")


def mutants_of(lesson: Lesson) -> list[Mutant]:
    """Return all mutants of the files that the student writes, each file from top to bottom."""
    found = []
    for file in lesson.edit:
        text = (lesson.solution / file).read_text(encoding="utf-8")
        changes = next((made for suffix, made in CHANGES.items() if file.endswith(suffix)), None)
        mutants = [Mutant(file, change, text) for change in changes(text)] if changes else []
        found += sorted(mutants, key=lambda mutant: mutant.change.start)
    return found


def template_changes(text: str) -> Iterator[Change]:
    """Yield the changes; what is a comment stays as it is."""
    comments = [match.span() for match in COMMENT.finditer(text)]
    for change in sorted(_template_changes(text), key=lambda change: change.start):
        if not any(start <= change.start < end for start, end in comments):
            yield change


def _template_changes(text: str) -> Iterator[Change]:
    for tag in TAG.finditer(text):
        if tag["name"] not in OF_THE_HEAD:
            for found in ATTRIBUTE.finditer(text, tag.start("rest"), tag.end("rest")):
                yield Change(*found.span(), "", f"the attribute {found['name']} removed")
    for variable in VARIABLE.finditer(text):
        yield Change(*variable.span(), "", "a value removed")
        for found in FILTER.finditer(text, *variable.span()):
            yield Change(*found.span(), "", "a filter removed")
    for condition in CONDITION.finditer(text):
        if condition["not"]:
            yield Change(condition.end(), condition.end("not"), "", "a condition negated")
        else:
            yield Change(condition.end(), condition.end(), "not ", "a condition negated")
    for alone in ALONE.finditer(text):
        yield Change(*alone.span(), "", "a tag removed")


def nginx_changes(text: str) -> Iterator[Change]:
    """Yield the changes: a directive or a block removed, a number changed by one."""
    code = NGINX_COMMENT.sub(lambda found: " " * len(found[0]), text)
    for kind, pattern in (("directive", STATEMENT), ("block", BLOCK)):
        # What stands before the first bracket or semicolon is a statement too.
        for found in pattern.finditer(";" + code):
            start, end = found.span("whole")
            yield Change(start - 1, end - 1, "", f"a {kind} removed")
    for number in NUMBER.finditer(code):
        yield Change(*number.span(), f"{int(number[0]) + 1}", "a number raised by one")
        if int(number[0]):
            yield Change(*number.span(), f"{int(number[0]) - 1}", "a number lowered by one")


CHANGES: dict[str, Callable[[str], Iterator[Change]]] = {
    ".py": python_changes,
    ".js": javascript_changes,
    ".ts": javascript_changes,
    ".html": template_changes,
    ".conf.template": nginx_changes,
    ".conf": nginx_changes,
}
