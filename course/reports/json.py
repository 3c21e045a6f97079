"""A report as JSON, as report.schema.json describes it.

`schema` grows by one when a key changes its meaning or goes; new keys may come at any time.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from pathlib import Path
from typing import Any

from course.results import CheckResult, Failure, Report, WireEvent

SCHEMA = 1


def to_json(reports: list[Report], **more: Any) -> str:
    """Return the reports as one JSON document, with `more` keys of its own."""
    return _text(_document(reports, more), indent=2)


def to_line(report: Report, **more: Any) -> str:
    """Return the document of one report as one line, for a pipe."""
    return _text(_document([report], more))


def _document(reports: list[Report], more: dict[str, Any]) -> dict[str, Any]:
    made = []
    for report in reports:
        facts = dataclasses.asdict(report)
        keys = ("passed", "mastered", "points", "points_possible", "verdict")
        summary = {key: getattr(report, key) for key in keys}
        made.append({"lesson": facts.pop("lesson"), "title": facts.pop("title"), **summary, **facts})
    return {"schema": SCHEMA, **more, "reports": made}


def _text(document: dict[str, Any], indent: int | None = None) -> str:
    text = json.dumps(document, indent=indent, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode()  # half a surrogate pair, as JSON escapes it


def from_json(text: str) -> list[Report]:
    """Return the reports of a document of ours."""
    return [_read(facts) for facts in json.loads(text)["reports"]]


def read_report(document: dict[str, Any]) -> Report:
    """Return the one report of a document that is valid."""
    (facts,) = document["reports"]
    return _read(facts)


def validated(text: str) -> dict[str, Any]:
    """Return a document that may come from elsewhere; raise ValueError where the schema does not allow it."""
    import jsonschema  # here: who checks their own lesson does without

    document: dict[str, Any] = json.loads(text)
    try:
        _validator().validate(document)
    except jsonschema.ValidationError as error:
        raise ValueError(f"{error.json_path}: {error.message[:200]}") from None
    return document


@functools.cache
def _validator() -> Any:
    import jsonschema

    schema = json.loads(Path(__file__).with_name("report.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)


def _read(facts: dict[str, Any]) -> Report:
    known = {field.name for field in dataclasses.fields(Report)}
    checks = tuple(_read_check(check) for check in facts.pop("checks"))
    return Report(checks=checks, **{key: value for key, value in facts.items() if key in known})


def _read_check(facts: dict[str, Any]) -> CheckResult:
    failure = facts.pop("failure")
    if failure:
        transcript = tuple(WireEvent(**event) for event in failure.pop("transcript"))
        failure = Failure(transcript=transcript, attachments=tuple(failure.pop("attachments")), **failure)
    return CheckResult(hints=tuple(facts.pop("hints")), failure=failure, **facts)
