from django.shortcuts import render
from django.urls import path

urlpatterns = [
    path("chat/", lambda request: render(request, "parlour/index.html")),
    path("chat/<slug:room>/", lambda request, room: render(request, "parlour/room.html", {"room": room})),
]
