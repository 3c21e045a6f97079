from channels.routing import URLRouter
from django.urls import path, re_path

from .consumers import EchoConsumer

echo = EchoConsumer.as_asgi()

websocket_urlpatterns = [path("ws/", URLRouter([re_path(r"^ac/$", echo)]))]
