from channels.generic.websocket import WebsocketConsumer


class ChatConsumer(WebsocketConsumer):
    """Send every message back, and say what is wrong with everything else."""

    # TODO: receive text, read the message from its JSON, and send it back as JSON.
