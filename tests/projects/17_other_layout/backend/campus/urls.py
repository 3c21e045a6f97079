from desk import views
from django.urls import include, path

from .health import Health

urlpatterns = [
    path("", views.desk),
    path("accounts/", include("django.contrib.auth.urls")),
    path("sections/", views.sections),
    path("sections/<str:code>/", views.section),
    path("registrations/", views.registrations),
    path("healthz/", Health.as_view()),
]
