from django.urls import re_path

from parrot.consumers import HelloConsumer, RepeatConsumer


class Times:
    """What the converter int does, for re_path: a text of digits becomes a number."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        kwargs = scope["url_route"]["kwargs"]
        kwargs["times"] = int(kwargs["times"])
        return await self.app(scope, receive, send)


websocket_urlpatterns = [
    re_path(r"^ws/repeat/(?P<times>[0-9]+)/?$", Times(RepeatConsumer.as_asgi())),
    re_path(r"^ws/hello/(?P<name>[-a-zA-Z0-9_]+)/?$", HelloConsumer.as_asgi()),
]
