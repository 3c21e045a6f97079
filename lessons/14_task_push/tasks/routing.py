from django.urls import path

websocket_urlpatterns = [
    # TODO: send ws/tasks/ to TasksConsumer.
]
