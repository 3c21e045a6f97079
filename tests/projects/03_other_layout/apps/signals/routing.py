from channels.routing import URLRouter
from django.urls import path

from .consumers.lamp import Lamp
from .consumers.regatta import Regatta

router = URLRouter([path("ac/", Lamp.as_asgi(keeper="Grace")), path("race/", Regatta.as_asgi())])
