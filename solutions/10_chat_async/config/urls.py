from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path

# own:
from chat.views import announce

# end own
# own instead of: urlpatterns = [path("chat/", include("chat.urls"))]
urlpatterns = [path("announce/", announce), path("chat/", include("chat.urls"))]
# end own

# runserver serves the static files by itself; Daphne alone does not. These routes exist only while DEBUG is true.
urlpatterns += staticfiles_urlpatterns()
