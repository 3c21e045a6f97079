"""Which tests run, and in which order: all that is quick, all but what takes minutes, or everything.

`tests/durations.json` comes with the course: the name of each test function, and how long its slowest case took, in
seconds. Whoever adds a test notes it there with `python3 course test --all --keep-durations`; one that is not noted yet
is left out of the quick tier, so that nothing slow slips in unseen.

Tests that share what is slow to make (a built site, a judged class) are marked with `xdist_group`: one worker runs them
one after the other, so that it is made once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from course.catalog.lessons import ROOT

KNOWN = Path(__file__).with_name("durations.json")
LAST = ROOT / ".course" / "test-durations.json"  # case -> seconds, of the last runs here: a finer order than KNOWN's
QUICK_S = 0.5  # a test that takes longer is no part of a quick answer
QUICK_CASES = ("test_style.py", "[02_sync_echo-solution]", "[09_chat_sync-solution]")  # … but for these
STEP_S = 0.1  # KNOWN is rounded, so that two runs write nearly the same


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="units, style, one lesson of each kind")
    parser.addoption("--all", action="store_true", help="also what takes minutes: all programs of the slowest lessons")
    parser.addoption("--keep-durations", action="store_true", help="write tests/durations.json anew after the run")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this tier does without, and begin with what took longest, so that no core waits at the end."""
    known, last = _read(KNOWN), _read(LAST)
    if config.getoption("--quick"):
        _keep(config, items, lambda item: _is_quick(item, known))
    if not config.getoption("--all"):
        _keep(config, items, lambda item: not item.get_closest_marker("takes_minutes"))
    took = {item: last.get(item.nodeid, known.get(function_of(item.nodeid), 0.0)) for item in items}
    together: dict[str, float] = {}
    for item, seconds in took.items():
        together[_unit(item)] = together.get(_unit(item), 0.0) + seconds
    items.sort(key=lambda item: (together[_unit(item)], _unit(item), took[item]), reverse=True)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    case = GROUP.sub("", report.nodeid)
    TOOK[case] = TOOK.get(case, 0.0) + report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remember how long each test took; of several workers, the one who collects their reports does it."""
    if not TOOK or hasattr(session.config, "workerinput"):
        return
    LAST.parent.mkdir(exist_ok=True)
    _write(LAST, _read(LAST) | {case: round(seconds, 2) for case, seconds in TOOK.items()})
    if session.config.getoption("--keep-durations"):
        there = {function: seconds for function, seconds in _read(KNOWN).items() if is_there(function)}
        _write(KNOWN, there | slowest_cases(TOOK))


TOOK: dict[str, float] = {}  # case -> seconds, of this run
GROUP = re.compile(r"@\w+$")  # what pytest-xdist writes behind the id of a test that is in a group


def function_of(nodeid: str) -> str:
    """Return the name of a case's test function: the id without its parameters."""
    return nodeid.partition("[")[0]


def slowest_cases(took: Mapping[str, float]) -> dict[str, float]:
    """Return for each test function how long its slowest case took, in seconds."""
    slowest: dict[str, float] = {}
    for case, seconds in took.items():
        function = function_of(case)
        slowest[function] = max(slowest.get(function, 0.0), round(round(seconds / STEP_S) * STEP_S, 1))
    return slowest


def is_there(function: str) -> bool:
    """Tell whether a test function of this id is still there: its module, and in it a function of that name."""
    module, _, name = function.partition("::")
    return (ROOT / module).is_file() and f"def {name}(" in (ROOT / module).read_text(encoding="utf-8")


def _unit(item: pytest.Item) -> str:
    """Return the name of what one worker runs as a whole: a group, or the test alone."""
    group = item.get_closest_marker("xdist_group")
    return str(group.args[0]) if group else item.nodeid


def _is_quick(item: pytest.Item, known: Mapping[str, float]) -> bool:
    if any(part in item.nodeid for part in QUICK_CASES):
        return True
    seconds = known.get(function_of(item.nodeid))
    return seconds is not None and seconds < QUICK_S and not item.get_closest_marker("slow_setup")


def _keep(config: pytest.Config, items: list[pytest.Item], wanted: Callable[[pytest.Item], bool]) -> None:
    config.hook.pytest_deselected(items=[item for item in items if not wanted(item)])
    items[:] = [item for item in items if wanted(item)]


def _write(file: Path, durations: Mapping[str, float]) -> None:
    file.write_text(json.dumps(durations, indent=0, sort_keys=True) + "\n", encoding="utf-8")


def _read(file: Path) -> dict[str, float]:
    try:
        found: dict[str, float] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # it only saves time
    return found
