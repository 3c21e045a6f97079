import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "seconds",
                    models.FloatField(
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(60),
                        ]
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("PENDING", "Pending"), ("SUCCESS", "Success"), ("FAILURE", "Failure")],
                        default="PENDING",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]
