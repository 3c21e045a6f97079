"""Chooses the likely cause of a failure: rules, each from evidence to one sentence, the strongest evidence first.

A cause is confirmed when what the server recorded, or the project's source, shows it; then it is told as a fact. What
the catalogue's `sign` alone finds in the words of a failure makes a possible cause, and is told as a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from course.catalog.lessons import Lesson, lessons
from course.catalog.mistakes import Mistake, mistakes
from course.judging.exception_rules import explain
from course.project.source_queries import Source
from course.testbed.servers.server_reports import Raised

NEVER_AWAITED = re.compile(r"coroutine '(?P<name>[^']+)' was never awaited")


@dataclass(frozen=True)
class Cause:
    """Why a check failed: a catalogue entry's `name`, or an empty one where a rule speaks for itself."""

    name: str
    text: str
    confirmed: bool


@dataclass(frozen=True)
class Evidence:
    """What is known of a failure, from the strongest to the weakest."""

    lesson: Lesson
    check: str
    errors: Sequence[str]  # tracebacks, cut to the project's frames
    raised: Sequence[Raised]
    unrouted: Sequence[str]  # the paths that the project has no route for, in the words of Channels
    ignored: Sequence[str]
    forbidden: Sequence[str]
    ended: str  # why a server is gone that nobody stopped, or nothing
    crashed: Sequence[str]  # what has ended a job, as RQ keeps it in Redis
    unheard: Sequence[str]  # queues that hold jobs, and no worker takes them
    source: Source
    words: str  # of the failure, its page's console
    logs: str

    @property
    def never_awaited(self) -> list[str]:
        """The errors that tell of a coroutine that nobody awaited."""
        return [error for error in self.errors if NEVER_AWAITED.search(error)]

    @property
    def last_links(self) -> list[str]:
        """The exceptions that nobody caught, newest first, those of jobs last: of a chain, the link that left."""
        return [*(each.text for each in reversed(self.raised) if each.kind != "coroutine"), *reversed(self.crashed)]

    @property
    def happened(self) -> list[str]:
        """What was recorded beside exceptions, in the words that signs and rules look for."""
        return [
            *(each for each in self.unrouted if each.split("'")[1] in self.words),  # the path that the check asked for
            *(f"Ignored: {each}" for each in self.ignored),
            *(f"Forbidden (CSRF): {each}" for each in self.forbidden),
            *(f"Unheard: {each}" for each in self.unheard),
        ]


def diagnose(evidence: Evidence) -> Cause | None:
    """Return the likely cause, or None where nothing tells."""
    return next(_causes(evidence), None)


def _causes(evidence: Evidence) -> Iterator[Cause]:
    """Yield what may be the cause, the best first."""
    own = sorted(mistakes(evidence.lesson), key=lambda mistake: mistake.caught_by != evidence.check)
    if evidence.never_awaited:  # it outranks everything: what was not awaited has not happened
        yield from _by_source([m for m in own if _names(m, evidence.never_awaited)], evidence)
        yield from _by_sign(own, evidence, evidence.never_awaited, confirmed=True)
        of_coroutines = [mistake for mistake in own if "coroutine" in mistake.sign]
        yield from _by_sign(of_coroutines, evidence, evidence.last_links, confirmed=True)
        yield from _explained(evidence.never_awaited)
    yield from _by_source(own, evidence)
    yield from _by_sign(own, evidence, evidence.last_links, confirmed=True)
    yield from _explained(evidence.last_links)
    yield from _by_sign(own, evidence, evidence.happened, confirmed=True)
    yield from _explained(evidence.happened)
    yield from _by_sign(own, evidence, evidence.errors, confirmed=False)  # of a project that did not start
    yield from _explained(evidence.errors)
    if evidence.ended:  # a server that is gone answers nothing, whatever the code would have done
        return
    yield from _by_sign(own, evidence, [_all(evidence)], confirmed=False)
    others = [m for lesson in lessons(evidence.lesson.root) if lesson != evidence.lesson for m in mistakes(lesson)]
    # Of another lesson, the source alone says too little: an exception must show its sign, too.
    yield from _by_source([each for each in others if _names(each, evidence.last_links)], evidence)
    yield from _explained([evidence.words])  # of a project that did not start


def _by_sign(known: Iterable[Mistake], evidence: Evidence, texts: Sequence[str], *, confirmed: bool) -> Iterator[Cause]:
    """Yield the mistakes without a `source` whose sign stands in one of the texts."""
    for mistake in known:
        if not mistake.source and _names(mistake, texts):
            yield Cause(mistake.name, mistake.cause, confirmed)


def _by_source(known: Iterable[Mistake], evidence: Evidence) -> Iterator[Cause]:
    """Yield the mistakes whose `source` stands in the project, and whose sign in what was seen: that confirms them."""
    for mistake in known:
        signed = mistake.source and (not mistake.sign or _stands(mistake.sign, _all(evidence)))
        if signed and evidence.source.holds(mistake.source):
            yield Cause(mistake.name, mistake.cause, confirmed=True)


def _names(mistake: Mistake, texts: Sequence[str]) -> bool:
    """Tell whether a mistake's sign stands in one of the texts."""
    return bool(mistake.sign) and any(_stands(mistake.sign, text) for text in texts)


def _explained(texts: Iterable[str]) -> Iterator[Cause]:
    for text in texts:
        if told := explain(text):
            yield Cause("", told, confirmed=True)


def _stands(sign: str, text: str) -> bool:
    return re.search(sign, text, re.DOTALL) is not None


def _all(evidence: Evidence) -> str:
    return "\n".join([evidence.words, *evidence.errors, *evidence.happened, evidence.logs])
