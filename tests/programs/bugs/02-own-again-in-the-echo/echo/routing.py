from django.urls import path

from echo.consumers import CountConsumer, EchoConsumer

websocket_urlpatterns = [
    path("ws/sc/", EchoConsumer.as_asgi()),
    path("ws/count/", CountConsumer.as_asgi()),
]
