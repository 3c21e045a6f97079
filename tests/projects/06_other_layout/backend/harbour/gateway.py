"""Where the harbour meets the sea."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harbour.settings.dev")

from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application

http = ASGIStaticFilesHandler(get_asgi_application())

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.urls import re_path  # noqa: E402
from quay.sockets import Lamp  # noqa: E402

app = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AllowedHostsOriginValidator(URLRouter([re_path(r"^lamp$", Lamp.as_asgi())])),
    }
)
