from django.urls import path

from echo.consumers import EchoConsumer, RaceConsumer

websocket_urlpatterns = [
    path("ws/ac/", EchoConsumer.as_asgi()),
    path("ws/race/", RaceConsumer.as_asgi()),
]
