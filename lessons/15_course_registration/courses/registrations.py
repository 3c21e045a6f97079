from functools import partial

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from courses.models import Registration, Section
from courses.serializers import SectionSerializer


class Refused(Exception):
    """There is no seat for this student; the text says why."""


def register(student, section):
    """Give a student a seat in a section, and one in its lab, or raise Refused; either way tell the student."""
    # TODO: both seats or neither, never more than there are; send SUCCESS after the commit, FAILURE after a refusal.
    take_seat(student, section)


def take_seat(student, section):
    """Give a student a seat in one section, or raise Refused."""
    if section.registrations.filter(student=student).exists():
        raise Refused(f"{student} has a seat in {section.key} already.")
    if section.free < 1:
        raise Refused(f"{section.key} is full.")
    Registration.objects.create(student=student, section=section)


def data_of(section):
    return SectionSerializer(section).data


def group_of(student):
    """Return the name of the group of those who listen to a student's events."""
    # TODO: a name that is valid for every student, and that no other group has.


def tell(student, registration_type, registration_data):
    """Tell everyone who listens to a student's events how a registration went."""
    # TODO
