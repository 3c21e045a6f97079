"""ASGI entry point of the tea room."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.core.handlers.asgi import ASGIHandler  # noqa: E402

from config.routing import websockets  # noqa: E402

doors = {"http": ASGIHandler()}
doors["websocket"] = websockets

application = ProtocolTypeRouter(doors)
