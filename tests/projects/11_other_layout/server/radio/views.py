from django.contrib.auth.decorators import login_required
from django.shortcuts import render


@login_required
def harbour(request):
    return render(request, "radio/harbour.html")


@login_required
def channel(request, room_name):
    return render(request, "radio/channel.html", {"room_name": room_name})
