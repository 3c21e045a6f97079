import django_rq
from django.contrib.auth import get_user_model


@django_rq.job
def write(user_id, code):
    from .booking import announce
    from .models import Class

    announce(get_user_model().objects.get(pk=user_id), "CONFIRMED", Class.objects.get(pk=code))
