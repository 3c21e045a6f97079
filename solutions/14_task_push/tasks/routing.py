from django.urls import path

from tasks.consumers import TasksConsumer

websocket_urlpatterns = [
    path("ws/tasks/", TasksConsumer.as_asgi()),
]
