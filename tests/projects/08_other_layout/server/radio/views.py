from django.shortcuts import redirect, render
from django.views import View
from django.views.generic import TemplateView


class Harbour(View):
    """Asks for a channel, and leads there."""

    def get(self, request):
        name = request.GET.get("channel", "").strip()
        if name and "/" not in name:
            return redirect("channel", room_name=name)
        complaint = "Which one? A name, without /." if "channel" in request.GET else ""
        return render(request, "radio/harbour.html", {"complaint": complaint})


class ChannelPage(TemplateView):
    template_name = "radio/channel.html"
