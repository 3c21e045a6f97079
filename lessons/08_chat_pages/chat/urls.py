from django.urls import path

urlpatterns = [
    # TODO: the index page, and a page for each room.
]
