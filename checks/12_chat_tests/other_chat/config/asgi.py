"""The same entrance, written by somebody else."""

import os

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from chat import routing  # noqa: E402

rooms = OriginValidator(URLRouter(routing.websocket_urlpatterns), settings.ALLOWED_HOSTS)
application = ProtocolTypeRouter({"http": ASGIHandler(), "websocket": rooms})
