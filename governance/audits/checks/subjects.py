"""What stands for each lent dream in the log: whose it is, where it was lent, whether it was taken back."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from governance.audits.discrepancies import Discrepancy, differing
from governance.audits.enums import Severity
from governance.audits.examination import Examination
from governance.audits.lendings import BLEND
from governance.audits.loans import Loan
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from governance.consent.models import Subject
from governance.consent.resolution import RESTRICTED
from guild.tenancy.models import Membership

TABLE: Final = "consent_subject"
BATCH: Final = 2_000

RULES = (
    Rule(
        "subject.row",
        Severity.CRITICAL,
        "What stands for a lent dream in the log is not what the log says.",
        "Whose it is, where it was lent, or whether it was taken back was changed.",
        "Restore the row as the leaves tell it. If it was taken back, destroy its key again.",
        (Advice.SHRED, Advice.NOTIFY, Advice.RESTORE),
    ),
    Rule(
        "subject.unrecorded",
        Severity.CRITICAL,
        "Something stands for a lent dream that the log knows nothing of.",
        "The row was made by hand: the application writes it together with its leaf.",
        "Remove the row; if dreams were opened under it, tell their dreamers.",
        (Advice.NOTIFY,),
    ),
    Rule(
        "subject.lost",
        Severity.CRITICAL,
        "Nothing stands any more for a dream that the log says was lent.",
        "The row was removed, so that its dreamer sees neither their consents nor the uses.",
        "Restore the row from a backup, and tell the dreamer.",
        (Advice.RESTORE, Advice.NOTIFY),
    ),
)


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Every row of `consent_subject` against the lendings that the log tells of, both ways."""
    loans = examination.replay.lendings.loans
    owners = _owners(examination.guild)
    seen: set[str] = set()
    rows = Subject.objects.filter(guild_id=examination.guild).order_by("id")
    for row in rows.iterator(chunk_size=BATCH):
        examination.count("subjects")
        seen.add(row.commitment)
        where: dict[str, Any] = {"table": TABLE, "row": str(row.pk), "contribution": row.contribution}
        loan = loans.get(row.commitment)
        if loan is None:
            yield Discrepancy("subject.unrecorded", actual=row.commitment, **where)
            continue
        told = _told(examination, row, loan, owners)
        if apart := differing(told, _stored(row)):
            leaf = loan.lent if loan.withdrawn is None else loan.withdrawn
            yield Discrepancy("subject.row", leaf, expected=apart[0], actual=apart[1], **where)
    for commitment in sorted(loans.keys() - seen):
        yield Discrepancy("subject.lost", loans[commitment].lent, TABLE, expected=commitment, actual="none")


def _told(examination: Examination, row: Subject, loan: Loan, owners: Mapping[str, UUID]) -> dict[str, Any]:
    """What the leaves say of a contribution."""
    session = examination.replay.people.sessions.get(loan.session)
    told: dict[str, Any] = {
        "pseudonym": loan.owner,
        "dreamer": owners.get(loan.owner),
        "session": loan.session,
        "withdrawn": loan.withdrawn is not None,
        "restricted": _is_restricted(examination, row.commitment),
    }
    if session is not None and session.lounge is not None:
        told["lounge"] = session.lounge
    if row.nonce is not None:
        told["commitment"] = hmac.new(bytes(row.nonce), row.contribution.bytes, hashlib.sha256).hexdigest()
    return told


def _stored(row: Subject) -> dict[str, Any]:
    return {
        "pseudonym": row.pseudonym,
        "dreamer": row.dreamer_id,
        "session": row.session,
        "lounge": row.lounge,
        "withdrawn": row.withdrawn_at is not None,
        "restricted": row.restricted_at is not None and row.withdrawn_at is None,
        "commitment": row.commitment,
    }


def _is_restricted(examination: Examination, commitment: str) -> bool:
    lendings = examination.replay.lendings
    return lendings.reason_shut(commitment, purpose=BLEND, at=examination.at) == RESTRICTED


def _owners(guild: UUID) -> dict[str, UUID]:
    """Whose each pseudonym is."""
    rows = Membership.objects.filter(guild_id=guild).values_list("pseudonym", "dreamer_id")
    return {str(pseudonym): dreamer for pseudonym, dreamer in rows}


CHECK = Check("subjects", "What stands for each lent dream", look, RULES)
