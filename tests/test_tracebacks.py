"""A server's log becomes errors with the learner's own lines; the logs here are Daphne's, word for word."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from course.project.tracebacks import errors_in

CONSUMERS = """\
from channels.consumer import SyncConsumer


class EchoConsumer(SyncConsumer):
    async def websocket_connect(self, event):
        await self.send({"type": "websocket.accept"})
"""

SEND_WITHOUT_AWAIT = """\
2026-11-19 22:14:36,948 INFO     Listening on TCP address 127.0.0.1:33023
127.0.0.1:40808 - - [19/Nov/2026:22:14:36] "WSCONNECTING /ws/ac/" - -
Exception ignored in: <coroutine object AsyncConsumer.send at 0x7f6331d105f0>
Traceback (most recent call last):
  File "/usr/lib/python3.11/warnings.py", line 537, in _warn_unawaited_coroutine
    warn(msg, category=RuntimeWarning, stacklevel=2, source=coro)
RuntimeWarning: coroutine 'AsyncConsumer.send' was never awaited
Coroutine created at (most recent call last)
  File "/venv/lib/python3.11/site-packages/channels/consumer.py", line 74, in dispatch
    await handler(message)
  File "PROJECT/echo/consumers.py", line 12, in websocket_connect
    self.send({"type": "websocket.accept"})
"""
SEND_WITHOUT_AWAIT_CUT = """\
  File "echo/consumers.py", line 12, in websocket_connect
    self.send({"type": "websocket.accept"})
RuntimeWarning: coroutine 'AsyncConsumer.send' was never awaited"""

MADE_IN_A_THREAD = """\
127.0.0.1:52958 - - [19/Nov/2026:22:15:05] "WSCONNECTING /ws/ac/" - -
Exception ignored in: <coroutine object EchoConsumer.websocket_connect at 0x7f5fd317bae0>
Traceback (most recent call last):
  File "/usr/lib/python3.11/warnings.py", line 537, in _warn_unawaited_coroutine
    warn(msg, category=RuntimeWarning, stacklevel=2, source=coro)
RuntimeWarning: coroutine 'EchoConsumer.websocket_connect' was never awaited
127.0.0.1:52958 - - [19/Nov/2026:22:15:07] "WSDISCONNECT /ws/ac/" - -
"""

NO_DISCONNECT_HANDLER = """\
2026-11-19 22:20:42,755 ERROR    Exception inside application: No handler for message type websocket.disconnect
Traceback (most recent call last):
  File "/venv/lib/python3.11/site-packages/channels/consumer.py", line 62, in __call__
    await await_many_dispatch([receive], self.dispatch)
  File "/venv/lib/python3.11/site-packages/channels/consumer.py", line 76, in dispatch
    raise ValueError("No handler for message type %s" % message["type"])
ValueError: No handler for message type websocket.disconnect
"""

SENDS_A_COROUTINE = """\
2026-11-19 22:14:46,565 ERROR    Exception inside application: 'coroutine' object has no attribute 'encode'
Traceback (most recent call last):
  File "/venv/lib/python3.11/site-packages/channels/routing.py", line 48, in __call__
    return await application(scope, receive, send)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/venv/lib/python3.11/site-packages/channels/consumer.py", line 74, in dispatch
    await handler(message)
  File "PROJECT/echo/consumers.py", line 21, in websocket_receive
    await self.send({"type": "websocket.send", "text": reply})
  File "/venv/lib/python3.11/site-packages/daphne/ws_protocol.py", line 261, in serverSend
    self.sendMessage(content.encode("utf8"), binary)
                     ^^^^^^^^^^^^^^
AttributeError: 'coroutine' object has no attribute 'encode'
Exception ignored in: <coroutine object slow_reply at 0x7f0a635f8790>
Traceback (most recent call last):
  File "/usr/lib/python3.11/warnings.py", line 537, in _warn_unawaited_coroutine
    warn(msg, category=RuntimeWarning, stacklevel=2, source=coro)
RuntimeWarning: coroutine 'slow_reply' was never awaited
Coroutine created at (most recent call last)
  File "/venv/lib/python3.11/site-packages/channels/consumer.py", line 74, in dispatch
    await handler(message)
  File "PROJECT/echo/consumers.py", line 20, in websocket_receive
    reply = slow_reply(event["text"])
127.0.0.1:34924 - - [19/Nov/2026:22:14:46] "WSDISCONNECT /ws/ac/" - -
"""

AWAIT_IN_A_PLAIN_DEF = """\
Traceback (most recent call last):
  File "/course/testbed/serve.py", line 84, in main
    CommandLineInterface().run(arguments)
  File "<frozen importlib._bootstrap>", line 1204, in _gcd_import
  File "./config/asgi.py", line 11, in <module>
    from echo.routing import websocket_urlpatterns  # noqa: E402
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "PROJECT/echo/consumers.py", line 12
    await self.send({"type": "websocket.accept"})
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
SyntaxError: 'await' outside async function
"""

FORGETFUL = """\
import asyncio
import sys
import threading

sys.set_coroutine_origin_tracking_depth(2)


