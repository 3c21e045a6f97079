from django.http import JsonResponse
from django.urls import path


async def health(request):
    return JsonResponse({"light": "on"})


urlpatterns = [path("health/", health)]
