import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What nothing looks in, because another index or constraint begins with the same column: an import has to keep each up,
# for every row. That of the search library's table is covered by its constraint. Dropped by name, for on SQLite an
# altered column would have the whole table written anew.
_COVERED = (
    ("articles_article_last_editor_id_c7c3a552", "articles_article", "last_editor_id"),
    ("articles_taggeditem_tag_id_fa45168d", "articles_taggeditem", "tag_id"),
    ("modelsearch_indexentry_content_type_id_0968e500", "modelsearch_indexentry", "content_type_id"),
)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("articles", "0011_note_for_the_desk"),
        ("modelsearch", "0004_rename_modelsear_autocom_476c89_gin_modelsearch_autocom_ea8581_gin_and_more"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("last_editor__isnull", False)), fields=["last_editor"], name="article_of_editor"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="article",
                    name="last_editor",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="taggeditem",
                    name="tag",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tagged_articles",
                        to="articles.topic",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(f"DROP INDEX IF EXISTS {name}", f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({column})")
                for name, table, column in _COVERED
            ],
        ),
    ]
