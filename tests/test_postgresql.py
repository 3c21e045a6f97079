"""Lesson 15 runs on PostgreSQL too: DATABASE_URL says where, and these tests use it where there is one."""

from __future__ import annotations

import importlib.util
import os

import pytest

from course.catalog.lessons import find
from course.judging.session import run_checks
from tests.conftest import load

LESSON = find("15")
URL = os.environ.get("DATABASE_URL", "")
at_hand = pytest.mark.skipif(
    not URL or importlib.util.find_spec("psycopg") is None,
    reason="needs psycopg, and DATABASE_URL=postgresql://… of an empty database",
)


def test_the_url_is_taken_apart() -> None:
    """User, password and name come as they are meant, with %40 for an @ in the password."""
    settings = load(LESSON.starter / "config" / "database.py").postgresql("postgresql://me:a%40b@db.example:5433/terms")

    assert settings == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "terms",
        "USER": "me",
        "PASSWORD": "a@b",
        "HOST": "db.example",
        "PORT": 5433,
    }


@at_hand
def test_the_solution_passes_on_postgresql() -> None:
    """Every check of lesson 15 passes there, the crowd at the last seats among them."""
    report = run_checks(LESSON, solved=True)

    assert {check.name: check.failure or check.reason for check in report.checks if check.status != "passed"} == {}
    assert report.passed
