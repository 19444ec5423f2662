"""Keys in the vault: those that should be gone, and those that should be there."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from governance.audits.discrepancies import Discrepancy
from governance.audits.enums import Severity
from governance.audits.examination import Examination
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from governance.consent.models import Subject
from guild.vault import services as vault
from guild.vault.errors import VaultError
from guild.vault.models import DataKey, KeyKind

TABLE: Final = "vault.data_key"
BATCH: Final = 2_000

RULES = (
    Rule(
        "key.back",
        Severity.CRITICAL,
        "A key that was destroyed is there again.",
        "Somebody brought it back from a backup: what was taken back can be read again.",
        "Destroy the key again, and the backup it came from. Tell the dreamer.",
        (Advice.SHRED, Advice.NOTIFY, Advice.ROTATE_KEY),
    ),
    Rule(
        "key.gone",
        Severity.MAJOR,
        "A key is destroyed though nobody took anything back.",
        "What it sealed cannot be read any more. The key was destroyed past the application.",
        "Restore the key from the backup of keys, while there is one.",
        (Advice.RESTORE, Advice.NOTIFY),
    ),
    Rule(
        "key.broken",
        Severity.MAJOR,
        "A key does not unwrap.",
        "Its bytes were changed, or the key-encryption key that wrapped it is not at hand.",
        "Restore the key, or the key-encryption key, from the backup of keys.",
        (Advice.RESTORE,),
    ),
)


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Every key of the guild, against what the log says of what it seals."""
    commitments = _commitments(examination.guild)
    for key in DataKey.objects.filter(guild_id=examination.guild).order_by("id").iterator(chunk_size=BATCH):
        examination.count("keys")
        leaf, ended = _ending(examination, key, commitments)
        where: dict[str, Any] = {"table": TABLE, "row": str(key.pk), "leaf_index": leaf}
        if key.kind == KeyKind.CONTRIBUTION:
            where["contribution"] = key.owner_id
        if ended is True and key.wrapped is not None:
            yield Discrepancy("key.back", expected="destroyed", actual="there", **where)
        elif ended is False and key.wrapped is None:
            yield Discrepancy("key.gone", expected="there", actual="destroyed", **where)
        elif key.wrapped is not None and not _unwraps(key):
            yield Discrepancy("key.broken", expected="a key", actual="no key", **where)


def _ending(
    examination: Examination, key: DataKey, commitments: dict[UUID, str]
) -> tuple[int | None, bool | None]:
    """The leaf that ended what a key seals, and whether it has ended; None where the log does not say."""
    lendings = examination.replay.lendings
    if key.kind == KeyKind.CONTRIBUTION:
        loan = lendings.loans.get(commitments.get(key.owner_id, ""))
        return (None, None) if loan is None else (loan.withdrawn, loan.withdrawn is not None)
    if key.kind == KeyKind.DREAMSCAPE:
        run = lendings.runs.get(str(key.owner_id))
        if run is None or run.made is None:
            return None, None
        return run.superseded, run.superseded is not None
    return None, None


def _unwraps(key: DataKey) -> bool:
    try:
        vault.Opener(key)
    except VaultError:
        return False
    return True


def _commitments(guild: UUID) -> dict[UUID, str]:
    rows = Subject.objects.filter(guild_id=guild).values_list("contribution", "commitment")
    return dict(rows)


CHECK = Check("keys", "Keys that should be gone, and keys that should be there", look, RULES)
