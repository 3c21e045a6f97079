"""What client and server say to each other; knows nothing of WebSockets."""

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Message:
    message: Any

    def encode(self):
        # Not asdict: it would copy what the client has sent, level by level.
        return json.dumps({"message": self.message})


@dataclass(frozen=True)
class Problem:
    error: str
    status: int = 400

    def encode(self):
        return json.dumps(asdict(self))


def decode(text_data, bytes_data):
    """Return a Message, or the Problem with what was sent."""
    if bytes_data is not None:
        return Problem("Bytes are not understood.", 415)
    try:
        content = json.loads(text_data)
    except RecursionError:
        return Problem("Nested too deep.")
    except ValueError:
        return Problem("Not JSON.")
    if type(content) is not dict:
        return Problem("Not an object.")
    if "message" not in content:
        return Problem("No message.")
    return Message(content["message"])
