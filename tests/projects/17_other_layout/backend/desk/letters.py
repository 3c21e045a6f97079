import logging

import django_rq
from django.contrib.auth import get_user_model

logger = logging.getLogger(__name__)


@django_rq.job
def write(user_id, code):
    from .booking import announce
    from .models import Class

    student, booked = get_user_model().objects.get(pk=user_id), Class.objects.get(pk=code)
    logger.info("A letter to %s about %s.", student, code)
    announce(student, "CONFIRMED", booked)
