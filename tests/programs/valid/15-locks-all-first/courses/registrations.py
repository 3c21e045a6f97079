from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import IntegrityError, transaction
from django.db.models import Count, F

from courses.models import Registration, Section
from courses.serializers import SectionSerializer


class Refused(Exception):
    """There is no seat for this student; the text says why."""


def register(student, section):
    """Give a student a seat in a section, and one in its lab, or raise Refused; either way tell the student."""
    try:
        take_seats(student, [pk for pk in (section.pk, section.lab_id) if pk])
    except Refused as refusal:
        tell(student, "FAILURE", data_of(section) | {"reason": f"{refusal}"})
        raise
    transaction.on_commit(lambda: tell(student, "SUCCESS", data_of(section)))


@transaction.atomic
def take_seats(student, keys):
    list(Section.objects.select_for_update().filter(pk__in=keys).order_by("pk"))  # evaluated: now nobody else has them
    full = Section.objects.filter(pk__in=keys).annotate(taken=Count("registrations")).filter(taken__gte=F("seats"))
    mine = Registration.objects.filter(student=student, section__in=keys)
    for registration in mine.select_related("section"):
        raise Refused(f"You have {registration.section.key} already.")
    for section in full:
        raise Refused(f"No seat is left in {section.key}.")
    try:
        with transaction.atomic():
            Registration.objects.bulk_create(Registration(student=student, section_id=pk) for pk in keys)
    except IntegrityError:
        raise Refused("You have one of the seats already.") from None


def data_of(section):
    return dict(SectionSerializer(section).data)


def group_of(student):
    """Return the name of the group of those who listen to a student's events."""
    return f"student.{student.pk}"


def tell(student, registration_type, registration_data):
    """Tell everybody who listens to a student's events how a registration went."""
    layer = get_channel_layer()

    async def send():
        await layer.group_send(
            group_of(student),
            {"type": "broadcast.event", "registration_type": registration_type, "registration_data": registration_data},
        )

    async_to_sync(send)()
