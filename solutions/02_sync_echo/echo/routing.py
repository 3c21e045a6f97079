from django.urls import path

# own instead of: from echo.consumers import EchoConsumer
from echo.consumers import CountConsumer, EchoConsumer

# end own
websocket_urlpatterns = [
    path("ws/sc/", EchoConsumer.as_asgi()),
    # own:
    path("ws/count/", CountConsumer.as_asgi()),
    # end own
]
