from urllib.parse import quote, unquote

from django.shortcuts import redirect, render
from django.views import View
from django.views.generic import TemplateView

YEAR_S = 365 * 24 * 3600


class Harbour(View):
    """Asks for a channel, and leads there."""

    def get(self, request):
        name = request.GET.get("channel", "").strip()
        if name and "/" not in name:
            return redirect("channel", room_name=name)
        complaint = "Which one? A name, without /." if "channel" in request.GET else ""
        return render(request, "radio/harbour.html", {"complaint": complaint, "heard": heard(request)})


class ChannelPage(TemplateView):
    template_name = "radio/channel.html"

    def get(self, request, room_name):
        response = super().get(request, room_name=room_name)
        names = [room_name, *(name for name in heard(request) if name != room_name)]
        response.set_cookie("heard", "|".join(quote(name) for name in names[:5]), max_age=YEAR_S, samesite="Lax")
        return response


def heard(request):
    """Return the channels that this browser has listened to."""
    return [unquote(name) for name in request.COOKIES.get("heard", "").split("|") if name]
