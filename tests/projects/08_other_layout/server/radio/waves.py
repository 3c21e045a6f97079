from django.urls import re_path

from radio.consumers import Operator

patterns = [re_path(r"^ws/chat/(?P<room_name>[^/]+)/$", Operator.as_asgi(), name="waves")]
