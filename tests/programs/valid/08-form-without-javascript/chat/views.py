import re

from django.shortcuts import redirect, render

ROOM_NAME = re.compile(r"[-a-zA-Z0-9_]+")


def index(request):
    """Ask for a room; a GET form comes back here with ?room=…"""
    room_name = request.GET.get("room", "")
    if ROOM_NAME.fullmatch(room_name):
        return redirect("room", room_name=room_name)
    return render(request, "chat/index.html")


def room(request, room_name):
    return render(request, "chat/room.html", {"room_name": room_name})
