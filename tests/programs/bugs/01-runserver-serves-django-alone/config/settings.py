"""Settings: no more than this lesson needs."""

SECRET_KEY = "for-learning-only"
DEBUG = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]

INSTALLED_APPS = [
    "daphne",
    "channels",
    "django.contrib.staticfiles",
    "tearoom",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.django_asgi_app"

STATIC_URL = "static/"
