from django.urls import path

from .views import Quay

urlpatterns = [path("", Quay.as_view(), name="quay")]
