import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from guild.tenancy import rls

# What a witness has seen of a log only rises, whoever writes: lowered, it would cosign a second history.
SEEN_ONLY_RISES = [
    "REVOKE DELETE, TRUNCATE ON ledger_seen FROM dreamscape_app",
    """
    CREATE FUNCTION ledger_seen_only_rises() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.size >= OLD.size
           AND (NEW.id, NEW.guild_id, NEW.origin) IS NOT DISTINCT FROM (OLD.id, OLD.guild_id, OLD.origin)
           AND (NEW.size > OLD.size OR NEW.root = OLD.root) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'What a witness has seen of a log only rises.' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    "CREATE TRIGGER only_rises BEFORE UPDATE OR DELETE ON ledger_seen "
    "FOR EACH ROW EXECUTE FUNCTION ledger_seen_only_rises()",
]


class Migration(migrations.Migration):
    dependencies = [("governance", "0002_oversight")]

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("guild_id", models.UUIDField()),
                ("vkey", models.CharField(max_length=400)),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField(max_length=32)),
                ("note", models.TextField()),
                ("signed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "ledger_checkpoint",
                "indexes": [
                    models.Index(fields=["guild_id", "-signed_at"], name="ledger_checkpoint_by_time")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("guild_id", "vkey", "size"), name="ledger_checkpoint_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__gte", 0)), name="ledger_checkpoint_size"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("guild_id", models.UUIDField()),
                (
                    "checkpoint",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cosignatures",
                        to="governance.checkpoint",
                    ),
                ),
                ("vkey", models.CharField(max_length=400)),
                ("size", models.BigIntegerField()),
                ("line", models.CharField(max_length=600)),
                ("cosigned_at", models.DateTimeField()),
            ],
            options={
                "db_table": "ledger_cosignature",
                "indexes": [
                    models.Index(fields=["guild_id", "vkey", "-size"], name="ledger_cosignature_newest")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("guild_id", "checkpoint", "vkey"), name="ledger_cosignature_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SeenLog",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("guild_id", models.UUIDField()),
                ("origin", models.CharField(max_length=300)),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField(max_length=32)),
                ("note", models.TextField()),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "ledger_seen",
                "constraints": [
                    models.UniqueConstraint(fields=("guild_id", "origin"), name="ledger_seen_once")
                ],
            },
        ),
        rls.GuildTable("ledger_checkpoint"),
        rls.GuildKey("ledger_checkpoint"),
        rls.AppendOnly("ledger_checkpoint"),
        rls.GuildTable("ledger_cosignature"),
        rls.GuildForeignKey("ledger_cosignature", "checkpoint_id", "ledger_checkpoint"),
        rls.AppendOnly("ledger_cosignature"),
        rls.GuildTable("ledger_seen"),
        migrations.RunSQL(SEEN_ONLY_RISES),
    ]
