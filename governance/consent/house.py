"""Who answers for what is kept: the guild decides, the house keeps, an authority watches over both."""

from django.conf import settings

from governance.consent.receipts import Party
from guild.tenancy.models import Guild

AUTHORITY = "urn:authority:supervisory"


def address_of(path: str) -> str:
    """The public address of a path of this house."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def controller(guild: Guild) -> Party:
    """The guild, which decides what is done; its stewards are reached at its page."""
    page = address_of(f"/g/{guild.slug}/")
    return Party(
        id=f"urn:uuid:{guild.pk}",
        name=guild.name,
        address=page,
        contact=f"{page} (its stewards)",
        role="DataController",
        type="LegalEntity",
    )


def processor() -> Party:
    """Whoever runs this house, and keeps what the guilds decide about."""
    return Party(
        id=settings.PUBLIC_URL,
        name=settings.OPERATOR_NAME,
        address=settings.OPERATOR_ADDRESS,
        contact=settings.PRIVACY_CONTACT,
        role="DataProcessor",
        type="LegalEntity",
    )


def authority() -> Party:
    """Where a dreamer may complain."""
    named = settings.SUPERVISORY_AUTHORITY
    return Party(
        id=AUTHORITY,
        name=named,
        address=settings.JURISDICTION,
        contact=named,
        role="DataProtectionAuthority",
        type="Authority",
    )
