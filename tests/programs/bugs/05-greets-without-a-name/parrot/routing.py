from django.urls import path

from parrot.consumers import HelloConsumer, RepeatConsumer

websocket_urlpatterns = [
    path("ws/repeat/<int:times>/", RepeatConsumer.as_asgi()),
    path("ws/hello/", HelloConsumer.as_asgi()),
    path("ws/hello/<slug:name>/", HelloConsumer.as_asgi()),
]
