import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lighthouse.settings")
django_application = get_asgi_application()

import channels.auth
import channels.routing
from django.urls import path

from apps.signals.routing import router

application = channels.routing.ProtocolTypeRouter(
    dict(
        http=django_application,
        websocket=channels.auth.AuthMiddlewareStack(channels.routing.URLRouter([path("ws/", router)])),
    )
)
