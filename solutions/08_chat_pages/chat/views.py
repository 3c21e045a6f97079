from django.shortcuts import render


# --8<-- [start:index]
def index(request):
    return render(request, "chat/index.html")


# --8<-- [end:index]
# --8<-- [start:room]
def room(request, room_name):
    return render(request, "chat/room.html", {"room_name": room_name})


# --8<-- [end:room]
