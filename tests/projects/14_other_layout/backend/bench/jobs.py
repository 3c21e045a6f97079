import time

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django_rq import job

from .models import Order
from .shape import shape


def ring(order):
    event = {"type": "order_done", "order": shape(order)}
    async_to_sync(get_channel_layer().group_send)(f"order.{order.pk}", event)


@transaction.atomic
def close(number, state):
    order = Order.objects.select_for_update().get(pk=number)
    if order.state == Order.State.PENDING:
        order.state = state
        order.save()
        transaction.on_commit(lambda: ring(order))


@job("default")
def carry_out(number):
    order = Order.objects.get(pk=number)
    try:
        time.sleep(order.seconds)
        assert 1 / order.seconds
    except ArithmeticError:
        close(number, Order.State.FAILURE)
    else:
        close(number, Order.State.SUCCESS)
