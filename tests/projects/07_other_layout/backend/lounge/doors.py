from channels.routing import URLRouter
from django.urls import re_path

from .consumers import AbacusConsumer, ChatConsumer

doors = URLRouter(
    [
        re_path(r"^ws/chat/(?P<room_name>[\w-]+)/$", ChatConsumer.as_asgi()),
        re_path(r"^ws/calc/$", AbacusConsumer.as_asgi()),
    ]
)
