from django.urls import path

# own instead of: from events.consumers import ClosedConsumer, EventsConsumer, MembersConsumer
from events.consumers import ClockConsumer, ClosedConsumer, EventsConsumer, MembersConsumer

# end own
websocket_urlpatterns = [
    path("ws/events/", EventsConsumer.as_asgi()),
    path("ws/members/", MembersConsumer.as_asgi()),
    path("ws/closed/", ClosedConsumer.as_asgi()),
    # own:
    path("ws/clock/", ClockConsumer.as_asgi()),
    # end own
]
