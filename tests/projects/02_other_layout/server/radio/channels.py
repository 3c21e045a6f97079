from django.urls import re_path

from radio.consumers import Parrot

patterns = [re_path(r"^ws/sc/$", Parrot.as_asgi(), name="parrot")]
