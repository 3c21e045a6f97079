from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import IntegrityError, transaction
from django.db.models import F

from .models import Class, Seat


def shape(place):
    return {"section": place.code, "title": place.name, "seats": place.seats, "free": place.seats - place.taken}


def address(user_id):
    return f"u.{user_id}"


def ring(code):
    async_to_sync(get_channel_layer().group_send)(f"c.{code}", {"type": "counted", "code": code})


def announce(user, kind, place, **more):
    event = {"type": "outcome", "kind": kind, "data": {**shape(place), **more}}
    async_to_sync(get_channel_layer().group_send)(address(user.pk), event)


def book(user, place):
    """Book a place and its companion; return why not, or an empty text."""
    wanted = [place.pk, *([place.companion_id] if place.companion_id else [])]
    try:
        with transaction.atomic():
            for code in wanted:
                if not Class.objects.filter(pk=code, taken__lt=F("seats")).update(taken=F("taken") + 1):
                    raise LookupError(f"No seat is left in {code}.")
                Seat.objects.create(user=user, place_id=code)
            place.refresh_from_db()
            transaction.on_commit(lambda: announce(user, "SUCCESS", place))
            transaction.on_commit(lambda: [ring(code) for code in wanted])
    except (LookupError, IntegrityError) as problem:
        place.refresh_from_db()
        announce(user, "FAILURE", place, reason=str(problem))
        return str(problem)
    return ""
