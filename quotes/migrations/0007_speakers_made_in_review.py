import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('quotes', '0006_indexes_of_the_desk'),
    ]

    operations = [
        migrations.AddField(
            model_name='reviewdecision',
            name='speaker_made',
            field=models.ForeignKey(help_text='The speaker who was new with it.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='quotes.speaker'),
        ),
    ]
