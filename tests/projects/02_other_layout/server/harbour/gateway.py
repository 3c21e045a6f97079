"""Where the harbour meets the sea."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harbour.settings.dev")

from django.core.asgi import get_asgi_application

http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator

from radio import channels

app = ProtocolTypeRouter({"websocket": AllowedHostsOriginValidator(URLRouter(channels.patterns)), "http": http})
