from django.http import HttpResponse


def index(request):
    return HttpResponse("The tea room is open.")
