"""What the checks of one run have waited for in vain, so that patience is spent once, and not by every check."""

from __future__ import annotations

from course.errors import NotRun
from course.testbed.deadlines import deadline_s

AGAIN_UNITS = 0.5  # how long a second check waits for what a first has waited for in vain
ENOUGH = 3  # checks; where so many have waited in vain for what never came, no other tries


class FailedWaits:
    """Knows by words what was waited for, which checks have in vain, and what has come at least once."""

    def __init__(self) -> None:
        """Begin with nothing waited for."""
        self._failed: dict[str, set[int]] = {}  # what was waited for -> the checks, by when they ran
        self._came: set[str] = set()
        self._check = 0

    def begin_check(self) -> None:
        """Begin another check."""
        self._check += 1

    def limit_s(self, what: str, full_s: float) -> float:
        """Return how long to wait for something: the full time, or less where a check has waited in vain.

        Raises NotRun where three checks before this one have, and it has never come.
        """
        failed = self._failed.get(what, set())
        if what not in self._came and len(failed - {self._check}) >= ENOUGH:
            raise NotRun(f"Three checks have waited in vain for {what}.")
        return min(full_s, deadline_s(AGAIN_UNITS)) if failed else full_s

    def failed(self, what: str) -> None:
        """Note that the check of this moment has waited in vain."""
        self._failed.setdefault(what, set()).add(self._check)

    def came(self, what: str) -> None:
        """Note that something has come."""
        self._came.add(what)

    def has_come(self, what: str) -> bool:
        """Tell whether something has come at least once in this run."""
        return what in self._came
