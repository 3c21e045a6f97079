from django.db import transaction
from django.shortcuts import get_object_or_404
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.response import Response

from bench.jobs import carry_out
from bench.models import Order


class OrderSerializer(serializers.ModelSerializer):
    duration = serializers.FloatField(source="seconds", min_value=0, max_value=60)
    status = serializers.CharField(source="state", read_only=True)

    class Meta:
        model = Order
        fields = ["id", "status", "duration", "made_at"]


@api_view(["POST"])
@transaction.atomic
def tasks(request):
    incoming = OrderSerializer(data=request.data)
    incoming.is_valid(raise_exception=True)
    order = incoming.save()
    transaction.on_commit(lambda: carry_out.delay(order.pk))
    return Response(incoming.data, status=status.HTTP_201_CREATED)


@api_view(["GET", "DELETE"])
def task(request, number):
    if request.method == "DELETE":
        get_object_or_404(Order, pk=number).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
    return Response(OrderSerializer(get_object_or_404(Order, pk=number)).data)
