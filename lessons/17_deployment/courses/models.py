from django.conf import settings
from django.db import models


class Section(models.Model):
    """A course at one time in one room, with a number of seats."""

    key = models.SlugField(unique=True)
    title = models.CharField(max_length=100)
    seats = models.PositiveIntegerField()
    # A student who takes the section takes a seat in its lab too: both or neither.
    lab = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="lectures")

    @property
    def free(self):
        return self.seats - self.registrations.count()


class Registration(models.Model):
    """A student's seat."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="registrations")
    section = models.ForeignKey(Section, models.CASCADE, related_name="registrations")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "section"], name="one_seat_a_student")]
