from django.urls import path, re_path

from parrot.consumers import HelloConsumer, RepeatConsumer

websocket_urlpatterns = [
    re_path(r"(?i)^ws/repeat/(?P<times>[0-9]+)/$", RepeatConsumer.as_asgi()),
    path("ws/hello/<slug:name>/", HelloConsumer.as_asgi()),
]
