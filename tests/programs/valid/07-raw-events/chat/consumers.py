import json

from channels.consumer import SyncConsumer
from channels.exceptions import StopConsumer


class ChatConsumer(SyncConsumer):
    def websocket_connect(self, event):
        self.send({"type": "websocket.accept"})

    def websocket_receive(self, event):
        answer = answer_to(event.get("text"))
        self.send({"type": "websocket.send", "text": json.dumps(answer, indent=2)})

    def websocket_disconnect(self, event):
        raise StopConsumer()


def answer_to(text):
    try:
        return {"message": json.loads(text)["message"]}
    except TypeError:
        return {"error": "Send an object, as text."}
    except LookupError:
        return {"error": "Send a message."}
    except (ValueError, RecursionError):
        return {"error": "Send JSON."}
