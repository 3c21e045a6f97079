import django.db.models.deletion
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import migrations, models


def enrol(apps, schema_editor):
    password = make_password("tea-for-two")
    names = [*(f"s{number}" for number in range(1, 31)), "zoë@tea.example"]
    user = apps.get_model("auth", "User")
    user.objects.bulk_create([user(username=name, password=password) for name in names])


class Migration(migrations.Migration):
    initial = True
    dependencies = [("auth", "0012_alter_user_first_name_max_length")]
    operations = [
        migrations.CreateModel(
            name="Class",
            fields=[
                ("code", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("seats", models.IntegerField()),
                ("taken", models.IntegerField(default=0)),
                (
                    "companion",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="desk.class"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="desk.class")),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={"unique_together": {("user", "place")}},
        ),
        migrations.RunPython(enrol),
    ]
