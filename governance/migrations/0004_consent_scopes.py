import uuid

import django.utils.timezone
from django.db import migrations, models

from guild.tenancy import rls


class Migration(migrations.Migration):
    dependencies = [("governance", "0003_checkpoints")]

    operations = [
        migrations.CreateModel(
            name='RecipientNotice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('guild_id', models.UUIDField()),
                ('dreamer_id', models.UUIDField()),
                ('contribution', models.UUIDField()),
                ('what', models.CharField(choices=[('withdrawn', 'a dream that had reached you was taken back'), ('restricted', 'a dream that had reached you is set aside'), ('rectified', 'a dream that had reached you was corrected')], max_length=20)),
                ('on', models.CharField(max_length=40)),
                ('subject', models.UUIDField()),
                ('reached_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('leaf_index', models.BigIntegerField()),
            ],
            options={
                'db_table': 'consent_recipient_notice',
            },
        ),
        migrations.CreateModel(
            name='Restriction',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('guild_id', models.UUIDField()),
                ('dreamer_id', models.UUIDField()),
                ('contribution', models.UUIDField()),
                ('restricted', models.BooleanField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('leaf_index', models.BigIntegerField()),
            ],
            options={
                'db_table': 'consent_restriction',
            },
        ),
        migrations.CreateModel(
            name='ServedNotice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dreamer_id', models.UUIDField()),
                ('purpose', models.CharField(choices=[('share_in_session', 'be told in this session'), ('blend', 'be blended'), ('quote', 'be quoted'), ('publish_to_guild', 'be published to the guild'), ('publish_beyond', 'be published beyond the guild'), ('exchange', 'be exchanged with other guilds'), ('research_aggregate', 'be counted in research'), ('comparison', 'be compared with and without what the guild does'), ('reminders', 'be reminded of')], max_length=40)),
                ('version', models.PositiveIntegerField()),
                ('language', models.CharField(max_length=12)),
                ('digest', models.CharField(max_length=64)),
                ('surface', models.CharField(choices=[('lending', 'when lending a dream'), ('consents', 'on the page of consents'), ('api', 'through the API')], max_length=20)),
                ('served_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'db_table': 'consent_served_notice',
            },
        ),
        migrations.AddField(
            model_name='statement',
            name='actor',
            field=models.CharField(blank=True, max_length=36),
        ),
        migrations.AddField(
            model_name='statement',
            name='scope',
            field=models.CharField(choices=[('contribution', 'this dream'), ('session', 'this session'), ('lounge', 'this lounge'), ('guild', 'this guild')], default='contribution', max_length=20),
        ),
        migrations.AddField(
            model_name='statement',
            name='scope_id',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='statement',
            name='served_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='statement',
            name='served_id',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='subject',
            name='lounge',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='subject',
            name='pseudonym',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='subject',
            name='restricted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='subject',
            name='session',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='subject',
            name='told',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='statement',
            name='contribution',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='statement',
            name='purpose',
            field=models.CharField(choices=[('share_in_session', 'be told in this session'), ('blend', 'be blended'), ('quote', 'be quoted'), ('publish_to_guild', 'be published to the guild'), ('publish_beyond', 'be published beyond the guild'), ('exchange', 'be exchanged with other guilds'), ('research_aggregate', 'be counted in research'), ('comparison', 'be compared with and without what the guild does'), ('reminders', 'be reminded of')], max_length=40),
        ),
        migrations.AlterField(
            model_name='statement',
            name='state',
            field=models.CharField(choices=[('unknown', 'not known'), ('requested', 'asked for'), ('deferred', 'put off'), ('given', 'given'), ('renewed', 'given anew'), ('refused', 'refused'), ('withdrawn', 'withdrawn'), ('expired', 'run out'), ('revoked', 'revoked by the guild'), ('invalidated', 'found not valid')], max_length=20),
        ),
        migrations.AlterField(
            model_name='use',
            name='purpose',
            field=models.CharField(choices=[('share_in_session', 'be told in this session'), ('blend', 'be blended'), ('quote', 'be quoted'), ('publish_to_guild', 'be published to the guild'), ('publish_beyond', 'be published beyond the guild'), ('exchange', 'be exchanged with other guilds'), ('research_aggregate', 'be counted in research'), ('comparison', 'be compared with and without what the guild does'), ('reminders', 'be reminded of')], max_length=40),
        ),
        migrations.AlterField(
            model_name='usesubject',
            name='purpose',
            field=models.CharField(choices=[('share_in_session', 'be told in this session'), ('blend', 'be blended'), ('quote', 'be quoted'), ('publish_to_guild', 'be published to the guild'), ('publish_beyond', 'be published beyond the guild'), ('exchange', 'be exchanged with other guilds'), ('research_aggregate', 'be counted in research'), ('comparison', 'be compared with and without what the guild does'), ('reminders', 'be reminded of')], max_length=40),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(condition=models.Q(('contribution', None)), fields=['guild_id', 'pseudonym', 'scope_id', 'purpose', '-leaf_index'], name='statement_of_broader_scope'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contribution__isnull', False), ('scope', 'contribution'), ('scope_id', None)), models.Q(models.Q(('scope', 'contribution'), _negated=True), ('contribution', None), ('scope_id__isnull', False)), _connector='OR'), name='statement_is_about_one_thing'),
        ),
        migrations.AddIndex(
            model_name='recipientnotice',
            index=models.Index(fields=['dreamer_id', '-told_at'], name='notices_to_dreamer'),
        ),
        migrations.AddConstraint(
            model_name='recipientnotice',
            constraint=models.UniqueConstraint(fields=('guild_id', 'leaf_index', 'dreamer_id'), name='told_once_a_leaf'),
        ),
        migrations.AddIndex(
            model_name='restriction',
            index=models.Index(fields=['guild_id', 'contribution'], name='restriction_of_contribution'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.UniqueConstraint(fields=('guild_id', 'leaf_index'), name='one_restriction_a_leaf'),
        ),
        migrations.AddIndex(
            model_name='servednotice',
            index=models.Index(fields=['dreamer_id', 'digest', '-served_at'], name='notices_of_dreamer'),
        ),
        rls.LentTable("consent_restriction"),
        rls.StaysInItsGuild("consent_restriction"),
        rls.AppendOnly("consent_restriction"),
        rls.PersonalTable("consent_served_notice"),
        rls.AppendOnly("consent_served_notice"),
        rls.LentTable("consent_recipient_notice"),
        rls.StaysInItsGuild("consent_recipient_notice"),
    ]
