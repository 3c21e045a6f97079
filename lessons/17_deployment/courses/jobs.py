import logging

from django.contrib.auth.models import User

from courses.models import Section
from courses.registrations import data_of, tell

logger = logging.getLogger(__name__)


def confirm(student_id, section_id):
    """Write the letter that confirms a seat, then tell the student; a job, done in the worker's process."""
    student, section = User.objects.get(id=student_id), Section.objects.get(id=section_id)
    logger.info("A letter to %s: you have a seat in %s.", student, section.title)
    tell(student, "CONFIRMED", data_of(section))
