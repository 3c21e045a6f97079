from channels.consumer import SyncConsumer


class EchoConsumer(SyncConsumer):
    """Send every message back to the one who sent it."""

    # TODO: accept the connection, answer each message, end when it closes.
