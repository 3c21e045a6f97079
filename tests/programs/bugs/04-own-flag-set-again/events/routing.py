from django.urls import path

from events.consumers import ClockConsumer, ClosedConsumer, EventsConsumer, MembersConsumer

websocket_urlpatterns = [
    path("ws/events/", EventsConsumer.as_asgi()),
    path("ws/members/", MembersConsumer.as_asgi()),
    path("ws/closed/", ClosedConsumer.as_asgi()),
    path("ws/clock/", ClockConsumer.as_asgi()),
]
