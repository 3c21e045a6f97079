import json

from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .booking import book, shape
from .models import Class


@login_required
def desk(request):
    return render(request, "desk.html", {"places": Class.objects.all(), "me": request.user.get_username()})


@csrf_exempt
@require_POST
def sections(request):
    told = json.loads(request.body)
    companion = Class.objects.filter(pk=told.get("lab")).first()
    place = Class.objects.create(code=told["section"], name=told["title"], seats=told["seats"], companion=companion)
    return JsonResponse(shape(place), status=201)


def section(request, code):
    return JsonResponse(shape(get_object_or_404(Class, pk=code)))


@csrf_exempt
@require_POST
def registrations(request):
    told = json.loads(request.body)
    user = get_user_model().objects.filter(username=told.get("student")).first()
    place = Class.objects.filter(pk=told.get("section")).first()
    if not user or not place:
        return HttpResponseBadRequest("Who, and where?")
    problem = book(user, place)
    return JsonResponse({"problem": problem}, status=422 if problem else 200)
