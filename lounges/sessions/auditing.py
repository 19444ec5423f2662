"""What an audit looks at in sessions: every lent dream against its leaves, and whether what is sealed opens.

Seals are opened for the answer alone, whether they hold; no word leaves the vault. What its dreamer
restricted to storage is not opened at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from governance.audits.deadlines import RETENTION_GRACE
from governance.audits.discrepancies import Discrepancy, differing
from governance.audits.enums import Severity
from governance.audits.examination import Examination
from governance.audits.lendings import BLEND
from governance.audits.loans import Loan
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from governance.consent.models import Subject
from governance.consent.resolution import RESTRICTED
from governance.policies.law import law_of
from governance.policies.parameters import ValueRefused
from guild.tenancy.models import Guild
from guild.vault import services as vault
from lounges.sessions import auditing_said
from lounges.sessions.contents import content_commitment
from lounges.sessions.enums import ContributionState
from lounges.sessions.models import Contribution, Lounge, Session
from lounges.sessions.retention import overdue_in
from lounges.sessions.selectors import LENT_FIELDS, place_of

CONTRIBUTIONS = "lounges_contribution"
LOUNGES, SESSIONS = "lounges_lounge", "lounges_session"
BATCH: Final = 500
TOLERANCE: Final = timedelta(minutes=5)
_BACK: Final = "Restore the row from a backup as its leaf tells it, or destroy it, and tell the dreamer."

RULES = (
    Rule(
        "lent.altered",
        Severity.CRITICAL,
        "The words of a lent dream are not those that were lent.",
        "Somebody who holds the keys opened it, changed it and sealed it again.",
        "Destroy it, blend again without it, tell the dreamer, and change the key-encryption key.",
        (Advice.SHRED, Advice.RE_BLEND, Advice.NOTIFY, Advice.ROTATE_KEY),
    ),
    Rule(
        "lent.seal",
        Severity.CRITICAL,
        "A lent dream does not open where it stands.",
        "Its sealed bytes were changed, or belong to another row, another guild or an earlier revision.",
        _BACK,
        (Advice.SHRED, Advice.RE_BLEND, Advice.NOTIFY, Advice.RESTORE),
    ),
    Rule(
        "lent.row",
        Severity.CRITICAL,
        "A lent dream is not what its leaf says.",
        "Its session, its dreamer, its state or how it may be told was changed.",
        _BACK,
        (Advice.SHRED, Advice.NOTIFY, Advice.RESTORE),
    ),
    Rule(
        "lent.unrecorded",
        Severity.CRITICAL,
        "There is a lent dream that the log of this guild knows nothing of.",
        "The row was made by hand, or moved here from another guild.",
        "Destroy it, and tell the dreamer.",
        (Advice.SHRED, Advice.NOTIFY),
    ),
    Rule(
        "lent.lost",
        Severity.MAJOR,
        "A lent dream of which the log tells is missing.",
        "The row was removed, or moved to another guild.",
        "Restore the row from a backup, and tell the dreamer.",
        (Advice.RESTORE, Advice.NOTIFY),
    ),
    Rule(
        "lent.overdue",
        Severity.MAJOR,
        "A dream is lent for longer than the guild's law allows.",
        "It was not given back in time: the clock or the worker stood still, or the date was changed.",
        "Start the clock and the worker; it is given back by itself then.",
        (Advice.SHRED, Advice.NOTIFY),
    ),
    Rule(
        "session.row",
        Severity.MAJOR,
        "A session is not what the log says.",
        "Its lounge, its host or its state was changed, or it was made past the application.",
        "Set it back to what the log says.",
        (Advice.RESTORE, Advice.NOTIFY),
    ),
)


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Sessions, lent dreams and what was said to them."""
    yield from _sessions(examination)
    yield from _contributions(examination)
    yield from _overdue(examination)
    yield from auditing_said.look(examination)


def _sessions(examination: Examination) -> Iterator[Discrepancy]:
    people = examination.replay.people
    for lounge in Lounge.objects.filter(guild_id=examination.guild).order_by("created_at", "id"):
        if str(lounge.pk) not in people.lounges:
            yield Discrepancy("session.row", None, LOUNGES, str(lounge.pk), "a leaf", "none")
    rows = Session.objects.filter(guild_id=examination.guild).select_related("host").order_by("id")
    first = examination.leaves([told.first for told in people.sessions.values()])
    for row in rows.iterator(chunk_size=BATCH):
        examination.count("sessions")
        told = people.sessions.get(str(row.pk))
        if told is None:
            yield Discrepancy("session.row", None, SESSIONS, str(row.pk), "a leaf", "none")
            continue
        expected = {"host": told.host, "state": told.state, "lounge": told.lounge or row.lounge_id}
        expected["experience"] = first.get(told.first, {}).get("detail", {}).get("experience")
        stored = {"host": row.host.pseudonym, "state": row.state, "lounge": row.lounge_id}
        stored["experience"] = row.experience_version_id
        if apart := differing(expected, stored):
            yield Discrepancy("session.row", told.first, SESSIONS, str(row.pk), *apart)


