from django.urls import path

from tearoom.views import index

urlpatterns = [path("", index)]
