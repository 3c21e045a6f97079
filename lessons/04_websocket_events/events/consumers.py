from channels.consumer import AsyncConsumer


class EventsConsumer(AsyncConsumer):
    """Send every message back, say goodbye, and remember how the connection ended."""

    # TODO: choose a subprotocol, answer each message, close after "bye", and keep the last close code.


class MembersConsumer(EventsConsumer):
    """The same, for members only: refuse everyone else at the door."""

    # TODO: accept only when has_key(self.scope), from events.members, says so.


class ClosedConsumer(EventsConsumer):
    """Let everyone in, only to tell them that the shop is closed."""

    # TODO: accept, then close with a code that the browser gets to see.
