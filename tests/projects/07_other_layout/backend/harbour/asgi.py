import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harbour.settings.dev")
http = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from lounge.doors import doors  # noqa: E402

application = ProtocolTypeRouter({"http": http, "websocket": AllowedHostsOriginValidator(doors)})
