import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lighthouse.settings.dev")
django.setup()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator, WebsocketDenier  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.urls import path, re_path  # noqa: E402
from semaphore.languages import Languages  # noqa: E402
from semaphore.signals_at_sea import at_sea  # noqa: E402

sockets = URLRouter(
    [
        path("ws/", URLRouter(at_sea)),
        re_path(r"", WebsocketDenier.as_asgi()),
    ]
)
app = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": AllowedHostsOriginValidator(Languages(sockets)),
    }
)
