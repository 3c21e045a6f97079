"""Where the harbour meets the sea."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harbour.settings.dev")
http = get_asgi_application()

from radio import waves  # noqa: E402

app = ProtocolTypeRouter({"websocket": AllowedHostsOriginValidator(URLRouter(waves.patterns)), "http": http})
