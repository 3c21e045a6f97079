"""How long a lesson was worked on, and what broke: noted beside its standing, at each check."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PAUSE_S = 15 * 60  # who checks nothing for longer does something else


@dataclass(frozen=True)
class Effort:
    """What the checks of a lesson tell of the work on it."""

    spent_s: int = 0
    checks: int = 0  # how many times it was checked
    breaks: int = 0  # how many times it failed after it had passed
    trouble: str = ""  # what failed last, where it fails


def effort_of(table: Mapping[str, Any]) -> Effort:
    """Return the effort that the table of a lesson holds."""
    spent_s, checks, breaks = numbers = [table.get(key, 0) for key in ("spent_s", "checks", "breaks")]
    if not all(type(number) is int for number in numbers):
        raise TypeError("spent_s, checks and breaks are not all whole numbers")
    return Effort(spent_s, checks, breaks, f"{table.get('trouble', '')}")


def note_check(
    data: dict[str, Any], slug: str, trouble: str, *, breaks: bool, now: datetime.datetime | None = None
) -> None:
    """Note in a progress document that a lesson was checked: the time since the last check, of any lesson, counts."""
    now = now or datetime.datetime.now(datetime.UTC)
    last = max((f"{table.get('checked_at', '')}" for table in data.values() if isinstance(table, dict)), default="")
    table = data.setdefault(slug, {})
    before = effort_of(table)
    since_s = round((now - datetime.datetime.fromisoformat(last)).total_seconds()) if last else 0
    table |= {
        "spent_s": before.spent_s + (since_s if 0 < since_s <= PAUSE_S else 0),
        "checks": before.checks + 1,
        "checked_at": now.isoformat(timespec="seconds"),
        "breaks": before.breaks + breaks,
        "trouble": trouble,
    }
