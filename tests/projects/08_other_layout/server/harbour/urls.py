from django.urls import path
from radio.views import ChannelPage, Harbour

urlpatterns = [
    path("chat/", Harbour.as_view(), name="harbour"),
    path("chat/<str:room_name>/", ChannelPage.as_view(), name="channel"),
]
