"""Settings: no more than this lesson needs."""

SECRET_KEY = "for-learning-only"
DEBUG = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]

TIME_ZONE = "UTC"  # Django's own default is Chicago's, and logs keep to it

# --8<-- [start:apps]
INSTALLED_APPS = [
    "daphne",
    "channels",
    "django.contrib.staticfiles",
    "tearoom",
]
# --8<-- [end:apps]

# --8<-- [start:asgi]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
# --8<-- [end:asgi]

STATIC_URL = "static/"
