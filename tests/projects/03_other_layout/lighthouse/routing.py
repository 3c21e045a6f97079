import os

import channels.auth
import channels.routing
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lighthouse.settings")
django_application = get_asgi_application()

from apps.signals.routing import router  # noqa: E402

sockets = channels.routing.URLRouter([path("ws/", router)])
application = channels.routing.ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": channels.auth.AuthMiddlewareStack(sockets),
    }
)
