import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lighthouse.settings.dev")
django.setup()

from lighthouse.routers import Protocols  # noqa: E402

app = Protocols()
