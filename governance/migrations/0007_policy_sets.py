import uuid

import django.utils.timezone
from django.db import migrations, models

from guild.tenancy import rls


class Migration(migrations.Migration):
    dependencies = [("governance", "0006_ledger_append"), ("guild", "0009_law")]

    operations = [
        migrations.CreateModel(
            name="PolicySet",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("document", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("house", models.CharField(max_length=64)),
                (
                    "because",
                    models.CharField(choices=[("founding", "at the founding"), ("vote", "by a vote")], max_length=20),
                ),
                ("reference", models.UUIDField(blank=True, null=True)),
                ("enacted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("leaf", models.BigIntegerField()),
                (
                    "enacted_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=models.deletion.PROTECT,
                        related_name="+",
                        to="guild.membership",
                    ),
                ),
                (
                    "guild",
                    models.ForeignKey(on_delete=models.deletion.CASCADE, related_name="+", to="guild.guild"),
                ),
            ],
            options={
                "db_table": "policies_set",
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("guild", "number"), name="policies_set_numbered"),
                    models.UniqueConstraint(
                        condition=models.Q(("reference__isnull", False)),
                        fields=("guild", "reference"),
                        name="policies_set_once_a_reference",
                    ),
                ],
            },
        ),
        rls.GuildTable("policies_set"),
        rls.GuildForeignKey("policies_set", "enacted_by_id", "tenancy_membership"),
        rls.AppendOnly("policies_set"),
    ]
