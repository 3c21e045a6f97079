from django.http import HttpResponse
from django.urls import path


def index(request):
    return HttpResponse("This server echoes at ws/ac/.")


urlpatterns = [path("", index)]
