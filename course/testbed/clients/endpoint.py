"""What WebSocket clients connect to: where it is, and what has been heard from it up to now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


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
        self.accepted = 0  # WebSockets, over the life of this server; `Connect` counts them
        self.silent: set[str] = set()  # paths whose handshake nobody answered
        self.has_spoken = False  # whether any client has ever heard a message
        self.says_nothing = False  # whether none has, and one has waited for its full time
        self.has_pushed = False  # whether a client has ever heard what it had not said itself
        self.pushes_nothing = False  # whether none has, and one has waited for its full time

    def websocket_target(self, path: str) -> WebSocketTarget:
        """Return how a WebSocket gets to a path."""
        raise NotImplementedError
