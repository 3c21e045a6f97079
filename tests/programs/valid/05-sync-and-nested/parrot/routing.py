from channels.routing import URLRouter
from channels.security.websocket import WebsocketDenier
from django.urls import path, re_path

from parrot import consumers

inner = [
    path("repeat/<int:times>/", consumers.RepeatConsumer.as_asgi(), name="repeat"),
    re_path(r"^hello/(?P<name>[-a-zA-Z0-9_]+)/$", consumers.HelloConsumer.as_asgi(), name="hello"),
    re_path(r"", WebsocketDenier.as_asgi()),
]
websocket_urlpatterns = [path("ws/", URLRouter(inner)), re_path(r"", WebsocketDenier.as_asgi())]
