from django.contrib.auth.hashers import make_password
from django.db import migrations

PASSWORD = "tea-for-two"
# Nothing stops someone from signing up under a name like the last one.
PEOPLE = ["ana", "ben", "cleo", "<b>dan</b>"]
ROOMS = {
    "tea": ["ana", "ben", "<b>dan</b>"],
    "garden": ["ben", "cleo"],
}


def fill(apps, schema_editor):
    User = apps.get_model("auth", "User")
    Room = apps.get_model("chat", "Room")
    for name in PEOPLE:
        User.objects.create(username=name, password=make_password(PASSWORD))
    for name, members in ROOMS.items():
        Room.objects.create(name=name).members.set(User.objects.filter(username__in=members))


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("chat", "0001_initial"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
