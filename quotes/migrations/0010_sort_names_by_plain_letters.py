from django.db import migrations


def plain(apps, schema_editor):
    """Names with letters such as ø go under O; what is sorted by is as ``quotes.store`` has it."""
    from quotes.store import sort_key

    speakers = apps.get_model("quotes", "Speaker").objects
    changed = []
    for speaker in speakers.only("name", "kind", "sort_key").iterator(chunk_size=2000):
        key = sort_key(speaker.name, speaker.kind)
        if key != speaker.sort_key and not speaker.sort_key.isascii():
            speaker.sort_key = key
            changed.append(speaker)
    speakers.bulk_update(changed, ["sort_key"], batch_size=400)


class Migration(migrations.Migration):
    dependencies = [("quotes", "0009_index_of_rarer_kinds")]

    operations = [migrations.RunPython(plain, migrations.RunPython.noop)]
