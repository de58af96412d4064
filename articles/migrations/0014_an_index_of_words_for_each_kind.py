from django.db import migrations

_WORDS = "title || body || array_to_tsvector(ARRAY['kind ' || content_type_id::text])"


def take_away(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX IF EXISTS search_words")


def bring_back(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(f"CREATE INDEX IF NOT EXISTS search_words ON modelsearch_indexentry USING gin (({_WORDS}))")


class Migration(migrations.Migration):
    # Instead of it there is one for each kind, which newsroom 0007 makes (articles.wordindex).
    dependencies = [("articles", "0013_tell_kinds_apart_by_index")]

    operations = [migrations.RunPython(take_away, bring_back)]
