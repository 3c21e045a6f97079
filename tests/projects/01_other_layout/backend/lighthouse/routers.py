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


class Door:
    """Says by which door somebody came."""

    async def __call__(self, scope, receive, send):
        words = [scope[key] for key in ("type", "method", "path")]
        length = b"%d" % len(" ".join(words))
        headers = [[b"Content-Type", b"text/plain"], [b"Content-Length", length]]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number, word in enumerate(words):
            more = number < len(words) - 1
            said = f"{word} " if more else word
            await send({"type": "http.response.body", "body": said.encode(), "more_body": more})


class Protocols(ProtocolTypeRouter):
    """Django for HTTP; every WebSocket is answered, if only with a no."""

    def __init__(self):
        sockets = URLRouter([re_path("", Nobody.as_asgi())])
        self.pages, self.door = get_asgi_application(), Door()
        super().__init__(
            {
                "lifespan": lifespan,
                "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(sockets)),
                "http": self.by_path,
            }
        )

    async def by_path(self, scope, receive, send):
        answer = self.door if scope["path"] == "/door/" else self.pages
        await answer(scope, receive, send)
