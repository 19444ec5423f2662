import datetime

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('guild', '0007_exchange_policy'),
    ]

    operations = [
        migrations.AddField(
            model_name='dreamer',
            name='quiet_from',
            field=models.TimeField(default=datetime.time(22, 30), help_text='From here on nothing rings, by your clock.'),
        ),
        migrations.AddField(
            model_name='dreamer',
            name='quiet_until',
            field=models.TimeField(default=datetime.time(7, 0), help_text='Until here nothing rings, by your clock.'),
        ),
    ]
