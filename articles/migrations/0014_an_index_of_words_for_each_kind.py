from django.db import migrations


class Migration(migrations.Migration):
    # Instead of it there is one for each kind, which newsroom 0007 makes (articles.wordindex).
    dependencies = [("articles", "0013_tell_kinds_apart_by_index")]

    operations = [
        migrations.RunSQL(
            "DROP INDEX IF EXISTS search_words",
            "CREATE INDEX IF NOT EXISTS search_words ON modelsearch_indexentry "
            "USING gin ((title || body || array_to_tsvector(ARRAY['kind ' || content_type_id::text])))",
        )
    ]
