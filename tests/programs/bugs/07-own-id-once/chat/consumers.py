import json
import math

from channels.generic.websocket import WebsocketConsumer


class ChatConsumer(WebsocketConsumer):
    """Send every message back, and say what is wrong with everything else."""

    def receive(self, text_data=None, bytes_data=None):
        try:
            self.reply({"message": read_message(text_data)})
        except ValueError as problem:
            self.reply({"error": str(problem)})

    def reply(self, content):
        self.send(text_data=json.dumps(content))



def read_message(text):
    """Return the message in a client's text; raise ValueError if there is none."""
    if text is None:
        raise ValueError("Send text, not bytes.")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):  # not JSON, or nested thousands of times
        raise ValueError("Send JSON.") from None
    if not isinstance(content, dict) or "message" not in content:
        raise ValueError('Send an object with a "message".')
    return content["message"]




OPERATIONS = {"sum": sum, "min": min, "max": max}


class CalcConsumer(ChatConsumer):
    """Answer each request with its id, and with a result or with what is wrong."""

    def receive(self, text_data=None, bytes_data=None):
        request = read_request(text_data)
        request_id = request.get("id")
        self.seen = getattr(self, "seen", [])
        if request_id in self.seen and request_id is not None:
            return
        self.seen.append(request_id)
        try:
            self.reply({"id": request_id, "result": calculate(request.get("op"), request.get("values"))})
        except (ValueError, OverflowError) as problem:
            self.reply({"id": request_id, "error": str(problem)})


def read_request(text):
    """Return the object in a client's text; what holds none is a request without anything in it."""
    try:
        content = json.loads(text)
    except (TypeError, ValueError, RecursionError):  # bytes, not JSON, or nested thousands of times
        return {}
    return content if isinstance(content, dict) else {}


def calculate(op, values):
    """Return the result of an operation; raise ValueError or OverflowError if there is none."""
    if not isinstance(op, str) or op not in OPERATIONS:
        raise ValueError(f"The op is one of: {', '.join(OPERATIONS)}.")
    if not isinstance(values, list) or not all(type(value) in (int, float) for value in values):
        raise ValueError("The values are a list of numbers.")
    result = OPERATIONS[op](values)
    if not -math.inf < result < math.inf:
        raise ValueError("The result is too large.")
    return result


