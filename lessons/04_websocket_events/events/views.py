from django.http import HttpResponse

from events.memory import last_close


def index(request):
    return HttpResponse("WebSockets live at ws/events/, ws/members/ and ws/closed/.")


def tell_last_close(request):
    return HttpResponse(str(last_close["code"]), content_type="text/plain")
