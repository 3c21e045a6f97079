"""A report as JUnit XML, the format that continuous integration and learning platforms read."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter

from course.reports.clean import printable
from course.results import CheckResult, Report


def to_junit(reports: list[Report]) -> str:
    """Return the reports as one document: a test suite for each lesson, points as properties of its cases."""
    root = ET.Element("testsuites", name="Channels on the Wire")
    for report in reports:
        _suite(root, report)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, report: Report) -> None:
    counts = Counter(check.status for check in report.checks)
    ours, theirs = bool(report.course_error), bool(report.refused)
    suite = ET.SubElement(
        root,
        "testsuite",
        name=_name(report),
        tests=str(len(report.checks) + ours + theirs),
        failures=str(counts["failed"] + theirs),
        errors=str(counts["error"] + ours),
        skipped=str(counts["skipped"] + counts["not run"]),
        time=f"{report.duration_ms / 1000:.3f}",
    )
    marks = {"passed": f"{report.passed}".lower(), "mastered": f"{report.mastered}".lower()}
    points = {"points": report.points, "points_possible": report.points_possible}
    _properties(suite, {**marks, **points, "seed": report.seed, "isolation": report.isolation})
    for check in report.checks:
        _case(suite, report, check)
    if report.course_error:
        case = ET.SubElement(suite, "testcase", classname=_name(report), name="the course itself", time="0.000")
        ET.SubElement(case, "error", message="The course itself has a fault.").text = printable(report.course_error)
    if report.refused:
        case = ET.SubElement(suite, "testcase", classname=_name(report), name="the submission", time="0.000")
        ET.SubElement(case, "failure", message=printable(report.refused))


def _name(report: Report) -> str:
    """Return "07/ana" in a class, where each student has a suite of the same lesson."""
    return printable(f"{report.lesson[:2]}/{report.submission}") if report.submission else report.lesson


def _case(suite: ET.Element, report: Report, check: CheckResult) -> None:
    time = f"{check.duration_ms / 1000:.3f}"
    case = ET.SubElement(suite, "testcase", classname=_name(report), name=check.name, time=time)
    earned = check.points if check.status == "passed" else 0
    _properties(case, {"title": check.title, "group": check.group, "points": earned, "points_possible": check.points})
    if check.failure:
        told = "\n\n".join(filter(None, [check.failure.message, check.failure.server_says, check.failure.where]))
        ET.SubElement(case, "failure", message=printable(check.failure.message)).text = printable(told)
    elif check.status != "passed":
        ET.SubElement(case, "skipped" if check.status == "not run" else check.status, message=printable(check.reason))


def _properties(parent: ET.Element, values: dict[str, object]) -> None:
    properties = ET.SubElement(parent, "properties")
    for name, value in values.items():
        ET.SubElement(properties, "property", name=name, value=printable(str(value)))
