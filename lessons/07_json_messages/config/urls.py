from django.http import HttpResponse
from django.urls import path


def index(request):
    return HttpResponse("Rooms live at ws/chat/<room_name>/.", content_type="text/plain")


urlpatterns = [path("", index)]
