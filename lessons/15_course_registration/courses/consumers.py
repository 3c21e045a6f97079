import json

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from courses.registrations import group_of


class EventsConsumer(AsyncJsonWebsocketConsumer):
    """Tell a student how their registrations went."""

    # TODO: answer "subscribe" and "unsubscribe", refuse everything else, pass on what is broadcast.
