from django.urls import path

websocket_urlpatterns = [
    # TODO: send ws/repeat/<a number>/ to RepeatConsumer, and ws/hello/<a name>/ to HelloConsumer.
]
