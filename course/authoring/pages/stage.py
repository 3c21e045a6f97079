"""Where a scene for the pages is played: a project that runs, those who talk to it, and a timeline of all they say."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Protocol

from course.errors import Unmet
from course.testbed.bed import Bed
from course.testbed.browser.open_page import OpenPage
from course.testbed.clients.http import Response
from course.testbed.clients.http_session import HttpSession, HttpSite
from course.testbed.clients.transcript import Transcript, show
from course.testbed.clients.websocket_connect import Connect

MOST_EVENTS = 20  # of a scene, beside what clients say
PASSWORD = "tea-for-two"  # of everybody whom the lessons' projects know


class Asked(Protocol):
    """What can be asked over HTTP: a server, or all that is behind nginx."""

    label: str

    def post(self, path: str, body: Any) -> Response:
        """POST a body as JSON."""

    def get(self, path: str) -> Response:
        """GET a path."""


class Stage:
    """The test bed of one project, and one timeline for all who come on."""

    def __init__(self, bed: Bed) -> None:
        """Bring the project up, so that nobody waits for it at the door."""
        self.bed = bed
        self.transcript = Transcript()
        self.site = bed.site(0)
        assert self.site.host
        bed.begin_check()
        self.connect = Connect(self.site, bed.loop, self.transcript)
        self._open_page: OpenPage | None = None
        self._others = ThreadPoolExecutor(1)
        self.tells_jobs = True

    def open_page(self, path: str, name: str, **options: Any) -> Any:
        """Open a window of the browser."""
        if self._open_page is None:
            self.bed.browser_contexts.need()
            contexts, waits = self.bed.browser_contexts, self.bed.waits
            self._open_page = OpenPage(contexts, self.site, lambda: self.bed.ports, self.transcript, waits)
        return self._open_page(path, name, **options)

    def logged_in(self, name: str, site: HttpSite | None = None) -> HttpSession:
        """Let somebody log in; the timeline says no more of it than that."""
        visitor = HttpSession(name, site or self.site, Transcript())
        visitor.submit("/accounts/login/", {"username": name, "password": PASSWORD})
        self.note(name, "logs in")
        return visitor

    def note(self, who: str, what: str) -> None:
        """Write down what goes over no wire."""
        self.transcript.add(who, "·", what)

    def ask(self, who: str, method: str, path: str, body: object = None, site: Asked | None = None) -> Response:
        """Ask over HTTP, and write question and answer down."""
        asked = site or self.site
        transcript = self.transcript.toward(asked.label)
        words = f" {show(json.dumps(body))}" if body is not None else ""
        transcript.add(who, "→", f"{method} {path}{words}")
        answer = asked.post(path, body) if method == "POST" else asked.get(path)
        is_json = "json" in answer.headers.get("content-type", "")
        transcript.add(who, "←", f"HTTP {answer.status}{f' {show(answer.text)}' if is_json else ''}", answer)
        return answer

    def hear(self) -> None:
        """Write down what went over Redis up to now: before somebody ends whose connections tell who they are."""
        overheard = self.bed.overheard()
        if overheard:
            # When a member leaves while others go on is chance.
            layer = [event for event in overheard.layer if event.verb != "group_discard"]
            told = replace(overheard, layer=layer, jobs=overheard.jobs if self.tells_jobs else [])
            told.write_to(self.transcript, MOST_EVENTS)
            if self.transcript.waited_in_vain_until:
                told.tell_what_is_missing(self.transcript)
            self.bed.begin_check()

    def leave_jobs_out(self) -> None:
        """Tell nothing of jobs, and let none be done: they are beside the point."""
        self.bed.worker.pause()
        self.tells_jobs = False

    def later(self, play: Callable[[], object]) -> Future[object]:
        """Begin something that waits for what is to come, in a thread."""
        return self._others.submit(play)

    def must(self, fact: bool, seen: object = None) -> None:
        """End the scene where a fact is none; the last event, or the one that handed out `seen`, is where it shows."""
        if not fact:
            if not self.transcript.mark(seen):
                self.transcript.mark_last()
            raise Unmet("The scene can't go on.")

    def close(self) -> None:
        """Let everybody go, in silence: what they say then belongs to no scene."""
        if self._open_page:
            self._open_page.close_all()
        self.connect.close_all()
        self._others.shutdown()


Play = Callable[[Stage], None]
