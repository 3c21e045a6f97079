from functools import partial

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from courses.models import Registration, Section
from courses.serializers import SectionSerializer


class Refused(Exception):
    """There is no seat for this student; the text says why."""


# --8<-- [start:register]
def register(student, section):
    """Give a student a seat in a section, and one in its lab, or raise Refused; either way tell the student."""
    try:
        with transaction.atomic():
            take_seat(student, section)
            if section.lab:
                take_seat(student, section.lab)
            transaction.on_commit(partial(tell, student, "SUCCESS", data_of(section)))
            # own:
            for changed in filter(None, [section, section.lab]):
                transaction.on_commit(partial(tell_watchers, changed))
            # end own
    except Refused as refusal:
        tell(student, "FAILURE", {**data_of(section), "reason": str(refusal)})
        raise


# --8<-- [end:register]
# --8<-- [start:take-seat]
def take_seat(student, section):
    """Give a student a seat in one section, or raise Refused; until the commit, everybody else waits for it."""
    section = Section.objects.select_for_update().get(pk=section.pk)
    if section.registrations.filter(student=student).exists():
        raise Refused(f"{student} has a seat in {section.key} already.")
    if section.free < 1:
        raise Refused(f"{section.key} is full.")
    Registration.objects.create(student=student, section=section)


# --8<-- [end:take-seat]
def data_of(section):
    return SectionSerializer(section).data


# --8<-- [start:group]
def group_of(student):
    """Return the name of the group of those who listen to a student's events."""
    return f"student-{student.pk}"


# --8<-- [end:group]
# --8<-- [start:tell]
def tell(student, registration_type, registration_data):
    """Tell everyone who listens to a student's events how a registration went."""
    event = {
        "type": "broadcast.event",
        "registration_type": registration_type,
        "registration_data": registration_data,
    }
    async_to_sync(get_channel_layer().group_send)(group_of(student), event)


# --8<-- [end:tell]


# own:
def group_of_section(section):
    """Return the name of the group of those who watch a section's free seats."""
    return f"section-{section.pk}"


def tell_watchers(section):
    """Tell everyone who watches a section that its seats have changed; how many are free, they look up."""
    event = {"type": "section.changed", "section": section.key}
    async_to_sync(get_channel_layer().group_send)(group_of_section(section), event)


# end own
