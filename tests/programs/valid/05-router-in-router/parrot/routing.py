from channels.routing import URLRouter
from django.urls import path

from parrot.consumers import HelloConsumer, RepeatConsumer

repeat = URLRouter([path("<int:times>/", RepeatConsumer.as_asgi())])
hello = URLRouter([path("<slug:name>/", HelloConsumer.as_asgi())])

websocket_urlpatterns = [
    path("ws/repeat/", repeat),
    path("ws/hello/", hello),
]
