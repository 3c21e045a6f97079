"""A report as JSON, as report.schema.json describes it.

`schema` grows by one when a key changes its meaning or goes; new keys may come at any time.
"""

from __future__ import annotations

import dataclasses
import json

from course.results import Report

SCHEMA = 1


def to_json(reports: list[Report]) -> str:
    """Return the reports as one JSON document."""
    document = {"schema": SCHEMA, "reports": [_report(report) for report in reports]}
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode()  # half a surrogate pair, as JSON escapes it


def _report(report: Report) -> dict[str, object]:
    facts = dataclasses.asdict(report)
    summary = {"passed": report.passed, "points": report.points, "points_possible": report.points_possible}
    return {"lesson": facts.pop("lesson"), "title": facts.pop("title"), **summary, **facts}
