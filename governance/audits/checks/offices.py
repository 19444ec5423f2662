"""Invitations, terms, offers of an office, and what takes two persons: each row against its leaves."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from governance.audits.discrepancies import Discrepancy, differing
from governance.audits.enums import Severity
from governance.audits.examination import Examination
from governance.audits.registry import Check
from governance.audits.rules import Advice, Rule
from governance.offices.giving import token_of
from governance.offices.holding_models import Handover, Term
from governance.offices.invitation_models import Barring, Invitation
from governance.offices.joint_models import GuildAct

_UNDO: Final = "Believe the log, set the row back, and look for what was done with it meanwhile."
_RESTORE: Final = "Restore the row from a backup."


def _rules(name: str, what: str, changed: str, removed: str, severity: Severity) -> tuple[Rule, Rule]:
    advice = (Advice.RESTORE, Advice.SUSPEND)
    is_not = f"{what} is not as the log tells it."
    return (
        Rule(f"{name}.row", severity, is_not, changed, _UNDO, advice),
        Rule(f"{name}.lost", severity, f"{what} is missing.", removed, _RESTORE, advice),
    )


RULES = (
    *_rules(
        "invitation",
        "An invitation",
        "It was made by hand, or lets in more people, for longer, or by another secret than was decided.",
        "It was removed, so that nobody sees who could come in by it.",
        Severity.CRITICAL,
    ),
    *_rules(
        "barring",
        "The word that no invitation lets somebody in",
        "It was taken back or given by hand.",
        "It was removed, so that an invitation lets them in.",
        Severity.MAJOR,
    ),
    *_rules(
        "term",
        "A term of office",
        "It was made longer or shorter, ended or given by hand.",
        "It was removed, so that the office has no end.",
        Severity.CRITICAL,
    ),
    *_rules(
        "handover",
        "An offer of an office",
        "It was made, changed or answered by hand.",
        "It was removed.",
        Severity.MAJOR,
    ),
    *_rules(
        "guild_act",
        "Something that takes two persons",
        "It was asked for, agreed to or ended by hand.",
        "It was removed.",
        Severity.CRITICAL,
    ),
)


class Stored(NamedTuple):
    """A row: by what the log knows it, its key, its leaf, and what it says."""

    mark: object
    row: str
    leaf: int
    says: Mapping[str, Any]


def look(examination: Examination) -> Iterator[Discrepancy]:
    """Each table both ways."""
    guild, told = {"guild_id": examination.guild}, examination.replay.people.handing
    for name, table, known, rows in (
        ("invitation", "offices_invitation", _plainly(told.invitations), _invitation_rows(guild)),
        ("barring", "offices_barring", _plainly(told.barred), _barring_rows(guild)),
        ("term", "offices_term", _plainly(told.terms), _term_rows(guild)),
        ("handover", "offices_handover", _plainly(told.offers), _handover_rows(guild)),
        ("guild_act", "offices_guild_act", _plainly(told.joint), _act_rows(guild)),
    ):
        examination.count(f"{name.replace('_', ' ')}s", len(rows))
        yield from _compare(name, table, known, rows)


def _compare(
    name: str, table: str, known: Mapping[Any, Mapping[str, Any]], rows: list[Stored]
) -> Iterator[Discrepancy]:
    for row in rows:
        told = known.get(row.mark, {"leaf": "a leaf that says so"})
        if apart := differing(told, {**row.says, "leaf": row.leaf}):
            yield Discrepancy(f"{name}.row", row.leaf, table, row.row, *apart)
    for mark in sorted(known.keys() - {row.mark for row in rows}, key=str):
        first = known[mark].get("first", mark)
        if name != "term" or known[mark]["until"]:  # offices from before there were terms have none
            yield Discrepancy(f"{name}.lost", int(first), table, "", f"a row for {mark}", "none")


def _by_leaf(at: datetime | None, leaf: int | None) -> int | datetime | None:
    """The leaf that ended something; the instant, where a row says that it ended, and names no leaf."""
    if at is None:
        return None
    return at if leaf is None else leaf


def _plainly(told: Mapping[Any, Any]) -> dict[Any, dict[str, Any]]:
    return {mark: held._asdict() for mark, held in told.items()}


def _invitation_rows(guild: Mapping[str, Any]) -> list[Stored]:
    rows = Invitation.objects.filter(**guild).select_related("made_by").order_by("made_at", "id")
    return [
        Stored(
            str(row.pk),
            str(row.pk),
            row.leaf,
            {
                "first": row.leaf,
                "maker": row.made_by.pseudonym,
                "digest": row.digest,
                "allowed": row.uses_allowed,
                "until": token_of(row.expires_at),
                "came": row.uses,
                "revoked": _by_leaf(row.revoked_at, row.revoked_leaf),
            },
        )
        for row in rows
    ]


def _barring_rows(guild: Mapping[str, Any]) -> list[Stored]:
    rows = Barring.objects.filter(**guild).select_related("member").order_by("since", "id")
    return [
        Stored(
            str(row.member.pseudonym),
            str(row.pk),
            row.leaf,
            {"first": row.leaf, "lifted": _by_leaf(row.lifted_at, row.lifted_leaf)},
        )
        for row in rows
    ]


def _term_rows(guild: Mapping[str, Any]) -> list[Stored]:
    rows = Term.objects.filter(**guild).select_related("member").order_by("leaf", "id")
    return [
        Stored(
            row.leaf,
            str(row.pk),
            row.leaf,
            {
                "who": row.member.pseudonym,
                "office": row.office,
                "until": "" if row.until is None else token_of(row.until),
                "ended": _by_leaf(row.ended_at, row.ended_leaf),
            },
        )
        for row in rows
    ]


def _handover_rows(guild: Mapping[str, Any]) -> list[Stored]:
    rows = Handover.objects.filter(**guild).select_related("giver", "successor").order_by("asked_at", "id")
    return [
        Stored(
            str(row.pk),
            str(row.pk),
            row.leaf,
            {
                "first": row.leaf,
                "giver": row.giver.pseudonym,
                "successor": row.successor.pseudonym,
                "office": row.office,
                "answer": _by_leaf(row.answered_at, row.answered_leaf),
                "state": row.state,
            },
        )
        for row in rows
    ]


def _act_rows(guild: Mapping[str, Any]) -> list[Stored]:
    rows = GuildAct.objects.filter(**guild).select_related("asked_by", "agreed_by")
    return [
        Stored(
            str(row.pk),
            str(row.pk),
            row.asked_leaf,
            {
                "first": row.asked_leaf,
                "kind": row.kind,
                "asker": row.asked_by.pseudonym,
                "state": row.state,
                "agreed": _by_leaf(row.agreed_at, row.agreed_leaf),
                "seconder": row.agreed_by.pseudonym if row.agreed_by else "",
                "due": "" if row.due_at is None else token_of(row.due_at),
                "ended": _by_leaf(row.ended_at, row.ended_leaf),
            },
        )
        for row in rows.order_by("asked_at", "id")
    ]


CHECK = Check("offices", "Invitations, terms, handovers, and what takes two", look, RULES)
