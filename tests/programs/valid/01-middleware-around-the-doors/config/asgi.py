import logging
import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

logger = logging.getLogger("tearoom")


class LogConnections:
    """Note each connection, and pass it on."""

    def __init__(self, inner):
        self.inner = inner

    async def __call__(self, scope, receive, send):
        logger.debug("%s %s", scope["type"], scope.get("path"))
        return await self.inner(scope, receive, send)


def build():
    # Django first: what else is imported one day may need its models.
    http = get_asgi_application()
    return LogConnections(ProtocolTypeRouter({"http": http, "websocket": URLRouter([])}))


application = build()
