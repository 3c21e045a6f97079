"""Records what an ASGI application does wrong, where it does it, and tells the test bed.

It runs in the served process, beside Daphne, and is loaded by its path. Six things are told:

- raised: an exception that left the application, or a view (which Django turns into a 500), or a task that a consumer
  started; a coroutine that nobody awaited. A project's LOGGING can hide none of it, and what it logs is none of it.
- ignored: an event that Daphne takes and does nothing with, though no error says so.
- late: what a consumer still sends when it has been told that its client is gone.
- killed: a consumer that Daphne had to end, because it went on after its connection.
- forbidden: Django's reason for a 403, which stands in no answer outside DEBUG.
- left: how many tasks and timers that consumers started go on after their connections.
"""

import asyncio
import contextvars
import functools
import itertools
import sys
import time
import traceback
import weakref
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import FrameType
from typing import Any

Event = dict[str, Any]
Application = Callable[..., Awaitable[None]]
Tell = Callable[..., None]
KNOWN = ("websocket.accept", "websocket.close", "websocket.send")
MOST_TEXT = 16_000  # characters of a traceback; its end says most
MOST_TOLD = 200  # of each kind in the life of a server: a consumer may fail at each of many messages
ASYNCIO = str(Path(asyncio.__file__).parent)

connection: contextvars.ContextVar[int] = contextvars.ContextVar("connection", default=0)


