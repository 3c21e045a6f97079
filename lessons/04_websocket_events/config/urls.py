from django.urls import path

from events.views import index, tell_last_close

urlpatterns = [
    path("", index),
    path("last-close/", tell_last_close),
]
