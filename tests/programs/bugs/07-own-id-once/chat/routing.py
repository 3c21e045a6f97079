from django.urls import path

from chat.consumers import CalcConsumer, ChatConsumer

websocket_urlpatterns = [
    path("ws/chat/<slug:room_name>/", ChatConsumer.as_asgi()),
    path("ws/calc/", CalcConsumer.as_asgi()),
]
