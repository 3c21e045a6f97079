from desk import views
from django.conf import settings
from django.urls import include, path
from django.views.static import serve

urlpatterns = [
    path("", views.desk),
    path("accounts/", include("django.contrib.auth.urls")),
    path("sections/", views.sections),
    path("sections/<str:code>/", views.section),
    path("registrations/", views.registrations),
    path("seats/", views.seats),
    path("built/<path:path>", serve, {"document_root": settings.ROOT / "built"}),
]
