from django.db import migrations


def fill(apps, schema_editor):
    """The family names of persons who were there before; what it takes for one is as ``quotes.likeness`` has it."""
    from quotes.likeness import person_name

    names = apps.get_model("quotes", "SpeakerName")
    changed = []
    for name in names.objects.filter(speaker__kind="person", family="").iterator(chunk_size=2000):
        name.family = person_name(name.name).family[:200]
        changed.append(name)
        if len(changed) == 2000:
            names.objects.bulk_update(changed, ["family"], batch_size=400)
            changed = []
    names.objects.bulk_update(changed, ["family"], batch_size=400)


class Migration(migrations.Migration):
    dependencies = [("quotes", "0004_review_desk")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
