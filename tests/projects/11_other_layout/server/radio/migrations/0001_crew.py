from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import migrations, models

CREW = {"ana": ["tea"], "ben": ["tea", "garden"], "cleo": ["garden"], "<b>dan</b>": ["tea"]}


def sign_on(apps, schema_editor):
    password = make_password("tea-for-two")
    for name, titles in CREW.items():
        person = apps.get_model("auth", "User").objects.create(username=name, password=password)
        for title in titles:
            channel, _ = apps.get_model("radio", "Channel").objects.get_or_create(title=title)
            apps.get_model("radio", "Membership").objects.create(person=person, channel=channel)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=80, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("person", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)),
                ("channel", models.ForeignKey("radio.Channel", models.CASCADE)),
            ],
        ),
        migrations.RunPython(sign_on),
    ]
