"""What tests of cages share; where the machine allows none, they are skipped, with the reason."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from course.testbed.cage import self_test
from course.testbed.tools.bubblewrap_install import NoCage, provide

InACage = Callable[..., dict[str, Any]]


@functools.cache
def why_none() -> str:
    try:
        provide(lambda line: None)
        self_test.prove()
    except NoCage as reason:
        return f"{reason.message} {reason.hint}"
    return ""


@pytest.fixture(autouse=True)
def needs_a_cage() -> None:
    if why_none():
        pytest.skip(why_none())


@pytest.fixture
def in_a_cage() -> InACage:
    """Run some Python in a cage, which has a network of its own where it `is_apart`."""

    def run(code: str, *arguments: object, is_apart: bool = True, **limits: int) -> dict[str, Any]:
        given = [str(argument) for argument in arguments]
        facts = {"code": code, "arguments": given, "is_apart": is_apart, "limits": limits}
        script = Path(__file__).with_name("in_a_cage.py")
        ended = subprocess.run(
            [sys.executable, "-P", script, json.dumps(facts)], capture_output=True, text=True, timeout=60, check=False
        )
        assert ended.stdout, ended.stderr
        return dict(json.loads(ended.stdout))

    return run
