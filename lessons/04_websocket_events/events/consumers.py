from channels.consumer import AsyncConsumer


class EventsConsumer(AsyncConsumer):
    """Send every message back, say goodbye, and remember how the connection ended."""

    # TODO: choose a subprotocol, answer each message, close after "bye", keep the code of the end.


class MembersConsumer(EventsConsumer):
    """The same, for members only: the others are refused at the door."""

    # TODO: accept only when has_key(self.scope), from events.members, says so.


class ClosedConsumer(EventsConsumer):
    """Let everyone in, only to tell them that we are closed."""

    # TODO: accept, then close with a code that the browser gets to see.
