"""A lesson's RQ worker as it is run while one works on it: it takes up what was saved, and comes back when it dies."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from watchfiles import PythonFilter, watch

from course.student.file_watching import has_no_events
from course.testbed.processes.process import Process

LOOK_AGAIN_S = 0.2
SIGNALLED = 128  # and the number of the signal, in the exit code of a process that was killed


class DevWorker:
    """Keeps a worker running until `stop`.

    RQ reads a project's modules once, so the worker is started anew after each save of a Python file. One that was
    killed is started anew too, as a supervisor would do it; one that ended by itself waits for the next save.
    """

    def __init__(self, folder: Path, start: Callable[[], Process], echo: Callable[[str], None]) -> None:
        """Start it; `start` gives a new process each time, and `echo` is told what happens to it."""
        self._folder = folder
        self._start = start
        self._echo = echo
        self._done = threading.Event()
        self._saved = threading.Event()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._watch, self._keep)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End it, with the job that it has at hand."""
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _watch(self) -> None:
        poll = True if has_no_events(self._folder) else None
        python = PythonFilter()
        for _ in watch(
            self._folder, watch_filter=python, stop_event=self._done, rust_timeout=500, debounce=300, force_polling=poll
        ):
            self._saved.set()

    def _keep(self) -> None:
        while not self._done.is_set():
            self._saved.clear()
            process = self._start()
            try:
                self._wait(process)
            finally:
                process.stop() if self._saved.is_set() else process.kill()

    def _wait(self, process: Process) -> None:
        """Wait until there is a reason to start it anew, or to end."""
        while not self._done.is_set() and not self._saved.is_set():
            code = process.wait(LOOK_AGAIN_S)
            if code is not None and code > SIGNALLED:
                self._echo(f"The worker was killed with signal {code - SIGNALLED}. A new one starts.")
                return
            if code is not None:
                self._echo("The worker has ended. A new one starts when a file is saved.")
                while not self._done.is_set() and not self._saved.wait(LOOK_AGAIN_S):
                    pass
                return
        if self._saved.is_set():
            self._echo("A file was saved. A new worker starts.")
