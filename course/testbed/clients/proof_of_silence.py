"""How a check proves that nothing is on its way to a client, without waiting for silence: by a fence.

A fence is something that must come for sure: the client's own next message, or the close. Whatever is not meant for
the client would come before it.
"""

from __future__ import annotations

import json
import queue
from typing import Any

from course.errors import Unmet
from course.testbed.clients.transcript import Transcript, show


class ProofOfSilence:
    """The verbs of a client that prove silence."""

    name: str
    _transcript: Transcript
    _inbox: queue.SimpleQueue[str | bytes | None]

    @property
    def close_code(self) -> int:
        """The code with which the server closed; waits for it."""
        raise NotImplementedError

    def send(self, message: str | bytes) -> None:
        """Send one frame."""
        raise NotImplementedError

    def receive(self) -> str | bytes:
        """Wait for the next message and return it."""
        raise NotImplementedError

    def hears_nothing(self, fence: str | dict[str, Any]) -> None:
        """Prove that nothing is on its way to this client: its own `fence`, sent now, must be the next thing it hears.

        The contract must say that the client's own message comes back to it. A dict is sent as JSON, and may come
        back with more keys.
        """
        self.send(fence if isinstance(fence, str) else json.dumps(fence))
        heard = self.receive()
        if not same(heard, fence):
            self._transcript.mark(heard)
            raise Unmet(
                f"{self.name} heard something that was not meant for them.",
                expected=f"nothing before {show(fence)}, which {self.name} sent last",
                got=show(heard),
            )

    def hears_only_the_close(self) -> int:
        """Return the code with which the server closes, which must be the next thing that this client hears.

        Raises Unmet when a message comes instead, or nothing at all.
        """
        code = self.close_code
        heard = self._inbox.get()  # what came before the close, or the end itself: it is written down by now
        if heard is not None:
            self._transcript.mark(heard)
            raise Unmet(f"{self.name} heard one more message before the close.", expected="a close", got=show(heard))
        self._inbox.put(None)
        return code


def same(heard: str | bytes, fence: str | bytes | dict[str, Any]) -> bool:
    """Tell whether what was heard is a fence; an object may come back with more keys."""
    answer = read(heard)
    if isinstance(answer, dict) and isinstance(fence, dict):
        return answer.items() >= fence.items()
    return heard == fence


def read(message: str | bytes) -> str | bytes | dict[str, Any]:
    """Return the object in a text that is the JSON of one, anything else as it is."""
    try:
        content = json.loads(message) if isinstance(message, str) and message.startswith("{") else None
    except (ValueError, RecursionError):
        return message
    return content if isinstance(content, dict) else message
