from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path
from radio import views

urlpatterns = [
    path("accounts/login/", LoginView.as_view(template_name="radio/gangway.html")),
    path("accounts/logout/", LogoutView.as_view(next_page="/accounts/login/")),
    path("chat/", views.harbour, name="harbour"),
    path("chat/<str:room_name>/", views.channel, name="channel"),
]
