from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.urls import re_path
from harbour.sockets.nobody import Nobody


async def lifespan(scope, receive, send):
    while True:
        event = await receive()
        await send({"type": f"{event['type']}.complete"})


class Protocols(ProtocolTypeRouter):
    """Django for HTTP; every WebSocket is answered, if only with a no."""

    def __init__(self):
        sockets = URLRouter([re_path("", Nobody.as_asgi())])
        super().__init__(
            {
                "lifespan": lifespan,
                "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(sockets)),
                "http": get_asgi_application(),
            }
        )
