from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path

# TODO, on your own: announce/
urlpatterns = [path("chat/", include("chat.urls"))]

# runserver serves the static files by itself; Daphne alone does not. These routes exist only while DEBUG is true.
urlpatterns += staticfiles_urlpatterns()
