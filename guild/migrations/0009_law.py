from django.db import migrations, models

# What the law of a guild was in four columns is one document, beside which more can be said. The owner of a walled
# table is behind the wall as well, so it is taken down for the length of this statement.
CARRY_OVER = [
    "ALTER TABLE tenancy_guild NO FORCE ROW LEVEL SECURITY",
    """
    UPDATE tenancy_guild SET law = jsonb_build_object(
        'values', jsonb_build_object(
            'individuality_floor', individuality_floor::text,
            'exchange_reach', exchange_reach,
            'exchange_partners', coalesce(
                (SELECT string_agg(partner::text, ' ' ORDER BY partner::text)
                   FROM unnest(exchange_partners) AS partner), ''),
            'diversity_fall', diversity_fall::text),
        'forbids', '[]'::jsonb)
    """,
    "ALTER TABLE tenancy_guild FORCE ROW LEVEL SECURITY",
]


class Migration(migrations.Migration):
    dependencies = [("guild", "0008_quiet_hours")]

    operations = [
        migrations.AddField(
            model_name="guild",
            name="law",
            field=models.JSONField(
                blank=True, default=dict, help_text="What its members gave to its law, as `governance.policies` reads it."
            ),
        ),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="guild", name="individuality_floor"),
        migrations.RemoveField(model_name="guild", name="exchange_reach"),
        migrations.RemoveField(model_name="guild", name="exchange_partners"),
        migrations.RemoveField(model_name="guild", name="diversity_fall"),
    ]
