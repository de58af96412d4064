from django.db import migrations

from articles import wordindex


def one_for_each_kind(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX IF EXISTS search_words")
        wordindex.ensure(editor.connection)


def one_for_all(apps, editor):
    if editor.connection.vendor == "postgresql":
        for kind in ("article", "quote", "speaker"):
            editor.execute(f"DROP INDEX IF EXISTS search_words_{kind}")
        words = "title || body || array_to_tsvector(ARRAY['kind ' || content_type_id::text])"
        editor.execute(f"CREATE INDEX IF NOT EXISTS search_words ON modelsearch_indexentry USING gin (({words}))")


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0013_tell_kinds_apart_by_index"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(one_for_each_kind, one_for_all)]
