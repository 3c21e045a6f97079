"""Settings: good for your desk. Run like this, the site would be anybody's.

TODO: take from the environment what is a secret, and what differs from one machine to another:

DJANGO_SECRET_KEY     signs the sessions
DJANGO_ALLOWED_HOSTS  the names of the site, with commas between them
DJANGO_DEBUG          1 while you work on the site
DJANGO_STATIC_ROOT    the folder from which nginx serves the static files
DATABASE_URL          where the database is; a file beside manage.py unless it is set
REDIS_URL             where Redis is
"""

import os
from pathlib import Path

from config.database import database, sqlite

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = "for-learning-only"
DEBUG = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]

TIME_ZONE = "UTC"  # Django's own default is Chicago's, and logs keep to it

INSTALLED_APPS = [
    "daphne",
    "channels",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_rq",
    "rest_framework",
    "courses",
]

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ]
        },
    }
]

DATABASE_URL = os.environ.get("DATABASE_URL", "")
DATABASES = {"default": database(DATABASE_URL) if DATABASE_URL else sqlite(BASE_DIR / "db.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# As strong as Django's default, and quicker: the checks log in many times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# The course starts a Redis for you and says here where it is. On your own, start one at the usual port.
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379")
RQ_QUEUES = {"default": {"URL": REDIS_URL}}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # The layer waits in Redis until somebody says something, so its connections must not give up waiting.
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}]},
    },
}

# The registration API is for the office's own systems, which send no cookies.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}

STATIC_URL = "static/"
