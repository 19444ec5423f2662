"""What an audit looks at in halts: every call and every halt against its leaf, and that what was stopped
stayed stopped.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from governance.audits.discrepancies import Discrepancy, differing
from governance.audits.enums import Severity
from governance.audits.examination import Examination
from governance.audits.kinds import leaves_of
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from governance.ledger.enums import LeafKind
from lounges.halts.models import Call, Halt
from lounges.halts.services import HALTS, RULE
from lounges.sessions.models import Session

CALLS: Final = "halts_call"
SESSIONS: Final = "lounges_session"

BROUGHT = Rule(
    RULE,
    Severity.MAJOR,
    "Participants stopped a blend.",
    "So many of them called for it that the guild's law stopped it at once. What it was to be made by is "
    "suspended since, and nothing is blended by it in any session.",
    "Hear the participants as far as they wish to speak. Then rule: let the experience be used again, which "
    "takes a second enforcer, or leave it suspended.",
    (Advice.LIFT,),
)
RULES = (
    BROUGHT,
    Rule(
        "halt.row",
        Severity.CRITICAL,
        "A halt is not as its leaf tells it, or has no effect any more.",
        "How many called, what was stopped or suspended was changed, or the session was let blend again.",
        "Believe the leaf, set the row back, and look for who had it changed.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "halt.lost",
        Severity.CRITICAL,
        "A halt is missing, or there without a leaf.",
        "The row was removed so that nobody sees that participants stopped a blend, or it was made by hand.",
        "Restore the row from a backup, and look for who had it changed.",
        (Advice.RESTORE, Advice.SUSPEND),
    ),
    Rule(
        "halt.call",
        Severity.MAJOR,
        "A call for a stop is not as its leaves tell it.",
        "It was removed, made by hand, or taken back by somebody else.",
        "Believe the leaves, and set the row back.",
        (Advice.RESTORE,),
    ),
)

Leaves = Mapping[int, Mapping[str, Any]]


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Calls, halts, and the sessions they ended blending in."""
    yield from _calls(examination)
    told = {leaf["subjects"][0]: (index, leaf) for index, leaf in _leaves(examination, LeafKind.BLEND_HALTED)}
    rows = {str(row.pk): row for row in Halt.objects.filter(guild_id=examination.guild)}
    for identity, (index, leaf) in told.items():
        row = rows.get(identity)
        if row is None:
            yield Discrepancy("halt.lost", index, HALTS, identity, "a row", "none")
        elif apart := differing(_told(index, leaf), _stored(row)):
            yield Discrepancy("halt.row", index, HALTS, identity, *apart)
    for unrecorded in sorted(rows.keys() - told.keys()):
        yield Discrepancy("halt.lost", None, HALTS, unrecorded, "a leaf", "none")
    yield from _sessions(examination, {leaf["detail"]["session"]: index for index, leaf in told.values()})
    examination.count("halts", len(rows))


def _leaves(examination: Examination, *kinds: LeafKind) -> Iterator[tuple[int, Mapping[str, Any]]]:
    return leaves_of(examination, *kinds)


def _told(index: int, leaf: Mapping[str, Any]) -> dict[str, Any]:
    names = ("session", "experience", "version", "calls", "participants", "needed", "share")
    runs = leaf["detail"]["runs"]
    return {name: leaf["detail"].get(name) for name in names} | {
        "run": runs[0] if runs else None,
        "leaf": index,
    }


def _stored(row: Halt) -> dict[str, Any]:
    return {
        "session": row.session_id,
        "experience": row.experience_id,
        "version": row.version_id,
        "calls": row.calls,
        "participants": row.participants,
        "needed": row.needed,
        "share": row.share,
        "run": row.run_id,
        "leaf": row.leaf,
    }


def _sessions(examination: Examination, halted: Mapping[str, int]) -> Iterator[Discrepancy]:
    """Whether blending is over just where the log says so."""
    rows = Session.objects.filter(guild_id=examination.guild, halted_at__isnull=False)
    stopped = {str(pk) for pk in rows.values_list("pk", flat=True)}
    for session in sorted(stopped ^ halted.keys()):
        apart = ("halted", "not halted") if session in halted else ("not halted", "halted")
        yield Discrepancy("halt.row", halted.get(session), SESSIONS, session, *apart)


def _calls(examination: Examination) -> Iterator[Discrepancy]:
    made: dict[str, int] = {}
    ended: dict[str, int] = {}
    for index, leaf in _leaves(examination, LeafKind.BLEND_RESISTED, LeafKind.BLEND_RELENTED):
        held = made if leaf["kind"] == LeafKind.BLEND_RESISTED.value else ended
        held.setdefault(leaf["subjects"][0], index)
    rows = {row.commitment: row for row in Call.objects.filter(guild_id=examination.guild)}
    for commitment, index in made.items():
        row = rows.get(commitment)
        told = {"leaf": index, "back": ended.get(commitment)}
        stored = {} if row is None else {"leaf": row.leaf, "back": row.taken_back_leaf}
        if apart := differing(told, stored):
            yield Discrepancy("halt.call", index, CALLS, "" if row is None else str(row.pk), *apart)
    for commitment in sorted(rows.keys() - made.keys()):
        yield Discrepancy("halt.call", None, CALLS, str(rows[commitment].pk), "a leaf", "none")


CHECK = Check("halts", "Calls for a stop, and halts", look, RULES)
