from pathlib import Path

PROJECT = "teahouse"
BACKEND = Path(__file__).resolve().parents[2]

INSTALLED_APPS = [
    "daphne",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "channels",
    "doors.apps.DoorsConfig",
]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = f"{PROJECT}.urls"
ASGI_APPLICATION = f"{PROJECT}.asgi.app"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STATIC_URL = "/static/"
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True
