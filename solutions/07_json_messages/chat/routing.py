from django.urls import path

# own instead of: from chat.consumers import ChatConsumer
from chat.consumers import CalcConsumer, ChatConsumer

# end own
websocket_urlpatterns = [
    path("ws/chat/<slug:room_name>/", ChatConsumer.as_asgi()),
    # own:
    path("ws/calc/", CalcConsumer.as_asgi()),
    # end own
]
