import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('guild', '0008_quiet_hours'),
        ('colonies', '0007_exchange_terms'),  # made the devices' table, which moves here as it stands
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[
            migrations.CreateModel(
                name='PushDevice',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('key_id', models.UUIDField()),
                    ('digest', models.CharField(max_length=64)),
                    ('device_sealed', models.BinaryField()),
                    ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ('dreamer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'db_table': 'colonies_pushdevice',
                    'ordering': ['added_at'],
                    'constraints': [models.UniqueConstraint(fields=('dreamer', 'digest'), name='one_row_a_device')],
                },
            ),
        ]),
    ]
