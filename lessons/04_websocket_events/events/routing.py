from django.urls import path

from events.consumers import ClosedConsumer, EventsConsumer, MembersConsumer

websocket_urlpatterns = [
    path("ws/events/", EventsConsumer.as_asgi()),
    path("ws/members/", MembersConsumer.as_asgi()),
    path("ws/closed/", ClosedConsumer.as_asgi()),
    # TODO, on your own: send ws/clock/ to a consumer that you write.
]
