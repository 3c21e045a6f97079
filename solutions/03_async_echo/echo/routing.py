from django.urls import path

# own instead of: from echo.consumers import EchoConsumer
from echo.consumers import EchoConsumer, RaceConsumer

# end own
websocket_urlpatterns = [
    path("ws/ac/", EchoConsumer.as_asgi()),
    # own:
    path("ws/race/", RaceConsumer.as_asgi()),
    # end own
]
