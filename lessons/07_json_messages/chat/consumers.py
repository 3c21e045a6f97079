from channels.generic.websocket import WebsocketConsumer


class ChatConsumer(WebsocketConsumer):
    """Send every message back, and tell what is wrong with everything else."""

    # TODO: receive a text, read the message out of its JSON, send it back as JSON.
