import json

from asgiref.sync import async_to_sync
from channels.generic.websocket import WebsocketConsumer

from desk.booking import address


class Board(WebsocketConsumer):
    def connect(self):
        self.accept()
        self.tell(type="hello", you=self.scope["user"].get_username())

    def receive(self, text_data=None, bytes_data=None):
        try:
            told = json.loads(text_data)
            change = {"subscribe": self.channel_layer.group_add, "unsubscribe": self.channel_layer.group_discard}
            act = change[told["command"]]
            self.check(told["student"])
        except (TypeError, ValueError, KeyError, PermissionError, RecursionError) as problem:
            self.tell(error=repr(problem))
            return
        async_to_sync(act)(address(self.scope["user"].pk), self.channel_name)
        words = {"subscribe": "Subscribed to", "unsubscribe": "Unsubscribed from"}[told["command"]]
        self.tell(type=told["command"], message=f"{words} {told['student']} events.")

    def check(self, student):
        user = self.scope["user"]
        if user.is_anonymous or user.get_username() != student:
            raise PermissionError(student)

    def outcome(self, event):
        self.tell(type="send", registration_type=event["kind"], registration_data=event["data"])

    def tell(self, **content):
        self.send(text_data=json.dumps(content))

    def disconnect(self, code):
        async_to_sync(self.channel_layer.group_discard)(address(self.scope["user"].pk), self.channel_name)
