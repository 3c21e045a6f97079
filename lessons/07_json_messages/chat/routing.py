from django.urls import path

websocket_urlpatterns = [
    # TODO: send ws/chat/<room_name>/ to ChatConsumer.
]
