from django.http import HttpResponse
from django.template import loader
from django.views.decorators.http import require_safe


def page(request, name, **context):
    return HttpResponse(loader.render_to_string(f"chat/{name}.html", context, request))


@require_safe
def index(request):
    return page(request, "index")


@require_safe
def room(request, room_name):
    return page(request, "room", room_name=room_name)
