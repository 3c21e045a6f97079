from django.urls import path

from echo.consumers import EchoConsumer

websocket_urlpatterns = [
    path("ws/ac/", EchoConsumer.as_asgi()),
]
