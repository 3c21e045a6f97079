"""Pages and sockets of the service, in one place."""

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application
from django.shortcuts import render
from django.urls import path

if not django.apps.apps.ready:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "service.conf")
pages = ASGIStaticFilesHandler(get_asgi_application())


async def door(request):
    return render(request, "talk/door.html")


async def room(request, room_name):
    return render(request, "talk/room.html", {"socket": f"/ws/chat/{room_name}/"})


urlpatterns = [path("chat/", door), path("chat/<slug:room_name>/", room)]


def sockets(scope, receive, send):
    from talk.talker import Talker

    return URLRouter([path("ws/chat/<room_name>/", Talker.as_asgi())])(scope, receive, send)


application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
