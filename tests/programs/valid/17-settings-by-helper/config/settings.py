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

from django.core.exceptions import ImproperlyConfigured

from config.database import database, sqlite

BASE_DIR = Path(__file__).resolve().parent.parent



def env(name, read=str, default=None):
    """Read a variable of the environment; without a default it has to be there."""
    text = os.environ.get(f"DJANGO_{name}")
    if text is None and default is None:
        raise ImproperlyConfigured(f"Set DJANGO_{name}.")
    return default if text is None else read(text)


def names(text):
    return list(filter(None, map(str.strip, text.split(","))))


SECRET_KEY = env("SECRET_KEY")
DEBUG = env("DEBUG", lambda text: text == "1", default=False)
ALLOWED_HOSTS = env("ALLOWED_HOSTS", names, default=[])
if not SECRET_KEY:
    raise ImproperlyConfigured("DJANGO_SECRET_KEY is empty.")

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
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# nginx says in this header how the request came; it writes it anew each time, so that nobody else can.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if not DEBUG:
    SECURE_SSL_REDIRECT = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

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
STATIC_ROOT = Path(os.environ.get("DJANGO_STATIC_ROOT") or BASE_DIR / "staticfiles")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"short": {"format": "%(levelname)s [%(process)d] %(name)s %(message)s"}},
    "handlers": {
        "err": {"class": "logging.StreamHandler", "formatter": "short", "stream": "ext://sys.stderr"},
    },
    "loggers": {
        "": {"handlers": ["err"], "level": "INFO"},
        "django": {"handlers": ["err"], "level": "INFO", "propagate": False},
        "courses": {"handlers": ["err"], "level": "INFO", "propagate": False},
    },
}
