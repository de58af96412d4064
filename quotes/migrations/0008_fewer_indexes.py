import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# As in articles.0012: an import writes eight quotes a document, into sixteen indexes.
_COVERED = (
    ("quotes_position_speaker_id_faaea991", "quotes_position", "speaker_id"),
    ("quotes_quote_article_id_b631f038", "quotes_quote", "article_id"),
    ("quotes_quote_reviewer_id_62311dec", "quotes_quote", "reviewer_id"),
    ("quotes_quote_speaker_id_6ed3a69e", "quotes_quote", "speaker_id"),
    ("quotes_speakername_speaker_id_d6ef0be4", "quotes_speakername", "speaker_id"),
)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("articles", "0012_fewer_indexes"),
        ("quotes", "0007_speakers_made_in_review"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(
                condition=models.Q(("reviewer__isnull", False)), fields=["reviewer"], name="quote_of_reviewer"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="position",
                    name="speaker",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="positions",
                        to="quotes.speaker",
                    ),
                ),
                migrations.AlterField(
                    model_name="quote",
                    name="article",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quotes",
                        to="articles.article",
                    ),
                ),
                migrations.AlterField(
                    model_name="quote",
                    name="reviewer",
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
                    model_name="quote",
                    name="speaker",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to="quotes.speaker",
                    ),
                ),
                migrations.AlterField(
                    model_name="speakername",
                    name="speaker",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="quotes.speaker",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(f"DROP INDEX IF EXISTS {name}", f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({column})")
                for name, table, column in _COVERED
            ],
        ),
    ]
