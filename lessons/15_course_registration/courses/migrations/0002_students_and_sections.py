from django.contrib.auth.hashers import make_password
from django.db import migrations

PASSWORD = "tea-for-two"
STUDENTS = [f"s{number}" for number in range(1, 31)]
# The last student came from another school and kept her username.
STUDENTS.append("zoë@tea.example")
SECTIONS = [
    ("brewing-lab", "Brewing, the lab", 2, None),
    ("brewing", "Brewing", 30, "brewing-lab"),
    ("tasting", "Tasting", 3, None),
    ("history", "History of tea", 50, None),
]


def fill(apps, schema_editor):
    User = apps.get_model("auth", "User")
    Section = apps.get_model("courses", "Section")
    password = make_password(PASSWORD)
    User.objects.bulk_create(User(username=name, password=password) for name in STUDENTS)
    for key, title, seats, lab in SECTIONS:
        lab = Section.objects.filter(key=lab).first()
        Section.objects.create(key=key, title=title, seats=seats, lab=lab)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("courses", "0001_initial"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
