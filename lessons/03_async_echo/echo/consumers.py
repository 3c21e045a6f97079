from channels.consumer import AsyncConsumer


class EchoConsumer(AsyncConsumer):
    """Send every message back to the one who sent it, once slow_reply is done with it."""

    # TODO: accept the connection, answer each text with what slow_reply (echo/slow.py) returns, end when it closes.
