"""Who witnesses whom: the next two guilds of this house, and whom the operator named beyond it."""

from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from governance.ledger import signing
from governance.ledger.errors import NoteMalformed
from governance.ledger.note import Algorithm, Verifier
from guild.tenancy.selectors import every_guild

NEIGHBOURS = 2


def neighbours(guild: UUID) -> list[UUID]:
    """The guilds of this house that witness the log of `guild`: the next ones in the order of ids."""
    others = [other for other in every_guild() if other != guild]
    later = [other for other in others if other > guild]
    return (later + [other for other in others if other < guild])[:NEIGHBOURS]


def outside_witnesses() -> list[tuple[Verifier, str]]:
    """Key and address of those in LEDGER_WITNESSES, pair after pair. Raises ImproperlyConfigured."""
    words = settings.LEDGER_WITNESSES.split()
    if len(words) % 2:
        raise ImproperlyConfigured("LEDGER_WITNESSES reads `<vkey> <url>`, pair after pair, with spaces.")
    pairs = zip(words[::2], words[1::2], strict=True)
    return [(_key(vkey, Algorithm.COSIGNATURE_V1), url) for vkey, url in pairs]


def witnesses_of(guild: UUID) -> list[Verifier]:
    """The keys of all who are to witness the log of `guild`."""
    inside = [signing.witness_signer(other).verifier for other in neighbours(guild)]
    return inside + [verifier for verifier, _ in outside_witnesses()]


def key_of_log(origin: str, *, witness: UUID) -> Verifier | None:
    """The key of a log that the guild `witness` knows: another guild's of this house, or a named one's."""
    for guild in every_guild():
        if guild != witness and signing.origin_of(guild) == origin:
            return signing.log_signer(guild).verifier
    named = (_key(vkey, Algorithm.ED25519) for vkey in settings.LEDGER_WITNESSED_LOGS.split())
    return next((key for key in named if key.name == origin), None)


def _key(vkey: str, algorithm: Algorithm) -> Verifier:
    try:
        verifier = Verifier.from_vkey(vkey)
    except NoteMalformed as error:
        raise ImproperlyConfigured(f"A key among the witnesses or witnessed logs is none: {error}") from error
    if verifier.algorithm is not algorithm:
        raise ImproperlyConfigured(f"The key of {verifier.name} is of another kind than {algorithm.name}.")
    return verifier
