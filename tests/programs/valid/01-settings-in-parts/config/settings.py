"""Settings of the tea room, with logging and a WSGI application that nobody reads."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = "for-learning-only"
DEBUG = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]

SERVER_APPS = ["daphne.apps.DaphneConfig", "channels.apps.ChannelsConfig"]
DJANGO_APPS = ["django.contrib.staticfiles"]
OWN_APPS = ["tearoom"]
INSTALLED_APPS = [*SERVER_APPS, *DJANGO_APPS, *OWN_APPS]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

STATIC_URL = "static/"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"short": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "short"}},
    "loggers": {"tearoom": {"handlers": ["console"], "level": "INFO"}},
}
