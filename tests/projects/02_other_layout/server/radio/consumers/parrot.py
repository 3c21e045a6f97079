from __future__ import annotations

import logging

from channels.generic.websocket import WebsocketConsumer as Base

log = logging.getLogger(__name__)


class Parrot(Base):
    """Says again whatever it hears."""

    heard: int

    def connect(self) -> None:
        self.heard = 0
        super().connect()

    def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self.heard += 1
        self.send(text_data, bytes_data)

    def disconnect(self, code: int | None) -> None:
        log.warning("A ship left after %d messages.", self.heard)
