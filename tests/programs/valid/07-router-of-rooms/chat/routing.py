from channels.routing import URLRouter
from django.urls import path

from chat.consumers import ChatConsumer

rooms = URLRouter([path("<slug:room_name>/", ChatConsumer.as_asgi())])

websocket_urlpatterns = [path("ws/chat/", rooms)]
