from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path

from tasks.views import index

urlpatterns = [
    path("", index),
    path("tasks/", include("tasks.urls")),
]

# runserver serves the static files by itself; Daphne alone does not. These routes exist only while DEBUG is true.
urlpatterns += staticfiles_urlpatterns()
