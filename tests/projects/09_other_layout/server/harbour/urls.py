from django.urls import path
from radio import views

urlpatterns = [
    path("chat/", views.Harbour.as_view()),
    path("chat/<str:room_name>/", views.Room.as_view()),
]
