# --8<-- [start:django]
import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

# own:
from django.urls import path, re_path

# end own
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Django is set up here, before anything imports its models.
django_asgi_app = get_asgi_application()


# --8<-- [end:django]
# own:
async def door(scope, receive, send):
    """Say what came in. Django is not asked."""
    said = f"{scope['type']} {scope['method']} {scope['path']}"
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": said.encode()})


# end own
# --8<-- [start:application]
application = ProtocolTypeRouter(
    {
        # own instead of: "http": django_asgi_app,
        "http": URLRouter([path("door/", door), re_path("", django_asgi_app)]),
        # end own
        "websocket": URLRouter([]),
    }
)
# --8<-- [end:application]
