from django.urls import re_path

from .views import LastClose

urlpatterns = [re_path(r"^last-close/$", LastClose.as_view(), name="last-close")]
