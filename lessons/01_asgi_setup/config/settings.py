"""Settings: no more than this lesson needs."""

SECRET_KEY = "for-learning-only"
DEBUG = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]

# TODO: let Daphne take over runserver, and add Channels.
TIME_ZONE = "UTC"  # Django's own default is Chicago's, and logs keep to it

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "tearoom",
]

ROOT_URLCONF = "config.urls"
# TODO: say where the ASGI application is.

STATIC_URL = "static/"
