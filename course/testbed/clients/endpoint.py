"""What WebSocket clients connect to: where it is, and what has been heard from it up to now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from course.testbed.failed_waits import FailedWaits


@dataclass(frozen=True)
class WebSocketTarget:
    """How a WebSocket gets somewhere: its address, the Origin of a page from there, and what else `connect` needs."""

    url: str
    origin: str
    headers: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


class Endpoint:
    """Something that WebSockets are opened to."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self.label = ""  # its name on a timeline, where it has one
        self.accepted = 0  # WebSockets, over the life of this server; `Connect` counts them
        self.silent: set[str] = set()  # paths whose handshake nobody answered
        self.waits = FailedWaits()  # of its clients

    def websocket_target(self, path: str) -> WebSocketTarget:
        """Return how a WebSocket gets to a path."""
        raise NotImplementedError
