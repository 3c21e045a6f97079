from django.urls import re_path

from radio.consumers import Log, Parrot

patterns = [
    re_path(r"^ws/sc/$", Parrot.as_asgi(), name="parrot"),
    re_path(r"^ws/(?P<what>count)/$", Log.as_asgi(), name="log"),
]
