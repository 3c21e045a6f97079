from channels.routing import URLRouter
from django.urls import path

from .consumers.lamp import Lamp

router = URLRouter([path("ac/", Lamp.as_asgi(keeper="Grace"))])
