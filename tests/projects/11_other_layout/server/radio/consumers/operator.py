import threading
import time
from collections import defaultdict

from asgiref.sync import async_to_sync
from channels.generic.websocket import JsonWebsocketConsumer

from radio.doors import issue

LONGEST = 2000
MOST = 10


class Patience:
    """Counts what each person has tried to say within the last second."""

    def __init__(self):
        self._lock = threading.Lock()
        self._tries = defaultdict(list)

    def is_over(self, person):
        now = time.monotonic()
        with self._lock:
            tries = [at for at in self._tries[person] if now - at < 1]
            self._tries[person] = [*tries, now]
        return len(tries) >= MOST


class Operator(JsonWebsocketConsumer):
    patience = Patience()
    welcome = False

    def connect(self):
        self.accept()
        if self.scope["refusal"]:
            self.send_json({"goodbye": self.scope["refusal"]})
            self.close(self.scope["refusal"])
            return
        self.welcome = True
        self.name = self.scope["user"].get_username()
        self.group = f"channel.{self.scope['url_route']['kwargs']['room_name']}"
        async_to_sync(self.channel_layer.group_add)(self.group, self.channel_name)
        self.tell({"type": "news", "joined": self.name})

    def receive(self, text_data=None, bytes_data=None, **kwargs):
        if not self.welcome:
            return
        try:
            super().receive(text_data, bytes_data, **kwargs)
        except (ValueError, RecursionError):
            self.send_json({"error": "This is no message."})

    def receive_json(self, content, **kwargs):
        if content == {"command": "ticket"}:
            self.send_json({"ticket": issue(self.scope["user"], self.scope["url_route"]["kwargs"]["room_name"])})
            return
        message = content.get("message") if isinstance(content, dict) else None
        if not isinstance(message, str) or len(message) > LONGEST:
            self.send_json({"error": f"A message is a text of up to {LONGEST} characters."})
        elif self.patience.is_over(self.name):
            self.send_json({"error": "Slower, please."})
        else:
            self.tell({"type": "said", "by": self.name, "text": message, "at": time.time()})

    def disconnect(self, code):
        if self.welcome:
            async_to_sync(self.channel_layer.group_discard)(self.group, self.channel_name)
            self.tell({"type": "news", "left": self.name})

    def tell(self, event):
        async_to_sync(self.channel_layer.group_send)(self.group, event)

    def said(self, event):
        self.send_json({"user": event["by"], "message": event["text"], "at": event["at"]})

    def news(self, event):
        self.send_json({key: name for key, name in event.items() if key != "type"})
