"""The code of the last close, in Django's cache."""

from django.core.cache import cache

KEY = "last-close-code"


def write_down(code):
    cache.set(KEY, code, timeout=None)


def last_code():
    return cache.get(KEY)
