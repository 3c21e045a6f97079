"""Settings: what is a secret, and what differs from one machine to another, comes from the environment.

DJANGO_SECRET_KEY     signs the sessions; there is none unless you say it
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

# --8<-- [start:environment]
SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
DEBUG = os.environ.get("DJANGO_DEBUG") == "1"
ALLOWED_HOSTS = [name for name in os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(",") if name]
# --8<-- [end:environment]

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

# --8<-- [start:middleware]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# --8<-- [end:middleware]

# --8<-- [start:https]
# nginx says in this header how the request came; it writes it anew each time, so that nobody else can.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = not DEBUG
SESSION_COOKIE_SECURE = not DEBUG
CSRF_COOKIE_SECURE = not DEBUG
SECURE_HSTS_SECONDS = 0 if DEBUG else 3600  # an hour; a year, once you are sure
# Both would bind other names under your domain too, and can hardly be taken back. Decide that by yourself.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# --8<-- [end:https]

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

# --8<-- [start:static]
STATIC_URL = "static/"
STATIC_ROOT = os.environ.get("DJANGO_STATIC_ROOT", BASE_DIR / "staticfiles")
# --8<-- [end:static]

# --8<-- [start:logging]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django": {"handlers": []}},  # its own would say everything twice
}
# --8<-- [end:logging]
