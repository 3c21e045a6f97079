import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# TODO: keep Django for HTTP, and give WebSockets a router of their own.
application = get_asgi_application()
