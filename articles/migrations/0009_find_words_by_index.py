from django.db import migrations

# The search library asks for title and body together, which its indexes of each of them do not serve: PostgreSQL reads
# the whole index entries of a model. One index over both does. Nothing asks for either by itself.
_OF_THE_LIBRARY = {"modelsearch_title_e31adb_gin": "title", "modelsearch_body_61c094_gin": "body"}


def one_index(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("CREATE INDEX IF NOT EXISTS search_words ON modelsearch_indexentry USING gin ((title || body))")
        for name in _OF_THE_LIBRARY:
            editor.execute(f"DROP INDEX IF EXISTS {name}")


def as_the_library_has_it(apps, editor):
    if editor.connection.vendor == "postgresql":
        for name, column in _OF_THE_LIBRARY.items():
            editor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON modelsearch_indexentry USING gin ({column})")
        editor.execute("DROP INDEX IF EXISTS search_words")


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0008_deleted_entries"),
        ("modelsearch", "0004_rename_modelsear_autocom_476c89_gin_modelsearch_autocom_ea8581_gin_and_more"),
    ]

    operations = [migrations.RunPython(one_index, as_the_library_has_it)]
