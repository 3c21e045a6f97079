from channels.security.websocket import WebsocketDenier
from django.urls import path, re_path

from parrot.consumers import HelloConsumer, RepeatConsumer

ROUTES = {
    "ws/repeat/<int:times>/": RepeatConsumer,
    "ws/hello/<slug:name>/": HelloConsumer,
}

websocket_urlpatterns = [path(pattern, consumer.as_asgi()) for pattern, consumer in ROUTES.items()]
websocket_urlpatterns.append(re_path("", WebsocketDenier.as_asgi()))
