from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('colonies', '0007_exchange_terms'),
        ('guild', '0010_notifications'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name='PushDevice')]),
    ]
