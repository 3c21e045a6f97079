from django.urls import path, re_path

from parrot.consumers import HelloConsumer, RepeatConsumer, SumConsumer

websocket_urlpatterns = [
    path("ws/repeat/<int:times>/", RepeatConsumer.as_asgi()),
    path("ws/hello/<slug:name>/", HelloConsumer.as_asgi()),
    re_path(r"^ws/sum/(?P<numbers>(?:[0-9]{1,9}/)+)$", SumConsumer.as_asgi()),
]
