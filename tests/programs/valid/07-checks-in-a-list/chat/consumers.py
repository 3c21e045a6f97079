import json

from channels.generic.websocket import WebsocketConsumer

CHECKS = [
    (lambda content: isinstance(content, dict), "That is no object."),
    (lambda content: "message" in content, "The object has no message."),
]


class ErrorsAreAnswers:
    """Turn a complaint of handle() into an answer."""

    def receive(self, text_data=None, bytes_data=None):
        answer = {}
        try:
            answer["message"] = self.handle(text_data)
        except Complaint as complaint:
            answer["error"] = complaint.args[0]
        self.send(text_data=json.dumps(answer, separators=(",", ":")))


class Complaint(Exception):
    pass


class ChatConsumer(ErrorsAreAnswers, WebsocketConsumer):
    def handle(self, text):
        if not isinstance(text, str):
            raise Complaint("That is no text.")
        content = load(text)
        for passes, why in CHECKS:
            if not passes(content):
                raise Complaint(why)
        return content["message"]


def load(text):
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Complaint("That is no JSON.") from None