class Recorder:
    """Wraps an application; `tell` is given the facts, and `project` is the folder of the code that is watched."""

    def __init__(self, tell: Tell, project: str) -> None:
        """Watch nothing yet."""
        self._tell = tell
        self._project = project
        self._numbers = itertools.count(1)
        self._over: set[int] = set()  # connections whose application has returned
        self._begun: Talk  # the connection whose application was called last
        self._running: dict[asyncio.Task[Any], Talk] = {}  # the applications
        self._tasks: weakref.WeakKeyDictionary[asyncio.Task[Any], int] = weakref.WeakKeyDictionary()
        self._timers: list[tuple[asyncio.TimerHandle, int]] = []
        self._told: dict[str, int] = {}
        self.is_stopping = False

    def watch_process(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hear of what happens beside the application: tasks, coroutines that nobody awaits, errors of views."""
        loop.set_task_factory(self._make_task)
        watched: Any = loop
        watched.call_at = functools.partial(self._call_at, loop.call_at)  # call_later asks it, too
        before = loop.get_exception_handler()
        loop.set_exception_handler(functools.partial(self._unretrieved, before))
        self._unraisable, sys.unraisablehook = sys.unraisablehook, self._unraisable_hook
        if signals := sys.modules.get("django.core.signals"):
            signals.got_request_exception.connect(self._view_raised, weak=False)
        if csrf := sys.modules.get("django.middleware.csrf"):
            refuse = csrf.CsrfViewMiddleware._reject

            def reject(self_: Any, request: Any, reason: str) -> Any:
                self._say("forbidden", f"{request.method} {request.path}: {reason}")
                return refuse(self_, request, reason)

            csrf.CsrfViewMiddleware._reject = reject

    def wrap(self, application: Application) -> Application:
        """Return what is called as the application is, gives what it gives, and takes down what it says.

        Nothing of it stands between the application and the server when an exception leaves: `follow` hears of that.
        """

        def watched(scope: Event, receive: Callable[[], Awaitable[Event]], send: Callable[..., Any]) -> Any:
            self._begun = talk = Talk(scope, next(self._numbers))
            connection.set(talk.number)

            async def hear() -> Event:
                event = await receive()
                talk.hears(event)
                return event

            async def answer(event: Event) -> None:
                if wrong := talk.ignored(event):
                    self._say("ignored", wrong)
                if talk.kind == "websocket" and talk.ended:
                    self._say("late", repr(event.get("type") if isinstance(event, dict) else event))
                await send(event)

            # Python tells the names of a coroutine that nobody awaits: ours are those of what they stand for.
            for ours, servers in ((hear, receive), (answer, send)):
                named: Any = getattr(servers, "func", servers)  # Daphne's `send` is a partial
                ours.__name__, ours.__qualname__ = named.__name__, named.__qualname__
            try:
                return application(scope=scope, receive=hear, send=answer)
            except BaseException as error:
                self.raised(error, scope["type"], talk.path)
                raise

        return watched

    def begin(self, create: Callable[..., Any], *arguments: Any) -> Any:
        """Let the server make an application's task, whose connection is known by its number in all that it starts."""
        token = connection.set(0)
        try:
            return create(*arguments)
        finally:
            connection.reset(token)

    def follow(self, task: "asyncio.Task[Any]") -> None:
        """Hear how the task of the application that was called last ends."""
        self._running[task] = self._begun
        task.add_done_callback(self._end)

    def look(self) -> None:
        """Take down what has ended by now, before the server does something about it."""
        for task in [task for task in self._running if task.done()]:
            self._end(task)

    def _end(self, task: "asyncio.Task[Any]") -> None:
        talk = self._running.pop(task, None)
        if talk is None:
            return
        error = None if task.cancelled() else task.exception()
        # A client left in the middle of an answer: the consumer that Daphne raises this in is never told of the end.
        # What its disconnect would have cancelled goes on, and no correct program can help it.
        if (type(error).__module__, type(error).__name__) != ("autobahn.exception", "Disconnected"):
            self._over.add(talk.number)
        if task.cancelled() and talk.ended and not self.is_stopping:
            self._say("killed", talk.path)
        if error is not None:
            self.raised(error, talk.kind, talk.path, at_end=talk.ended)

    def left(self) -> int:
        """Return how many tasks and timers, begun by the project's own code, go on though their connection is over."""
        self._timers = [each for each in self._timers if _is_set(each[0])]
        running = [number for task, number in list(self._tasks.items()) if not task.done()]
        return sum(number in self._over for number in [*running, *(number for _, number in self._timers)])

    def raised(self, error: BaseException, kind: str, path: str, *, at_end: bool = False) -> None:
        """Tell of an exception that nobody caught."""
        text = "".join(traceback.format_exception(error))[-MOST_TEXT:]
        self._say("raised", {"text": text, "kind": kind, "path": path, "at_end": at_end})

    def _say(self, kind: str, what: object) -> None:
        self._told[kind] = self._told.get(kind, 0) + 1
        if self._told[kind] <= MOST_TOLD:
            self._tell(**{kind: what})

    def _make_task(self, loop: asyncio.AbstractEventLoop, coro: Any, **options: Any) -> "asyncio.Task[Any]":
        task: asyncio.Task[Any] = asyncio.Task(coro, loop=loop, **options)
        if number := self._whose(sys._getframe(1)):
            self._tasks[task] = number
        return task

    def _call_at(self, before: Callable[..., asyncio.TimerHandle], *given: Any, **options: Any) -> asyncio.TimerHandle:
        timer = before(*given, **options)
        if number := self._whose(sys._getframe(1)):
            self._timers.append((timer, number))
        return timer

    def _whose(self, frame: FrameType) -> int:
        """Return the connection for which the project's own code asks asyncio for something, or 0."""
        asking: FrameType | None = frame
        while asking and asking.f_code.co_filename.startswith(ASYNCIO):
            asking = asking.f_back
        return connection.get() if asking and asking.f_code.co_filename.startswith(self._project) else 0

    def _unretrieved(self, before: Any, loop: asyncio.AbstractEventLoop, context: Event) -> None:
        error = context.get("exception")
        if error is not None and context.get("task", context.get("future")) in self._tasks:
            self.raised(error, "task", "")
        (before or (lambda loop, context: loop.default_exception_handler(context)))(loop, context)

    def _unraisable_hook(self, unraisable: Any) -> None:
        if isinstance(unraisable.exc_value, RuntimeWarning) and "was never awaited" in str(unraisable.exc_value):
            self._say("raised", {"text": str(unraisable.exc_value), "kind": "coroutine", "path": "", "at_end": False})
        self._unraisable(unraisable)

    def _view_raised(self, **named: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None:
            self.raised(error, "view", getattr(named.get("request"), "path", ""))


class Talk:
    """One connection, as far as its events tell what Daphne will not do anything with."""

    def __init__(self, scope: Event, number: int) -> None:
        """Begin before the first event."""
        self.number = number
        self.kind: str = scope["type"]
        self.path: str = scope.get("path", "")
        self.ended = False  # the application has been told that its client is gone
        self._closed = False
        self._asked_again = False  # a message came in after the application had closed

    def hears(self, event: Event) -> None:
        """Take in what the server tells the application."""
        kind = event.get("type")
        self.ended = self.ended or kind in ("websocket.disconnect", "http.disconnect")
        self._asked_again = self._asked_again or (self._closed and kind == "websocket.receive")

    def ignored(self, event: Event) -> str:
        """Return what is wrong with an event that Daphne does nothing with, or an empty text."""
        kind = event.get("type") if isinstance(event, dict) else None  # whatever else it is, Daphne raises
        if self.kind != "websocket" or not isinstance(kind, str):
            return ""
        if kind not in KNOWN:
            return f"an event of type {kind!r}; the types that a WebSocket knows are {', '.join(KNOWN)}"
        if self._closed and not self.ended and not self._asked_again:
            return f"{kind!r} after the consumer had closed"
        if kind == "websocket.send" and event.get("text") is None and event.get("bytes") is None:
            return f"'websocket.send' with neither 'text' nor 'bytes', but {', '.join(map(repr, event))}"
        self._closed = self._closed or kind == "websocket.close"
        return ""


def _is_set(timer: asyncio.TimerHandle) -> bool:
    """Tell whether a timer is still to call somebody."""
    return not timer.cancelled() and timer.when() > time.monotonic()
