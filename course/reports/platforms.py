"""A report as platforms read it that run the checks themselves: Gradescope, Classroom 50, GitHub Classroom.

Gradescope         results.json: https://gradescope-autograders.readthedocs.io/en/latest/specs/
Classroom 50       `classroom50/result/v1`: https://github.com/foundation50/classroom50/wiki/Advanced-Autograding
GitHub Classroom   `::notice title=Autograding complete::Points 5/7`, and a report with totalPoints and maxPoints: the
                   lines of classroom-resources/autograding-grading-reporter
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from course.reports.clean import clean, clean_line
from course.reports.feedback import VERDICTS
from course.results import CheckResult, Failure, Report

RESULT = "classroom50/result/v1"
# What a runner of Classroom 50 provides, and what stands in where GitHub Actions runs alone.
OWN = {"CLASSROOM": "GITHUB_REPOSITORY_OWNER", "ASSIGNMENT": "GITHUB_REPOSITORY", "SUBMISSION_TAG": "GITHUB_SHA"}
UNKNOWN = "unknown"


def to_gradescope(report: Report, weights: Mapping[str, float], hints: int = 0) -> str:
    """Return results.json: a test for each check with its points, what failed told as its output."""
    tests = [_gradescope_test(check, weights.get(check.name, 0), hints) for check in report.checks]
    trouble = report.refused or report.course_error or report.problem
    output = "\n\n".join(filter(None, (VERDICTS[report.verdict], trouble, f"seed {report.seed}")))
    found: dict[str, Any] = {
        "execution_time": round(report.duration_ms / 1000),
        "output": clean(output),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    if not tests:  # Gradescope wants a score, from the tests or here
        found["score"] = 0.0
    return json.dumps(found, indent=2) + "\n"


def to_classroom50(report: Report, weights: Mapping[str, float], env: Mapping[str, str], now: str) -> str:
    """Return result.json; `env` is the runner's environment, `now` the time in UTC as ISO 8601.

    Its points are whole numbers, so weights that are not are taken a hundred times.
    """
    times = 1 if all(weight == int(weight) for weight in weights.values()) else 100
    tests = [_classroom50_test(check, round(weights.get(check.name, 0) * times)) for check in report.checks]
    known = {key: env.get(key) or env.get(other) or UNKNOWN for key, other in OWN.items()}
    page = f"{env.get('GITHUB_SERVER_URL', 'https://github.com')}/{env.get('GITHUB_REPOSITORY', UNKNOWN)}"
    commit = env.get("COMMIT_URL") or f"{page}/commit/{env.get('GITHUB_SHA', UNKNOWN)}"
    result = {
        "schema": RESULT,
        "classroom": known["CLASSROOM"],
        "assignment": known["ASSIGNMENT"].rpartition("/")[2],
        "submission": known["SUBMISSION_TAG"],
        "commit": commit,
        "release": env.get("RELEASE_URL") or commit,
        "review": env.get("REVIEW_URL") or commit,
        "datetime": now,
        "score": sum(test["score"] for test in tests),
        "max-score": round(sum(weights.values()) * times),
        "tests": tests,
    }
    return json.dumps(result, indent=2) + "\n"


def to_notices(earned: float, possible: float) -> list[str]:
    """Return the lines that GitHub Classroom reads from a workflow's log."""
    report = f'{{"totalPoints":{earned:g},"maxPoints":{possible:g}}}'
    complete = f"::notice title=Autograding complete::Points {earned:g}/{possible:g}"
    return [complete, f"::notice title=Autograding report::{report}"]


def _gradescope_test(check: CheckResult, weight: float, hints: int) -> dict[str, Any]:
    passed = check.status == "passed"
    return {
        "name": clean_line(check.title),
        "number": str(check.number),
        "score": float(weight if passed else 0),
        "max_score": float(weight),
        "status": "passed" if passed else "failed",
        "output": clean(_told(check, hints)),
        "output_format": "text",
        "visibility": "visible",
    }


def _classroom50_test(check: CheckResult, weight: int) -> dict[str, Any]:
    passed = check.status == "passed"
    return {"test-name": check.name, "passed": passed, "score": weight if passed else 0, "max-score": weight}


def _told(check: CheckResult, hints: int) -> str:
    failure = check.failure or Failure(check.reason)
    told = (failure.message, failure.server_says, failure.cause)
    allowed = [f"Hint {number}: {hint}" for number, hint in enumerate(check.hints[:hints], 1)] if check.failure else []
    return "\n\n".join(filter(None, (*told, *allowed)))
