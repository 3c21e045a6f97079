from channels.routing import URLRouter
from django.urls import re_path

from .consumers import ChatConsumer

doors = URLRouter([re_path(r"^ws/chat/(?P<room_name>[\w-]+)/$", ChatConsumer.as_asgi())])
