"""What an enforcer finds in the sample guild: a lent dream that was changed past the application, and the
audit that noticed.

The one thing of the sample that no service does. It is what somebody with the keys and a connection could do:
the words are sealed as they should be, under their own key and in their own place, but they are not those
that were lent.
"""

from django.db import connection

from governance.audits import services as oversight
from governance.audits.models import Finding
from guild.portal.sample_evenings import Company, Held
from guild.tenancy.context import tenant
from guild.vault import services as vault
from lounges.sessions.models import Contribution
from lounges.sessions.selectors import place_of

WHOSE = "Mira"
WORDS, OTHER_WORDS = "i honestly didn't know", "i knew exactly"
"""What she lent, and what stands there after somebody thought better of it."""

_PAST_THE_APPLICATION = "UPDATE lounges_contribution SET text_sealed = %s WHERE id = %s"


def manipulate_and_audit(company: Company, held: Held) -> str:
    """Change a few words of one lent dream, then look for what is wrong; what was found, in words."""
    with tenant(guild=company.guild.pk):
        _change_words(held.lent[WHOSE])
        audit = oversight.request_audit(by=company.members["Ezra"])
    oversight.perform_audit(guild_id=company.guild.pk, run_id=audit.pk)
    with tenant(guild=company.guild.pk):
        count = Finding.objects.count()
    return f"{count} thing{'' if count == 1 else 's'} that the log contradicts"


def _change_words(lent: Contribution) -> None:
    row = Contribution.objects.get(pk=lent.pk)
    place = place_of(row, "text")
    text = vault.open_text(key_id=row.key_id, sealed=bytes(row.text_sealed), place=place)
    changed = vault.seal(key_id=row.key_id, text=text.replace(WORDS, OTHER_WORDS), place=place)
    with connection.cursor() as cursor:
        cursor.execute(_PAST_THE_APPLICATION, [changed, row.pk])
