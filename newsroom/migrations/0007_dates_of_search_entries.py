from django.db import migrations

from articles import wordindex

# Of the library, for all kinds together.
_BEGUN = "modelsearch_autocom_ea8581_gin"


def with_dates(apps, editor):
    if editor.connection.vendor == "postgresql":
        wordindex.drop(editor.connection)
        wordindex.keep_dates(editor.connection)
        wordindex.ensure(editor.connection)
        editor.execute(f"DROP INDEX IF EXISTS {_BEGUN}")


def without_dates(apps, editor):
    if editor.connection.vendor == "postgresql":
        wordindex.drop(editor.connection)
        wordindex.forget_dates(editor.connection)
        editor.execute(f"CREATE INDEX IF NOT EXISTS {_BEGUN} ON modelsearch_indexentry USING gin (autocomplete)")


class Migration(migrations.Migration):
    # The tables of all kinds of rows have to be there.
    dependencies = [
        ("newsroom", "0006_issues_read_again"),
        ("articles", "0015_names_that_imports_ask_for"),
        ("quotes", "0008_fewer_indexes"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("modelsearch", "0004_rename_modelsear_autocom_476c89_gin_modelsearch_autocom_ea8581_gin_and_more"),
    ]

    operations = [migrations.RunPython(with_dates, without_dates)]
