from django.urls import re_path

from radio.consumers import Room

patterns = [re_path(r"^ws/chat/(?P<room_name>[^/]{1,40})/$", Room.as_asgi(), name="room")]
