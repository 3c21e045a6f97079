from django.urls import re_path

from echo import consumers

websocket_urlpatterns = [re_path(r"^ws/sc/$", consumers.EchoConsumer.as_asgi(), name="echo")]
