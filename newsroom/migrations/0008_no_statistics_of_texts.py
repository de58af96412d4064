from django.db import migrations

# What nothing is looked for or ordered by. PostgreSQL gathers statistics of each column all the same, whenever a tenth of a
# table is new: during an import every minute, and these take an eighth of that time.
_TEXTS = {
    "articles_article": ("body", "text", "imported"),
    "articles_rawdocument": ("raw", "text", "blocks", "meta"),
    "modelsearch_indexentry": ("title_text", "body_text"),
    "newsroom_rundocument": ("changes",),
    "quotes_quote": ("segments", "prefix", "suffix", "imported_fingerprint"),
}
_NONE, _AS_SET_FOR_THE_DATABASE = 0, -1


def _gather(editor, how_many):
    if editor.connection.vendor == "postgresql":
        for table, columns in _TEXTS.items():
            changes = ", ".join(f"ALTER COLUMN {column} SET STATISTICS {how_many}" for column in columns)
            editor.execute(f"ALTER TABLE {table} {changes}")


def gather_none(apps, editor):
    _gather(editor, _NONE)


def gather_them(apps, editor):
    _gather(editor, _AS_SET_FOR_THE_DATABASE)


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0007_dates_of_search_entries"),
        ("articles", "0015_names_that_imports_ask_for"),
        ("quotes", "0008_fewer_indexes"),
        ("modelsearch", "0004_rename_modelsear_autocom_476c89_gin_modelsearch_autocom_ea8581_gin_and_more"),
    ]

    operations = [migrations.RunPython(gather_none, gather_them)]
