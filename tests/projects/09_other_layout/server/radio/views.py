from django.views.generic import TemplateView


class Harbour(TemplateView):
    template_name = "radio/harbour.html"


class Room(TemplateView):
    template_name = "radio/room.html"
