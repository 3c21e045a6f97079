"""Pages and sockets of the service, in one place."""

import django
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

if not django.apps.apps.ready:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "service.conf")
pages = ASGIStaticFilesHandler(get_asgi_application())


async def door(request):
    return render(request, "talk/door.html")


async def room(request, room_name):
    return render(request, "talk/room.html", {"socket": f"/ws/chat/{room_name}/"})


@csrf_exempt
def loudspeaker(request):
    if request.method != "POST":
        return HttpResponse("POST it.", status=405)
    said = request.POST.get("message", "")
    if said == "":
        return HttpResponse("Nothing said.", status=400)
    hall = get_channel_layer()
    async_to_sync(hall.group_send)("hall", {"type": "heard", "kind": "loudspeaker", "said": said})
    return HttpResponse("Told.", status=202)


urlpatterns = [path("announce/", loudspeaker), path("chat/", door), path("chat/<slug:room_name>/", room)]


def sockets(scope, receive, send):
    from talk.talker import Talker

    return URLRouter([path("ws/chat/<room_name>/", Talker.as_asgi())])(scope, receive, send)


application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
