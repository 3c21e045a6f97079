import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teahouse.settings.dev")
django.setup()

from channels.routing import ProtocolTypeRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from doors.sockets import sockets  # noqa: E402

app = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": AllowedHostsOriginValidator(sockets)})
