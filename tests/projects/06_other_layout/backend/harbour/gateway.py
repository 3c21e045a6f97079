"""Where the harbour meets the sea."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harbour.settings.dev")

from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application

http = ASGIStaticFilesHandler(get_asgi_application())

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import re_path

from quay.sockets import Lamp

app = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AllowedHostsOriginValidator(URLRouter([re_path(r"^lamp$", Lamp.as_asgi())])),
    }
)
