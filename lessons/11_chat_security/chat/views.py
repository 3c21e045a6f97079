from django.contrib.auth.decorators import login_required
from django.shortcuts import render

from chat.models import Room


@login_required
def index(request):
    return render(request, "chat/index.html", {"rooms": Room.objects.filter(members=request.user)})


@login_required
def room(request, room_name):
    if not Room.objects.filter(name=room_name, members=request.user).exists():
        return render(request, "chat/refused.html", status=403)
    return render(request, "chat/room.html", {"room_name": room_name})
