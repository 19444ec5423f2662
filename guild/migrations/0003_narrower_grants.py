from django.db import migrations

from guild.tenancy import rls

# Destroying a key is an UPDATE that leaves the row to say so. DELETE came from the default of every schema.
KEYS_STAY = "REVOKE DELETE ON vault.data_key FROM dreamscape_app"

# Where the auditor's default was open, it has left a grant on each table; the default itself is closed before
# any migration, in guild.embedded.roles.
AUDITOR_READS_NOTHING = "REVOKE ALL ON ALL TABLES IN SCHEMA public, vault FROM dreamscape_auditor"

# Tables whose wall shows more than it lets be written, made before walls held deleting too.
INSIDE_THE_GUILD = f"guild_id = {rls.GUILD}"
DELETED_INSIDE = {
    "tenancy_guild": f"id = {rls.GUILD}",
    "tenancy_membership": INSIDE_THE_GUILD,
    "consent_statement": INSIDE_THE_GUILD,
    "consent_subject": INSIDE_THE_GUILD,
    "consent_use_subject": INSIDE_THE_GUILD,
    "lounges_participation": INSIDE_THE_GUILD,
    "lounges_contribution": INSIDE_THE_GUILD,
    "lounges_association": INSIDE_THE_GUILD,
    "lounges_commandreceipt": INSIDE_THE_GUILD,
    "dreamscapes_voice": INSIDE_THE_GUILD,
    "dreamscapes_reflection": INSIDE_THE_GUILD,
}


class Migration(migrations.Migration):
    dependencies = [
        ("guild", "0002_journal"),
        ("governance", "0001_ledger_and_consent"),
        ("lounges", "0002_dreamscapes"),
    ]

    operations = [
        migrations.RunSQL(KEYS_STAY),
        migrations.RunSQL(AUDITOR_READS_NOTHING),
        *[
            migrations.RunSQL(rls.delete_policy_sql(table, using=using))
            for table, using in DELETED_INSIDE.items()
        ],
    ]
