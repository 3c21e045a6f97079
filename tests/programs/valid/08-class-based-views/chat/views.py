from django.views.generic import TemplateView


class Index(TemplateView):
    template_name = "chat/index.html"


class Room(TemplateView):
    template_name = "chat/room.html"  # room_name comes from the route
