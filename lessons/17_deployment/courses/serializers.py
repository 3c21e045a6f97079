from django.contrib.auth.models import User
from rest_framework import serializers

from courses.models import Section


class SectionSerializer(serializers.ModelSerializer):
    """A section as JSON; `free` is how many seats are left."""

    section = serializers.SlugField(source="key")
    lab = serializers.SlugRelatedField(slug_field="key", queryset=Section.objects.all(), allow_null=True, default=None)

    class Meta:
        model = Section
        fields = ["section", "title", "seats", "free", "lab"]


class RegistrationSerializer(serializers.Serializer):
    """What POST /registrations/ takes: the keys of a student and of a section that are there."""

    student = serializers.SlugRelatedField(slug_field="username", queryset=User.objects.all())
    section = serializers.SlugRelatedField(slug_field="key", queryset=Section.objects.all())
