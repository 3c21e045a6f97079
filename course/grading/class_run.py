"""Judges a class: one lesson, many submissions, side by side; what is judged is recorded at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING

from course.grading.entries import Entry, taken_in
from course.grading.judge_process import Judges
from course.grading.members import Refused
from course.grading.records import Key, Records
from course.grading.snapshot import Snapshot
from course.judging.runner_pool import Job
from course.results import Isolation, Report

if TYPE_CHECKING:
    from course.grading.remote_judges import RemoteJudges

TRIED_TWICE = "It was tried twice, the second time alone."


@dataclass(frozen=True)
class Judged:
    """What came out for one entry, when its newest file was changed, and whether that was known before."""

    entry: Entry
    report: Report
    changed: float = 0.0
    known: bool = False


class ClassRun:
    """One run over the submissions of a class."""

    def __init__(
        self,
        snapshot: Snapshot,
        records: Records,
        *,
        include_slow: bool = False,
        isolation: Isolation = "caged",
        judges: Judges | RemoteJudges | None = None,
    ) -> None:
        """Begin with nothing judged; `judges` are processes of this machine unless others are named."""
        self._snapshot = snapshot
        self._records = records
        self._include_slow = include_slow
        self._isolation = isolation
        self._on_begin: Callable[[Entry], None] = lambda _: None
        self._judges = judges or Judges(apart=True)

    def judge(
        self,
        entries: Sequence[Entry],
        on_begin: Callable[[Entry], None] = lambda _: None,
        on_end: Callable[[Judged], None] = lambda _: None,
    ) -> list[Judged]:
        """Judge all entries, and return what came out in their order; `on_begin` and `on_end` are told of each.

        As many are judged at once as there are cores, or workers; without isolation, one at a time. What could not be
        judged is tried again, alone, when all others are done. When this is interrupted, what judges is ended.
        """
        self._on_begin = on_begin
        found: dict[int, Judged] = {}
        pool = ThreadPoolExecutor(1 if self._isolation == "none" else self._judges.at_once)
        try:
            begun: dict[Future[Judged], int] = {pool.submit(self._judge, entry): i for i, entry in enumerate(entries)}
            for future in as_completed(begun):
                found[begun[future]] = future.result()
                if not _is_worth_trying_again(future.result()):
                    on_end(future.result())
            for number, judged in found.items():
                if _is_worth_trying_again(judged):
                    found[number] = self._again(judged.entry)
                    on_end(found[number])
        finally:
            self._judges.close()
            pool.shutdown(cancel_futures=True)
        return [found[number] for number in range(len(entries))]

    def _again(self, entry: Entry) -> Judged:
        judged = self._judge(entry)
        if judged.report.course_error:
            told = f"{judged.report.course_error}\n{TRIED_TWICE}"
            return dataclasses.replace(judged, report=dataclasses.replace(judged.report, course_error=told))
        return judged

    def _judge(self, entry: Entry) -> Judged:
        lesson = self._snapshot.lesson
        self._on_begin(entry)
        try:
            with taken_in(entry, lesson) as project:
                key = self._key(project.digest)
                if report := self._records.find(entry.folder, key):
                    return Judged(entry, self._named(report, entry), project.changed, known=True)
                job = Job(lesson, project.folder, include_slow=self._include_slow, isolation=self._isolation)
                report = self._named(self._judges.judge(job, self._records.seed), entry)
                changed = project.changed
        except Refused as reason:
            key, changed = self._key(""), 0.0
            report = self._named(
                Report(lesson.slug, lesson.title, "", self._records.seed, (), refused=str(reason)), entry
            )
        self._records.store(entry.folder, key, report)
        return Judged(entry, report, changed)

    def _key(self, digest: str) -> Key:
        made_of = (self._snapshot.checks, self._snapshot.engine)
        return Key(digest, *made_of, seed=self._records.seed, slow=self._include_slow, isolation=self._isolation)

    def _named(self, report: Report, entry: Entry) -> Report:
        return dataclasses.replace(report, project=entry.name, submission=entry.name)


def _is_worth_trying_again(judged: Judged) -> bool:
    """Tell whether a fault of ours may be a passing one; what is missing on this machine stays missing."""
    report = judged.report
    return bool(report.course_error) or any(check.status == "error" for check in report.checks)
