"""A project's own RQ worker."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

from course.errors import NotStarted, Unmet
from course.project.tracebacks import errors_in
from course.testbed.deadlines import comes_true, deadline_s
from course.testbed.processes.process import Process
from course.testbed.servers.daphne_launch import why_not
from course.testbed.servers.rq_jobs import RqJobs

STOP, CONTINUE = (int(getattr(signal, name, 0)) for name in ("SIGSTOP", "SIGCONT"))
UP_UNITS = 20.0  # it shares the machine with a server and a browser that start at the same time
JOB_UNITS = 5.0


class RqWorker:
    """The project's `manage.py rqworker`, a process of its own that takes the jobs of the default queue.

    Checks find it running when they begin, and may stop it, kill it and start it again.
    """

    def __init__(self, folder: Path, start: Callable[..., Process], redis_url: str) -> None:
        """Start nothing yet; `start` is given the arguments of manage.py."""
        self._folder = folder
        self._start = start
        self._process: Process | None = None
        self._is_up = False
        self._is_paused = False
        self._others: set[tuple[bytes, bytes | None]] = set()  # known before: one that was killed could not sign off
        self._past = ""  # what earlier processes have written
        self._log_begins = 0
        self._jobs = RqJobs(redis_url)

    def begin(self) -> None:
        """Begin to start it, unless it runs, and return at once."""
        if self._process is None:
            self._others = self._jobs.births()
            self._process = self._start("rqworker")

    def start(self) -> None:
        """Let it take jobs: start it, or let it go on; wait until it does.

        Raises NotStarted, with file and line, when it does not come up within twenty seconds.
        """
        self.begin()
        self._resume()
        assert self._process
        if not self._is_up and not self._comes_up(self._process):
            problem = f"The worker takes no jobs: it is not up after {deadline_s(UP_UNITS):g} s."
            if self._process.exit_code is not None:
                problem = why_not(self._process, self._folder, "The worker")
            self._end(self._process.kill)
            raise NotStarted(problem)
        self._is_up = True

    def pause(self) -> None:
        """Let it take no more jobs until `start`, as if it were very busy; a job that it has at hand goes on."""
        self._is_paused = self._process is not None and self._process.signal(STOP)
        if not self._is_paused:
            self.stop()

    def stop(self) -> None:
        """Ask it to end, which it does after the job that it has at hand; wait until it is gone."""
        self._resume()
        if self._process:
            self._end(self._process.stop)

    def kill(self) -> None:
        """Kill it with -9, and the job that it has at hand with it: neither can say or tidy up anything."""
        if self._process:
            self._end(self._process.kill)
            self._jobs.abandon()

    def drop(self) -> None:
        """Take the jobs that wait out of their queues, as if nobody had put them there."""
        self._jobs.drop()

    def double(self) -> None:
        """Let each job that waits be there twice, as after a worker that was taken for dead."""
        self._jobs.double()

    def has_begun(self) -> None:
        """Wait until it works on a job, and none waits to be taken over.

        Raises Unmet when it does not.
        """
        if not comes_true(lambda: self._jobs.running() > 0, JOB_UNITS):
            raise Unmet("The worker takes no job.", expected="a running job", got=self._state())

    def is_done(self) -> None:
        """Wait until no job waits and none runs.

        Raises Unmet when that takes longer than five seconds.
        """
        if not comes_true(lambda: self.idle, JOB_UNITS):
            raise Unmet("The worker does not finish.", expected="no job", got=self._state())

    @property
    def idle(self) -> bool:
        """Whether no job waits and none runs."""
        return not self._jobs.unfinished()

    @property
    def waiting(self) -> int:
        """How many jobs wait in the queue."""
        return self._jobs.waiting()

    @property
    def running(self) -> int:
        """How many jobs are being worked on, by this worker and others."""
        return self._jobs.running()

    @property
    def jobs(self) -> int:
        """How many jobs RQ knows of: those that wait, those that run, those that ended within the last minutes."""
        return self._jobs.count()

    @property
    def log(self) -> str:
        """What it has written since the check began."""
        return self._whole_log()[self._log_begins :]

    @property
    def crashed(self) -> list[str]:
        """The exceptions that have ended jobs since the check began, each cut to the project's own lines."""
        return [error for text in self._jobs.tracebacks() for error in errors_in(text, self._folder)]

    @property
    def errors(self) -> list[str]:
        """What ended jobs since the check began, by what RQ keeps in Redis; and beside that, what the log holds."""
        found = dict.fromkeys([*self.crashed, *errors_in(self.log, self._folder)])
        return [f"In the worker:\n{error}" for error in found]

    @property
    def unheard(self) -> list[str]:
        """The queues in which jobs wait that no worker takes, each with those that the worker listens to."""
        return [
            f"queue '{queue}' holds jobs; the worker listens to {heard}"
            for queue, heard in self._jobs.unheard().items()
        ]

    @property
    def pid(self) -> int:
        """The process id of what was started last; 0 where it does not run."""
        return self._process.pid if self._process else 0

    @property
    def why_dead(self) -> str:
        """Why it is gone though nobody stopped it, or an empty text."""
        if not self._process or not self._is_up or self._process.exit_code is None:
            return ""
        return f"The worker ended in the middle, with exit code {self._process.exit_code}."

    def begin_check(self) -> None:
        """Let the log of the next check begin here."""
        self._log_begins = len(self._whole_log())
        self._jobs.begin_check()

    def heal(self) -> None:
        """Give the next check a fair start: replace a dead worker, drop the jobs that a failed check has left."""
        if self.why_dead or self._jobs.unfinished():
            self.kill()
            self._jobs.forget()

    def close(self) -> None:
        """End it for good."""
        self.kill()
        self._jobs.close()

    def _comes_up(self, process: Process) -> bool:
        """Wait until it tells Redis that it listens; what it logs, and where, is the project's own affair."""

        def listens() -> bool:
            return bool(self._jobs.births() - self._others)

        comes_true(lambda: process.exit_code is not None or listens(), UP_UNITS)
        return process.exit_code is None and listens()

    def _resume(self) -> None:
        if self._is_paused and self._process:
            self._process.signal(CONTINUE)
        self._is_paused = False

    def _end(self, end: Callable[[], None]) -> None:
        end()
        assert self._process
        self._past += self._process.output
        self._process = None
        self._is_up = self._is_paused = False

    def _whole_log(self) -> str:
        return self._past + (self._process.output if self._process else "")

    def _state(self) -> str:
        return f"{self._jobs.waiting()} jobs in the queue, {self._jobs.running()} running"
