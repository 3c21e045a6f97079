from os import getenv
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).parent.parent
SECRET_KEY = "small"
DEBUG = True
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["daphne", "channels", "django.contrib.staticfiles", "talk"]
ROOT_URLCONF = "service.web"
ASGI_APPLICATION = "service.web.application"
STATIC_URL = "/files/"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [HERE / "pages"]}]

_redis = urlsplit(getenv("REDIS_URL", "redis://localhost"))
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            "hosts": [{"host": _redis.hostname, "port": _redis.port or 6379, "db": int(_redis.path.strip("/") or 0)}],
            "symmetric_encryption_keys": [SECRET_KEY],
            "capacity": 500,
        },
    }
}
