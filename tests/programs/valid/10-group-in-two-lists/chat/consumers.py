import json
import uuid

from channels.generic.websocket import AsyncJsonWebsocketConsumer

ROOMS = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


class Refused(Exception):
    pass


class ChatConsumer(AsyncJsonWebsocketConsumer):
    async def websocket_connect(self, message):
        name = self.scope["url_route"]["kwargs"]["room_name"]
        self.groups.append(f"room.{uuid.uuid5(ROOMS, name)}")
        self.count = 0
        await super().websocket_connect(message)

    async def receive(self, text_data=None, bytes_data=None, **kwargs):
        try:
            text = self.text_of(text_data)
        except Refused as refused:
            await self.send_json({"error": [str(refused)]})
        else:
            await self.channel_layer.group_send(self.groups[0], {"type": "room.says", "text": text})

    async def room_says(self, event):
        self.count += 1
        await self.send_json({"message": event["text"], "number": self.count})

    @staticmethod
    def text_of(frame):
        if frame is None:
            raise Refused("No binary frames, please.")
        try:
            match json.loads(frame):
                case {"message": str(text)} if text.isprintable() or text.encode("utf-8", "strict"):
                    return text
                case {"message": _}:
                    raise Refused("A message is text.")
        except UnicodeError:
            raise Refused("Half a letter can't be sent.") from None
        except (ValueError, RecursionError):
            raise Refused("This is not JSON.") from None
        raise Refused("There is no message in it.")
