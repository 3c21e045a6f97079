from django.urls import re_path

from . import consumers

websocket_urlpatterns = [
    re_path(r"^ws/repeat/(?P<times>[0-9]+)/$", consumers.RepeatConsumer.as_asgi()),
    re_path(r"^ws/hello/(?P<name>[-a-zA-Z0-9_]+)/$", consumers.HelloConsumer.as_asgi()),
]
