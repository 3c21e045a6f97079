from django.urls import re_path

from .consumers import Foghorn, Purser, Watchman

at_sea = [
    re_path(r"^repeat/(?P<count>[0-9]+)/$", Foghorn.as_asgi(), name="foghorn"),
    re_path(r"^hello/(?P<ship>[-a-zA-Z0-9_]+)/$", Watchman.as_asgi(punctuation="!"), name="watchman"),
    re_path(r"^sum/(?P<holds>.+)$", Purser.as_asgi(), name="purser"),
]
