from django.urls import path

from parrot.consumers import HelloConsumer, RepeatConsumer
from parrot.middleware import Language

websocket_urlpatterns = [
    path("ws/repeat/<int:times>/", RepeatConsumer.as_asgi()),
    path("ws/hello/<slug:name>/", Language(HelloConsumer.as_asgi())),
]
