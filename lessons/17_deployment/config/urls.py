from django.contrib.auth.views import LoginView, LogoutView
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import path

from config.health import healthz
from courses import views

urlpatterns = [
    path("", views.index),
    path("accounts/login/", LoginView.as_view()),
    path("accounts/logout/", LogoutView.as_view()),
    path("sections/", views.SectionsView.as_view()),
    path("sections/<slug:key>/", views.SectionView.as_view()),
    path("registrations/", views.RegistrationsView.as_view()),
    path("healthz/", healthz),
]

# runserver serves the static files by itself; Daphne alone does not. These routes exist only while DEBUG is true.
urlpatterns += staticfiles_urlpatterns()
