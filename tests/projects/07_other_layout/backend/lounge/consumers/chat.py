from channels.generic.websocket import JsonWebsocketConsumer


# --8<-- [start:json]
class ChatConsumer(JsonWebsocketConsumer):
    def receive(self, text_data=None, bytes_data=None):
        try:
            super().receive(text_data, bytes_data)
        except (ValueError, RecursionError):
            self.send_json({"error": "Send JSON, as text."})

    def receive_json(self, content):
        if isinstance(content, dict) and "message" in content:
            self.send_json({"message": content["message"]})
        else:
            self.send_json({"error": 'Send an object with a "message".'})


# --8<-- [end:json]
