"""Another law for a guild, as if its members had voted for it."""

from uuid import uuid4

from governance.policies import drafts
from governance.policies.enacting import enact
from governance.policies.models import PolicySet
from guild.tenancy.models import Membership


def enacted(by: Membership, **values: str) -> PolicySet:
    """Give the member's guild these values; call in its tenant. The member's own row knows them too."""
    return enact(guild=by.guild, draft=drafts.read({"values": values}), reference=uuid4())
