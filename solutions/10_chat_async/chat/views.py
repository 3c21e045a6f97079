# own:
from channels.layers import get_channel_layer
from django.http import HttpResponse, HttpResponseBadRequest

# end own
from django.shortcuts import render

# own:
from django.views.decorators.http import require_POST

from chat.consumers import EVERYBODY

# end own


def index(request):
    return render(request, "chat/index.html")


def room(request, room_name):
    return render(request, "chat/room.html", {"room_name": room_name})


# own:
@require_POST
async def announce(request):
    message = request.POST.get("message")
    if not message:
        return HttpResponseBadRequest("Send a form with a message.")
    await get_channel_layer().group_send(EVERYBODY, {"type": "chat.message", "message": message})
    return HttpResponse(status=204)


# end own
