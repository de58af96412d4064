from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    # Each batch of an import asks which of its authors and topics are here: without, it read all there are.
    dependencies = [("articles", "0014_an_index_of_words_for_each_kind")]

    operations = [
        migrations.AddIndex(model_name="author", index=models.Index(fields=["name"], name="author_name")),
        migrations.AddIndex(model_name="topic", index=models.Index(Lower("name"), name="topic_name_in_any_case")),
    ]