def _overdue(examination: Examination) -> Iterator[Discrepancy]:
    """What should have been given back, a good while ago. An unreadable law is a finding elsewhere."""
    guild = Guild.objects.get(pk=examination.guild)
    try:
        late = overdue_in(guild, now=examination.at - RETENTION_GRACE)
    except ValueRefused:
        return
    for row in Contribution.objects.filter(guild_id=examination.guild, pk__in=late).order_by("id"):
        days = law_of(guild).retention_days
        lent = (examination.at - row.lent_at).days
        yield _at(row, "lent.overdue", None, (f"days<={days}", f"days={lent}"))


@dataclass(frozen=True)
class _Known:
    """A contribution with what the log knows of it."""

    row: Contribution
    loan: Loan
    is_restricted: bool

    @property
    def is_kept(self) -> bool:
        """Whether its seals may be asked: it was not taken back, and not set aside."""
        return self.loan.withdrawn is None and not self.is_restricted


def _contributions(examination: Examination) -> Iterator[Discrepancy]:
    loans, seen = examination.replay.lendings.loans, set[str]()
    rows = Contribution.objects.filter(guild_id=examination.guild).select_related("membership").order_by("id")
    for batch in _batches(rows):
        commitments = _commitments(examination.guild, [row.pk for row in batch])
        seen.update(commitments.values())
        known = []
        for row in batch:
            commitment = commitments.get(row.pk, "")
            if commitment in loans:
                known.append(_Known(row, loans[commitment], _is_restricted(examination, commitment)))
            else:
                yield _at(row, "lent.unrecorded", None, ("a leaf", "none"))
        yield from _batch(examination, known)
        examination.count("lent dreams", len(batch))
    for commitment in sorted(loans.keys() - seen):
        yield Discrepancy("lent.lost", loans[commitment].lent, CONTRIBUTIONS, "", commitment, "none")


def _batch(examination: Examination, known: Sequence[_Known]) -> Iterator[Discrepancy]:
    leaves = examination.leaves([at for one in known for at in (one.loan.lent, one.loan.content)])
    openers = vault.openers_at_hand([one.row.key_id for one in known if one.is_kept])
    for one in known:
        loan, lent, content = one.loan, leaves.get(one.loan.lent), leaves.get(one.loan.content)
        if lent is None or content is None:
            continue  # the log itself is found wanting there
        if apart := differing(_told(one, lent, content), _stored(one.row)):
            yield _at(one.row, "lent.row", loan.lent if loan.withdrawn is None else loan.withdrawn, apart)
        if one.is_kept:
            told = str(content["detail"].get("content"))
            yield from _sealed(one, openers.get(one.row.key_id), told)
            examination.count("seals asked")


def _told(known: _Known, lent: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    """What the leaves say of a contribution."""
    row, loan = known.row, known.loan
    state = ContributionState.RESTRICTED if known.is_restricted else ContributionState.LENT
    at = datetime.fromisoformat(lent["at"])
    return {
        "session": lent["detail"].get("session"),
        "extent": lent["detail"].get("extent"),
        "pseudonym": loan.owner,
        "dreamer": row.membership.dreamer_id,
        "told": loan.told,
        "revision": content["detail"].get("revision", 1),
        "state": (state if loan.withdrawn is None else ContributionState.WITHDRAWN).value,
        "erased": loan.withdrawn is not None,
        "lent_at": row.lent_at if abs(row.lent_at - at) <= TOLERANCE else at,
    }


def _stored(row: Contribution) -> dict[str, Any]:
    sealed = (row.title_sealed, row.text_sealed, row.reading_sealed)
    return {
        "session": row.session_id,
        "extent": row.extent,
        "pseudonym": row.membership.pseudonym,
        "dreamer": row.dreamer_id,
        "told": row.told,
        "revision": row.revision,
        "state": row.state,
        "erased": not any(bytes(one) for one in sealed),
        "lent_at": row.lent_at,
    }


def _sealed(known: _Known, opener: vault.Opener | None, commitment: str) -> Iterator[Discrepancy]:
    """Whether each sealed field opens in its place, and all of them are what was lent."""
    row, leaf = known.row, known.loan.content
    if opener is None:
        yield _at(row, "lent.seal", leaf, ("a key", "none that unwraps"))
        return
    sealed = {"title": row.title_sealed, "text": row.text_sealed, "reading": row.reading_sealed}
    shut = [name for name in LENT_FIELDS if not opener.holds(bytes(sealed[name]), place_of(row, name))]
    if shut:
        yield _at(row, "lent.seal", leaf, ("it opens", f"{','.join(shut)} does not"))
        return
    found = content_commitment(row, opener=opener)
    if found != commitment:
        yield _at(row, "lent.altered", leaf, (commitment, found))


def _at(row: Contribution, rule: str, leaf: int | None, apart: tuple[str, str]) -> Discrepancy:
    return Discrepancy(rule, leaf, CONTRIBUTIONS, str(row.pk), *apart, contribution=row.pk)


def _is_restricted(examination: Examination, commitment: str) -> bool:
    reason = examination.replay.lendings.reason_shut(commitment, purpose=BLEND, at=examination.at)
    return reason == RESTRICTED


def _commitments(guild: UUID, contributions: Sequence[UUID]) -> dict[UUID, str]:
    rows = Subject.objects.filter(guild_id=guild, contribution__in=contributions)
    return dict(rows.values_list("contribution", "commitment"))


def _batches(rows: Any) -> Iterator[list[Any]]:
    batch = []
    for row in rows.iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


CHECK = Check("lent", "Sessions, lent dreams and what was said to them", look, (*RULES, *auditing_said.RULES))
