"""All changes of a Django template."""

from __future__ import annotations

import re
from collections.abc import Iterator

from course.authoring.mutants.change import Change

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


def template_changes(text: str) -> Iterator[Change]:
    """Yield the changes; what is a comment stays as it is."""
    comments = [match.span() for match in COMMENT.finditer(text)]
    for change in sorted(_changes(text), key=lambda change: change.start):
        if not any(start <= change.start < end for start, end in comments):
            yield change


def _changes(text: str) -> Iterator[Change]:
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
