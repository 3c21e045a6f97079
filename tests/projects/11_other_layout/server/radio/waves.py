from django.urls import re_path

from radio.consumers.operator import Operator
from radio.doors import CrewOnly

patterns = [re_path(r"^ws/chat/(?P<room_name>[^/]+)/$", CrewOnly(Operator.as_asgi()))]
