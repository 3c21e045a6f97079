import datetime
import json

from channels.generic.websocket import AsyncWebsocketConsumer


class Complaint(Exception):
    pass


class ChatConsumer(AsyncWebsocketConsumer):
    async def websocket_receive(self, event):
        try:
            if event.get("text") is None:
                raise Complaint("binary frames are not read here")
            answer = {"message": self.message_in(event["text"])}
        except Complaint as complaint:
            answer = {"error": {"why": str(complaint), "hint": "see the documentation"}}
        answer["at"] = datetime.datetime.now(datetime.UTC).isoformat()
        answer["room"] = self.scope["url_route"]["kwargs"]["room_name"]
        await self.send(json.dumps(answer, separators=(",", ":"), sort_keys=True))

    @staticmethod
    def message_in(text):
        try:
            return json.loads(text)["message"]
        except RecursionError:
            raise Complaint("too deep") from None
        except ValueError:
            raise Complaint("not JSON") from None
        except (KeyError, TypeError, IndexError):
            raise Complaint("no message in it") from None
