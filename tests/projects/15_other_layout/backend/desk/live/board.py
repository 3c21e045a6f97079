import json

from asgiref.sync import async_to_sync
from channels.generic.websocket import WebsocketConsumer

from desk.booking import address, shape
from desk.models import Class


class Board(WebsocketConsumer):
    def connect(self):
        self.watched = set()
        self.accept()
        self.tell(type="hello", you=self.scope["user"].get_username())

    def receive(self, text_data=None, bytes_data=None):
        try:
            told = json.loads(text_data)
            if told["command"] == "watch":
                self.watch(told["section"])
                return
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

    def watch(self, code):
        if not isinstance(code, str) or not Class.objects.filter(pk=code).exists():
            raise KeyError(code)
        self.watched.add(f"c.{code}")
        async_to_sync(self.channel_layer.group_add)(f"c.{code}", self.channel_name)
        self.counted({"code": code})

    def counted(self, event):
        self.tell(type="free", **{k: v for k, v in shape(Class.objects.get(pk=event["code"])).items() if k != "title"})

    def outcome(self, event):
        self.tell(type="send", registration_type=event["kind"], registration_data=event["data"])

    def tell(self, **content):
        self.send(text_data=json.dumps(content))

    def disconnect(self, code):
        for group in self.watched:
            async_to_sync(self.channel_layer.group_discard)(group, self.channel_name)
        async_to_sync(self.channel_layer.group_discard)(address(self.scope["user"].pk), self.channel_name)
