from django.shortcuts import render
from rest_framework import generics, status
from rest_framework.response import Response

from courses.models import Section
from courses.registrations import Refused, register
from courses.serializers import RegistrationSerializer, SectionSerializer


def index(request):
    return render(request, "courses/index.html")


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
