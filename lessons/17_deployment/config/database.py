"""The two databases that the lesson runs on, as Django's DATABASES wants them."""

from urllib.parse import unquote, urlsplit


def database(url):
    """Read sqlite:///the/path/of/the.file, or postgresql://user:password@host:5432/name."""
    parts = urlsplit(url)
    return sqlite(parts.path) if parts.scheme == "sqlite" else postgresql(url)


def sqlite(path):
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            # A transaction waits for its turn at its beginning, before it has read anything: up to 20 seconds.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        },
    }


def postgresql(url):
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.removeprefix("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
    }
