"""Settings: no more than this lesson needs."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = "for-learning-only"
DEBUG = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]

TIME_ZONE = "UTC"  # Django's own default is Chicago's, and logs keep to it

INSTALLED_APPS = [
    "daphne",
    "django_rq",
    "rest_framework",
    "django.contrib.staticfiles",
    "tasks",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": BASE_DIR / "db.sqlite3",
        "ATOMIC_REQUESTS": True,  # each request is one transaction: all of it is saved, or nothing
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The course starts a Redis for you and says here where it is. On your own, start one at the usual port.
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379")
RQ_QUEUES = {"default": {"URL": REDIS_URL}}

# An API for everybody, in JSON. Who may do what is a matter of lesson 15.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}

STATIC_URL = "static/"
