from __future__ import annotations

import json
import time
import uuid

from asgiref.sync import async_to_sync
from channels.generic.websocket import JsonWebsocketConsumer


class Room(JsonWebsocketConsumer):
    """A room on the radio; each ship in it hears each call."""

    def websocket_connect(self, message: dict) -> None:
        name = self.scope["url_route"]["kwargs"]["room_name"]
        self.groups = [f"room.{name.encode('utf-8').hex()}"]
        super().websocket_connect(message)

    def connect(self) -> None:
        self.call_sign, self.keys_down = uuid.uuid4().hex, False
        super().connect()
        self.send_json({"greeting": "Welcome aboard."})

    def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs) -> None:
        try:
            super().receive(text_data=text_data, **kwargs)
        except (ValueError, KeyError, TypeError, RecursionError) as why:
            self.send_json({"error": f"That was no call: {why!r}"})

    def receive_json(self, content: dict, **kwargs) -> None:
        if "typing" in content and "message" not in content:
            if content["typing"] is not True and content["typing"] is not False:
                raise ValueError("Somebody types or does not.")
            self.presses(content["typing"])
            return
        call = content["message"]
        if not isinstance(call, str) or not call.isprintable():
            raise ValueError("A call is a printable text.")
        self.presses(False)
        self.to_everyone("ship.calls", payload=json.dumps({"message": call, "at": time.time()}))

    def presses(self, down: bool) -> None:
        if down is not self.keys_down:
            self.keys_down = down
            self.to_everyone("ship.presses", sign=self.call_sign, down=down)

    def to_everyone(self, kind: str, **told) -> None:
        everyone = async_to_sync(self.channel_layer.group_send)
        for group in self.groups:
            everyone(group, {"type": kind, **told})

    def ship_calls(self, event: dict) -> None:
        self.send(text_data=event["payload"])

    def ship_presses(self, event: dict) -> None:
        if event["sign"] != self.call_sign:
            self.send_json({"typing": event["down"], "who": event["sign"], "at": time.time()})

    def disconnect(self, code: int) -> None:
        self.presses(False)
