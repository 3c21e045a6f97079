import os
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
INSTALLED_APPS = ["daphne", "channels", "django.contrib.staticfiles", "parlour"]
ROOT_URLCONF = "quay.urls"
ASGI_APPLICATION = "quay.asgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
STATIC_URL = "/assets/"
REDIS = {"address": os.environ.get("REDIS_URL", "redis://127.0.0.1:6379"), "socket_timeout": None}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [REDIS]}}}
