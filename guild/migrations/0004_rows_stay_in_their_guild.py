from django.db import migrations

from guild.tenancy import rls

LENT = (
    "tenancy_membership",
    "consent_statement",
    "consent_subject",
    "consent_use_subject",
    "lounges_participation",
    "lounges_contribution",
    "lounges_association",
    "lounges_commandreceipt",
    "dreamscapes_voice",
    "dreamscapes_reflection",
)


class Migration(migrations.Migration):
    dependencies = [("guild", "0003_narrower_grants")]

    operations = [rls.StaysInItsGuild(table) for table in LENT]