async def slow_reply():
    pass


async def forget():
    slow_reply()


asyncio.run(forget())
thread = threading.Thread(target=lambda: bool(slow_reply()))
thread.start()
thread.join()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "echo").mkdir()
    (tmp_path / "echo" / "consumers.py").write_text(CONSUMERS)
    return tmp_path


def errors(log: str, project: Path) -> list[str]:
    return errors_in(log.replace("PROJECT", str(project)), project)


def test_a_log_without_errors_has_none(project: Path) -> None:
    """Lines of a log that tell of no error are left out."""
    assert errors(SEND_WITHOUT_AWAIT.partition("Exception ignored")[0], project) == []


def test_a_forgotten_await_is_told_like_a_traceback(project: Path) -> None:
    """The line that made the coroutine comes first, then the warning; nothing else is left."""
    assert errors(SEND_WITHOUT_AWAIT, project) == [SEND_WITHOUT_AWAIT_CUT]


def test_what_the_project_prints_is_no_part_of_a_forgotten_await(project: Path) -> None:
    """Lines that the project prints after the warning are not taken for a part of it."""
    assert errors(f"{SEND_WITHOUT_AWAIT}Someone knocks.\n", project) == [SEND_WITHOUT_AWAIT_CUT]


def test_a_log_line_ends_a_forgotten_await(project: Path) -> None:
    """Daphne's next line is not taken for a part of the warning."""
    found = errors(SEND_WITHOUT_AWAIT + NO_DISCONNECT_HANDLER, project)

    assert found == [SEND_WITHOUT_AWAIT_CUT, "ValueError: No handler for message type websocket.disconnect"]


def test_a_coroutine_made_in_a_thread_is_told_by_its_def(project: Path) -> None:
    """Python does not know who made it, so the place is where the project defines it."""
    place = '  File "echo/consumers.py", line 5, in EchoConsumer.websocket_connect'
    code = "    async def websocket_connect(self, event):"
    warning = "RuntimeWarning: coroutine 'EchoConsumer.websocket_connect' was never awaited"

    assert errors(MADE_IN_A_THREAD, project) == [f"{place}\n{code}\n{warning}"]


def test_a_coroutine_of_somebody_else_keeps_its_warning(project: Path) -> None:
    """Where neither the log nor the project knows the place, the warning stands alone."""
    log = MADE_IN_A_THREAD.replace("EchoConsumer", "OtherConsumer")

    assert errors(log, project) == ["RuntimeWarning: coroutine 'OtherConsumer.websocket_connect' was never awaited"]


def test_an_exception_keeps_the_lines_of_the_project(project: Path) -> None:
    """Frames of libraries go, the project's own stay, with paths as the learner knows them."""
    exception, warning = errors(SENDS_A_COROUTINE, project)

    assert exception == (
        '  File "echo/consumers.py", line 21, in websocket_receive\n'
        '    await self.send({"type": "websocket.send", "text": reply})\n'
        "AttributeError: 'coroutine' object has no attribute 'encode'"
    )
    assert warning == (
        '  File "echo/consumers.py", line 20, in websocket_receive\n'
        '    reply = slow_reply(event["text"])\n'
        "RuntimeWarning: coroutine 'slow_reply' was never awaited"
    )


def test_an_exception_without_a_line_of_the_project_keeps_what_it_says(project: Path) -> None:
    """Where all frames are of libraries, the last line is the error."""
    assert errors(NO_DISCONNECT_HANDLER, project) == ["ValueError: No handler for message type websocket.disconnect"]


def test_an_error_that_repeats_is_told_once(project: Path) -> None:
    """Ten sockets that fail alike are one error."""
    assert len(errors(NO_DISCONNECT_HANDLER * 10, project)) == 1


def test_a_syntax_error_keeps_its_place(project: Path) -> None:
    """The way to the file and the line that is wrong are kept, without the marks below it."""
    assert errors(AWAIT_IN_A_PLAIN_DEF, project) == [
        '  File "config/asgi.py", line 11, in <module>\n'
        "    from echo.routing import websocket_urlpatterns  # noqa: E402\n"
        '  File "echo/consumers.py", line 12\n'
        '    await self.send({"type": "websocket.accept"})\n'
        "SyntaxError: 'await' outside async function"
    ]


def test_this_python_tells_of_a_forgotten_await_as_expected(tmp_path: Path) -> None:
    """What the Python that runs this test prints is understood: in the event loop, and in a thread."""
    program = tmp_path / "forgetful.py"
    program.write_text(FORGETFUL)
    command = [sys.executable, "-W", "error:coroutine:RuntimeWarning", str(program)]
    log = subprocess.run(command, capture_output=True, text=True, check=True).stderr

    in_the_loop, in_a_thread = errors_in(log, tmp_path)

    warning = "RuntimeWarning: coroutine 'slow_reply' was never awaited"
    assert in_the_loop.endswith(f'  File "forgetful.py", line 13, in forget\n    slow_reply()\n{warning}')
    assert in_a_thread == f'  File "forgetful.py", line 8, in slow_reply\n    async def slow_reply():\n{warning}'
