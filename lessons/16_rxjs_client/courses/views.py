from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import render
from rest_framework import generics, status
from rest_framework.response import Response

from courses.models import Section
from courses.registrations import Refused, register
from courses.serializers import RegistrationSerializer, SectionSerializer


def index(request):
    return render(request, "courses/index.html")


def seats(request):
    """Tell whoever is logged in in which sections they have a seat."""
    sections = Section.objects.filter(registrations__student=request.user.pk).order_by("key")
    return JsonResponse([section.key for section in sections], safe=False)


@login_required
def angular(request):
    return render(request, "courses/angular.html")


class SectionsView(generics.ListCreateAPIView):
    queryset = Section.objects.order_by("key")
    serializer_class = SectionSerializer


class SectionView(generics.RetrieveAPIView):
    queryset = Section.objects.all()
    serializer_class = SectionSerializer
    lookup_field = "key"


class RegistrationsView(generics.GenericAPIView):
    serializer_class = RegistrationSerializer

    def post(self, request):
        wanted = self.get_serializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        try:
            register(**wanted.validated_data)
        except Refused as refusal:
            return Response({"reason": str(refusal)}, status.HTTP_409_CONFLICT)
        return Response(wanted.data, status.HTTP_201_CREATED)
