"""What goes over a channel layer, in the words of Channels, read from the commands that its Redis was given.

Both layers of channels-redis are known. RedisChannelLayer keeps a group as a sorted set of channel names, and tells
in a script whom a message goes to; RedisPubSubChannelLayer subscribes and publishes, and whom that reaches stands
nowhere. What another layer does is not recognized, and nothing is said of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from course.testbed.clients.transcript import show_value
from course.testbed.servers.redis_monitor import SCRIPT, Command

GROUP = re.compile(rb".*?(?::group:|__group__)(?P<name>[\w.\-]+)")
CHANNEL_KEY = re.compile(rb".*?specific\.[\w.\-]+!?")  # of RedisChannelLayer one for all channels of a process
RECEIVERS = "__asgi_channel__"
SALT_BYTES = 12  # RedisChannelLayer begins each message with, so that two equal ones are two
MOST_NAME = 24
Message = dict[str, Any]


@dataclass
class LayerEvent:
    """One call of the layer: `verb` and `group`, if it has one; whom a message reached, where that was seen."""

    at: float
    sender: str
    verb: str
    group: str = ""
    message: Message | None = None
    reached: int | None = None

    @property
    def says(self) -> str:
        """The event in a line."""
        name = self.group if len(self.group) <= MOST_NAME else f"{self.group[:MOST_NAME]}…"
        told = f"{self.verb} {name}".rstrip()
        if self.reached is not None:
            channels = f"{self.reached} channel{'s' * (self.reached != 1)}" if self.reached else "no channel"
            told += f", reached {channels}"
        return f"{told}: {show_value(self.message)}" if self.message is not None else told


@dataclass
class _Asking:
    """A group_send of RedisChannelLayer that has asked, or is about to ask, who is in the group."""

    event: LayerEvent
    key: bytes
    has_asked: bool = False


@dataclass
class _Reader:
    """Goes through the commands; a group_send is several of them, from one connection."""

    events: list[LayerEvent] = field(default_factory=list)
    sends: list[LayerEvent] = field(default_factory=list)  # of the layer that tells whom they reach
    asking: dict[str, _Asking] = field(default_factory=dict)  # by connection
    sending: LayerEvent | None = None  # whose script runs
    is_sure: bool = True  # each message that went out belongs to a group_send that was seen

    def take(self, command: Command) -> None:
        verb = getattr(self, f"_{command.words[0].decode()}", None)
        if verb and len(command.words) > 1:
            verb(command, *command.words[1:])

    def _zadd(self, command: Command, key: bytes, *rest: bytes) -> None:
        if command.sender == SCRIPT:
            if self.sending and CHANNEL_KEY.fullmatch(key):
                self._goes_out(self.sending, rest[-1])
        elif match := GROUP.fullmatch(key):
            self._say(command, "group_add", match)
        elif CHANNEL_KEY.fullmatch(key):
            self._say(command, "send to a channel", message=read_message(rest[-1]))

    def _zrem(self, command: Command, key: bytes, *rest: bytes) -> None:
        if match := GROUP.fullmatch(key):
            self._say(command, "group_discard", match)

    def _zremrangebyscore(self, command: Command, key: bytes, *rest: bytes) -> None:
        if match := GROUP.fullmatch(key):
            before = self.asking.get(command.sender)
            self.is_sure = self.is_sure and (before is None or before.has_asked)  # else two take turns
            self.sends.append(self._say(command, "group_send", match))
            self.asking[command.sender] = _Asking(self.sends[-1], key)

    def _zrange(self, command: Command, key: bytes, *rest: bytes) -> None:
        asking = self.asking.get(command.sender)
        if asking and asking.key == key:
            asking.has_asked = True

    def _eval(self, command: Command, script: bytes, *rest: bytes) -> None:
        keys = rest[1 : 1 + int(rest[0])] if rest and rest[0].isdigit() else ()
        self.sending = None
        if keys and all(CHANNEL_KEY.fullmatch(key) for key in keys):
            asking = self.asking.pop(command.sender, None)
            self.is_sure = self.is_sure and asking is not None and asking.has_asked
            self.sending = asking.event if asking and self.is_sure else None

    def _goes_out(self, event: LayerEvent, payload: bytes) -> None:
        message = read_message(payload)
        receivers = message.pop(RECEIVERS, None) if message else None
        event.message = message
        if isinstance(receivers, list):
            event.reached = (event.reached or 0) + len(receivers)
        elif event in self.sends:
            self.sends.remove(event)  # whom it reaches can't be read

    def _publish(self, command: Command, channel: bytes, payload: bytes = b"") -> None:
        if match := GROUP.fullmatch(channel):
            self._say(command, "group_send", match, read_message(payload))
        elif CHANNEL_KEY.fullmatch(channel):
            self._say(command, "send to a channel", message=read_message(payload))

    def _subscribe(self, command: Command, *channels: bytes) -> None:
        for match in filter(None, map(GROUP.fullmatch, channels)):
            self._say(command, "group_add", match)

    def _unsubscribe(self, command: Command, *channels: bytes) -> None:
        for match in filter(None, map(GROUP.fullmatch, channels)):
            self._say(command, "group_discard", match)

    def _say(
        self, command: Command, verb: str, match: re.Match[bytes] | None = None, message: Message | None = None
    ) -> LayerEvent:
        group = match["name"].decode() if match else ""
        self.events.append(LayerEvent(command.at, command.sender, verb, group, message))
        return self.events[-1]


def layer_events(commands: Iterable[Command]) -> list[LayerEvent]:
    """Return what went over the layer, in its order."""
    reader = _Reader()
    for command in commands:
        reader.take(command)
    if reader.is_sure:
        for event in reader.sends:
            event.reached = event.reached or 0
    return reader.events


def read_message(payload: bytes) -> Message | None:
    """Return the message that a layer has packed, or None where it is packed in another way, encrypted for one."""
    import msgpack  # type: ignore[import-untyped] # only a failure needs it

    for unpack in (msgpack.unpackb, json.loads):
        for start in (SALT_BYTES, 0):
            try:
                found = unpack(payload[start:])
            except (ValueError, RecursionError):
                continue
            if isinstance(found, dict) and all(isinstance(key, str) for key in found):
                return found
    return None
