import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import guild.notifications.models
from guild.tenancy import rls

# Who has something due, across guilds and persons: ids and an instant, kept by triggers, read through one function.
# A worker is nobody until it knows for whom there is something to send.
DUE = [
    "CREATE TABLE errands.due_notice (id uuid PRIMARY KEY, dreamer_id uuid NOT NULL, due_at timestamptz NOT NULL)",
    "CREATE INDEX due_notice_by_time ON errands.due_notice (due_at)",
    "REVOKE ALL ON errands.due_notice FROM dreamscape_app, dreamscape_auditor, PUBLIC",
    """
    CREATE FUNCTION errands.note_due_notice() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            DELETE FROM errands.due_notice WHERE id = OLD.id;
        ELSE
            INSERT INTO errands.due_notice AS held (id, dreamer_id, due_at) VALUES (NEW.id, NEW.dreamer_id, NEW.due_at)
            ON CONFLICT (id) DO UPDATE SET due_at = EXCLUDED.due_at WHERE held.due_at <> EXCLUDED.due_at;
        END IF;
        RETURN NULL;
    END $$
    """,
    "REVOKE ALL ON FUNCTION errands.note_due_notice() FROM PUBLIC",
    "CREATE TRIGGER due_notice AFTER INSERT OR UPDATE OF due_at OR DELETE ON notifications_notice "
    "FOR EACH ROW EXECUTE FUNCTION errands.note_due_notice()",
    "CREATE TRIGGER due_notice AFTER INSERT OR UPDATE OF due_at OR DELETE ON notifications_message "
    "FOR EACH ROW EXECUTE FUNCTION errands.note_due_notice()",
    """
    CREATE FUNCTION notifications_due(moment timestamptz, most integer) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
        SELECT due.dreamer_id FROM errands.due_notice AS due
        WHERE due.due_at <= moment GROUP BY due.dreamer_id ORDER BY min(due.due_at) LIMIT most
    $$
    """,
    "REVOKE ALL ON FUNCTION notifications_due(timestamptz, integer) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION notifications_due(timestamptz, integer) TO dreamscape_app",
]


class Migration(migrations.Migration):

    dependencies = [
        ('guild', '0009_law'),
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
        migrations.CreateModel(
            name='Choice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('group', models.CharField(max_length=20)),
                ('channel', models.CharField(choices=[('email', 'By e-mail'), ('push', 'On my devices')], max_length=10)),
                ('when', models.CharField(choices=[('at_once', 'At once'), ('digest', 'Gathered'), ('never', 'Never')], max_length=10)),
                ('dreamer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'notifications_choice',
                'constraints': [models.UniqueConstraint(fields=('dreamer', 'group', 'channel'), name='one_choice_a_channel')],
            },
        ),
        migrations.CreateModel(
            name='DigestTime',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('every', models.CharField(choices=[('day', 'Every day'), ('week', 'Once a week')], default='day', max_length=10)),
                ('weekday', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(6)])),
                ('hour', models.PositiveSmallIntegerField(default=18, validators=[django.core.validators.MaxValueValidator(23)])),
                ('dreamer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'notifications_digesttime',
                'constraints': [models.UniqueConstraint(fields=('dreamer',), name='one_digest_time'), models.CheckConstraint(condition=models.Q(('hour__lte', 23), ('weekday__lte', 6)), name='digest_at_a_real_hour')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('email', 'By e-mail'), ('push', 'On my devices')], max_length=10)),
                ('device', models.UUIDField(null=True)),
                ('gathered', models.BooleanField(default=False)),
                ('notices', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('dreamer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'notifications_message',
                'ordering': ['due_at', 'id'],
                'indexes': [models.Index(fields=['dreamer', 'due_at'], name='messages_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('channel', 'push'), ('device__isnull', False)), models.Q(('channel', 'email'), ('device', None)), _connector='OR'), name='devices_ring_and_letters_do_not')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('of_guild', models.UUIDField(null=True)),
                ('kind', models.CharField(max_length=40)),
                ('path', models.CharField(max_length=250)),
                ('key', models.CharField(max_length=120)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('read_at', models.DateTimeField(null=True)),
                ('mailed_at', models.DateTimeField(null=True)),
                ('pushed_at', models.DateTimeField(null=True)),
                ('digested_at', models.DateTimeField(null=True)),
                ('owed', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=guild.notifications.models.every_channel, size=None)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('dreamer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'notifications_notice',
                'ordering': ['-made_at', '-id'],
                'indexes': [models.Index(fields=['dreamer', '-made_at', '-id'], name='notices_by_time'), models.Index(condition=models.Q(('read_at', None)), fields=['dreamer'], name='notices_unread')],
                'constraints': [models.UniqueConstraint(fields=('dreamer', 'key'), name='told_once')],
            },
        ),
        rls.PersonalTable("notifications_notice"),
        rls.PersonalTable("notifications_choice"),
        rls.PersonalTable("notifications_digesttime"),
        rls.PersonalTable("notifications_message"),
        migrations.RunSQL(DUE),
    ]
