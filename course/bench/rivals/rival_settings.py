"""The chat's settings, and a database, which a live server wants."""

from config.settings import *  # noqa: F403 - the chat's own, whatever they are

DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3", "TEST": {"NAME": "test.sqlite3"}}
}
