# own instead of: from django.urls import path
from django.urls import path, re_path

# end own
# own instead of: from parrot.consumers import HelloConsumer, RepeatConsumer
from parrot.consumers import HelloConsumer, RepeatConsumer, SumConsumer

# end own
websocket_urlpatterns = [
    path("ws/repeat/<int:times>/", RepeatConsumer.as_asgi()),
    path("ws/hello/<slug:name>/", HelloConsumer.as_asgi()),
    # own:
    re_path(r"^ws/sum/(?P<numbers>(?:[0-9]{1,9}/)+)$", SumConsumer.as_asgi()),
    # end own
]
