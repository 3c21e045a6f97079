"""A report as JSON, as report.schema.json describes it.

`schema` grows by one when a key changes its meaning or goes; new keys may come at any time.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from course.results import CheckResult, Failure, Report, WireEvent

SCHEMA = 1


def to_json(reports: list[Report]) -> str:
    """Return the reports as one JSON document."""
    made = []
    for report in reports:
        facts = dataclasses.asdict(report)
        summary = {key: getattr(report, key) for key in ("passed", "mastered", "points", "points_possible")}
        made.append({"lesson": facts.pop("lesson"), "title": facts.pop("title"), **summary, **facts})
    text = json.dumps({"schema": SCHEMA, "reports": made}, indent=2, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode()  # half a surrogate pair, as JSON escapes it


def from_json(text: str) -> list[Report]:
    """Return the reports of a document of ours."""
    return [_read(facts) for facts in json.loads(text)["reports"]]


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
