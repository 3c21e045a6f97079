from .base import *  # noqa: F403
from .base import BASE

DEBUG = True
SECRET_KEY = "not-a-secret"
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(BASE / "quay.db"),
        "TEST": {"NAME": str(BASE / "trials.db")},
    }
}
