import hashlib
import json

from asgiref.sync import AsyncToSync
from channels.generic.websocket import WebsocketConsumer


class BadFrame(Exception):
    pass


class RoomMixin:
    """Somebody who is in one room from the beginning of the connection to its end."""

    room_group = None

    def websocket_connect(self, message):
        room = self.scope["url_route"]["kwargs"]["room_name"]
        digest = hashlib.md5(room.encode(), usedforsecurity=False).hexdigest()
        self.room_group = "chat-" + digest
        AsyncToSync(self.channel_layer.group_add)(self.room_group, self.channel_name)
        super().websocket_connect(message)

    def disconnect(self, code):
        AsyncToSync(self.channel_layer.group_discard)(self.room_group, self.channel_name)

    def broadcast(self, **data):
        AsyncToSync(self.channel_layer.group_send)(self.room_group, {**data, "type": "room.event"})


class ChatConsumer(RoomMixin, WebsocketConsumer):
    """Hand every message on to everyone in the room."""

    def receive(self, text_data=None, bytes_data=None):
        try:
            self.broadcast(message=self.parse(text_data))
        except BadFrame as reason:
            self.send(json.dumps({"error": str(reason)}))

    def room_event(self, event):
        self.send(json.dumps({"message": event["message"]}))

    @staticmethod
    def parse(text):
        try:
            content = json.loads(text or "")
        except (ValueError, RecursionError) as error:
            raise BadFrame("no JSON") from error
        match content:
            case {"message": str(message)}:
                if any("\ud800" <= letter <= "\udfff" for letter in message):
                    raise BadFrame("half a character")
                return message
        raise BadFrame('no object with a text under "message"')
