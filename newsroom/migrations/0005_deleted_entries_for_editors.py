from django.db import migrations

from newsroom.groups import grant


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0008_deleted_entries"),
        ("newsroom", "0004_uploads"),
    ]

    operations = [migrations.RunPython(lambda apps, editor: grant(apps), migrations.RunPython.noop)]
