from django.http import HttpResponse
from django.urls import path


def index(request):
    return HttpResponse("WebSockets live at ws/repeat/3/ and ws/hello/ana/.")


urlpatterns = [path("", index)]
