"""Where the harbour meets the sea."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harbour.settings.dev")
http = get_asgi_application()

from radio.waves import patterns  # noqa: E402

app = ProtocolTypeRouter(
    {
        "websocket": OriginValidator(AuthMiddlewareStack(URLRouter(patterns)), ["localhost", "127.0.0.1"]),
        "http": http,
    }
)
