from __future__ import annotations

import itertools
from collections.abc import Iterator

from channels.generic.websocket import WebsocketConsumer as Base


class Log(Base):
    """Numbers what it hears."""

    numbers: Iterator[int]

    def connect(self) -> None:
        self.turn_page()
        super().connect()

    def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if bytes_data is None and text_data == "again":
            self.turn_page()
            self.send(text_data="0")
        else:
            self.send(text_data=f"{next(self.numbers)}")

    def turn_page(self) -> None:
        self.numbers = itertools.count(1)
