"""The server processes of one project: the first, and those that a check asks for beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from course.testbed.servers.daphne import Site


class Sites:
    """Holds them by their number, 0 for the first."""

    def __init__(self, start: Callable[[int], Site]) -> None:
        """Start none yet; `start` starts the one of a number."""
        self._start = start
        self._sites: list[Site] = []

    def __iter__(self) -> Iterator[Site]:
        """Return those that were asked for."""
        return iter(self._sites)

    def begin(self, index: int) -> Site:
        """Begin to start those up to this number, and return it; it may be starting still."""
        while len(self._sites) <= index:
            self._sites.append(self._start(len(self._sites)))
        return self._sites[index]

    def restart(self, index: int) -> Site:
        """Replace one by a new process."""
        self._sites[index].stop()
        self._sites[index] = self._start(index)
        return self._sites[index]

    def running(self, number: int) -> list[Site]:
        """Return the first of this number; one that was stopped, or answers nothing any more, is replaced."""
        self.begin(number - 1)
        gone = [index for index in range(number) if not (self._sites[index].host and self._sites[index].responds())]
        for site in [self.restart(index) for index in gone]:
            assert site.host  # wait for it
        return self._sites

    def heal(self) -> None:
        """Replace one that is gone, or that answers nothing any more."""
        for index, site in enumerate(self._sites):
            if site.started and (site.hung or not site.responds()):
                self.restart(index).silent = site.silent

    def stop_others(self) -> None:
        """End all but the first; one that is asked for again is a new process."""
        while len(self._sites) > 1:
            self._sites.pop().stop()

    def stop(self) -> None:
        """End them all."""
        for site in self._sites:
            site.stop()
