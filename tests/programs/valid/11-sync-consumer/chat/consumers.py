import hashlib
import json
from time import monotonic

from asgiref.sync import async_to_sync
from channels.exceptions import StopConsumer
from channels.generic.websocket import WebsocketConsumer

from chat.models import Room


class ChatConsumer(WebsocketConsumer):
    """Hand what a member says on to everyone in the room."""

    def connect(self):
        room_name = self.scope["url_route"]["kwargs"]["room_name"]
        user = self.scope["user"]
        self.accept()
        if user.is_anonymous:
            self.refuse(4401)
        if not Room.objects.filter(name=room_name, members__pk=user.pk).exists():
            self.refuse(4403)
        self.sent = []
        self.group = "chat-" + hashlib.sha256(room_name.encode()).hexdigest()
        async_to_sync(self.channel_layer.group_add)(self.group, self.channel_name)

    def refuse(self, code):
        self.close(code)
        raise StopConsumer()

    def receive(self, text_data=None, bytes_data=None):
        try:
            text = self.read(text_data)
        except ValueError as problem:
            self.send(json.dumps({"error": str(problem)}))
            return
        async_to_sync(self.channel_layer.group_send)(
            self.group, {"type": "member.says", "who": self.scope["user"].username, "what": text}
        )

    def read(self, text_data):
        try:
            content = json.loads(text_data or "")
        except (ValueError, RecursionError):
            raise ValueError("This is no JSON.") from None
        text = content.get("message") if isinstance(content, dict) else None
        if not isinstance(text, str):
            raise ValueError("There is no text in it.")
        if len(text) > 2000:
            raise ValueError("This is too long: 2000 characters at most.")
        text.encode()
        now = monotonic()
        self.sent = [then for then in self.sent if now - then < 1]
        if len(self.sent) >= 10:
            raise ValueError("This is too fast.")
        self.sent.append(now)
        return text

    def member_says(self, event):
        self.send(json.dumps({"user": event["who"], "message": event["what"]}))

    def disconnect(self, code):
        async_to_sync(self.channel_layer.group_discard)(self.group, self.channel_name)
