"""Reads of lounges and sessions. The check is the function that fetches: a row, or a 404, or a 403 with a
sentence.

Reading what was lent is a use of it and stands in `hearing`; everything here is about ids, names and
states.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404

from governance.consent.gate import Lent
from governance.policies import entities
from governance.policies.entities import Resource
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.models import Membership
from guild.vault.places import Place
from lounges.sessions.enums import ContributionState, SessionState
from lounges.sessions.events import wire_data
from lounges.sessions.models import Contribution, Lounge, Participation, Session, SessionEvent

NO_SUCH_SESSION = "There is no such session, or it is not one of your guild's."
NO_SUCH_LOUNGE = "There is no such lounge in this guild."
NO_SUCH_CONTRIBUTION = "There is no such lent dream in this session; it may have been withdrawn."
LENT_FIELDS = ("title", "text", "reading")
PAST_SHOWN = 20


@dataclass(frozen=True)
class Person:
    """Somebody in a session, as others see them."""

    membership: UUID
    name: str
    hue: int
    stepped_out: bool
    is_host: bool


@dataclass(frozen=True)
class Timetable:
    """A lounge's sessions: open now, coming (soonest first), and over (latest first)."""

    open: tuple[Session, ...]
    upcoming: tuple[Session, ...]
    past: tuple[Session, ...]


def resource_of(session: Session) -> Resource:
    """The session as the law sees it."""
    return entities.session(
        id=session.pk,
        guild=session.guild_id,
        host=session.host_id,
        state=session.state,
        halted=session.halted_at is not None,
    )


def lounges_for(membership: Membership) -> list[Lounge]:
    """The lounges of the member's guild, by name. Raises Denied."""
    require(actor=membership, action=Action.VIEW_GUILD, resource=entities.guild(membership.guild_id))
    return list(Lounge.objects.filter(guild_id=membership.guild_id))


def lounge_for(membership: Membership, slug: str) -> Lounge:
    """The lounge at `slug`. Raises Http404 or Denied."""
    lounge = Lounge.objects.filter(guild_id=membership.guild_id, slug=slug).first()
    if lounge is None:
        raise Http404(NO_SUCH_LOUNGE)
    resource = entities.lounge(id=lounge.pk, guild=lounge.guild_id)
    require(actor=membership, action=Action.VIEW_LOUNGE, resource=resource)
    return lounge


def sessions_for(membership: Membership) -> QuerySet[Session]:
    """Every session of the member's guild, latest first, with lounge and host. Raises Denied."""
    require(actor=membership, action=Action.VIEW_GUILD, resource=entities.guild(membership.guild_id))
    return (
        Session.objects.filter(guild_id=membership.guild_id)
        .select_related("lounge", "host")
        .order_by("-opens_at", "-id")
    )


def sessions_ahead(membership: Membership, *, limit: int) -> list[Session]:
    """What is open or planned in the member's guild, open ones first, then soonest. Raises Denied."""
    ahead = sessions_for(membership).exclude(state=SessionState.CLOSED)
    return sorted(
        ahead.order_by("opens_at")[:limit], key=lambda session: (not session.is_open, session.opens_at)
    )


def timetable_of(lounge: Lounge) -> Timetable:
    """What is on in a lounge, with at most twenty sessions that are over."""
    sessions = Session.objects.filter(guild_id=lounge.guild_id, lounge_id=lounge.pk).select_related("host")
    return Timetable(
        open=tuple(sessions.filter(state=SessionState.OPEN).order_by("-opened_at")),
        upcoming=tuple(sessions.filter(state=SessionState.SCHEDULED).order_by("opens_at")),
        past=tuple(sessions.filter(state=SessionState.CLOSED).order_by("-closed_at")[:PAST_SHOWN]),
    )


def session_for(membership: Membership, session_id: UUID) -> Session:
    """The session, with lounge and host. Raises Http404 or Denied."""
    session = (
        Session.objects.filter(guild_id=membership.guild_id, pk=session_id)
        .select_related("lounge", "host", "experience_version__experience")
        .first()
    )
    if session is None:
        raise Http404(NO_SUCH_SESSION)
    require(actor=membership, action=Action.VIEW_SESSION, resource=resource_of(session))
    return session


def heard_session_for(membership: Membership, session_id: UUID) -> Session:
    """As `session_for`, for those who take part: they hear it. Raises Http404 or Denied."""
    session = session_for(membership, session_id)
    require_hearing(membership, session)
    return session


def require_hearing(membership: Membership, session: Session) -> None:
    """Raises Denied unless the member takes part in the session, and so hears what is told in it."""
    require(
        actor=membership,
        action=Action.HEAR_SESSION,
        resource=resource_of(session),
        participating=is_participating(session, membership),
    )


def participation_of(session: Session, membership: Membership) -> Participation | None:
    """The member's place in the session, also after stepping out; None before joining."""
    return Participation.objects.filter(
        guild_id=session.guild_id, session_id=session.pk, membership_id=membership.pk
    ).first()


def is_participating(session: Session, membership: Membership) -> bool:
    """Whether the member has accepted the terms and has not stepped out."""
    participation = participation_of(session, membership)
    return participation is not None and participation.is_participating


def took_part(session: Session, membership: Membership) -> bool:
    """Whether the member ever joined: stepping out later takes no dreamscape away."""
    return participation_of(session, membership) is not None


def people_in(session: Session) -> list[Person]:
    """Everyone who joined, in the order in which they did."""
    rows = (
        Participation.objects.filter(guild_id=session.guild_id, session_id=session.pk)
        .annotate(name=F("membership__display_name"), hue=F("membership__hue"))
        .values_list("membership_id", "name", "hue", "stepped_out_at")
    )
    return [
        Person(membership, name, hue, stepped_out is not None, membership == session.host_id)
        for membership, name, hue, stepped_out in rows
    ]


def lent_rows(session: Session) -> QuerySet[Contribution]:
    """What is lent to the session now, in the order of lending, still sealed."""
    return Contribution.objects.filter(
        guild_id=session.guild_id, session_id=session.pk, state=ContributionState.LENT
    ).select_related("membership", "session")


def lent_in(session: Session) -> list[Lent]:
    """What is lent to the session now, for the gate: fields "title", "text" and "reading"."""
    return [lent_of(row) for row in lent_rows(session)]


def lent_of(row: Contribution, *, fields: Iterable[str] = LENT_FIELDS) -> Lent:
    """One contribution for the gate, with the sealed `fields` that its use needs."""
    sealed = {"title": row.title_sealed, "text": row.text_sealed, "reading": row.reading_sealed}
    return Lent(
        contribution=row.pk,
        dreamer=row.dreamer_id,
        guild=row.guild_id,
        key_id=row.key_id,
        fields={name: (bytes(sealed[name]), place_of(row, name)) for name in fields},
        session=row.session_id,
        lounge=row.session.lounge_id,
    )


def place_of(row: Contribution, field: str) -> Place:
    """Where one sealed field of a contribution belongs, at its present revision."""
    return Place(
        field=f"lounges_contribution.{field}",
        row=row.pk,
        owner=row.dreamer_id,
        guild=row.guild_id,
        revision=row.revision,
    )


def revisions_of(guild: UUID, contributions: Iterable[UUID]) -> dict[UUID, int]:
    """The present revision of each of these contributions of a guild."""
    rows = Contribution.objects.filter(guild_id=guild, pk__in=list(contributions))
    return dict(rows.values_list("pk", "revision"))


def contribution_in(session: Session, contribution_id: UUID) -> Contribution:
    """One dream that is lent to the session now. Raises Http404."""
    row = lent_rows(session).filter(pk=contribution_id).first()
    if row is None:
        raise Http404(NO_SUCH_CONTRIBUTION)
    return row


def own_contribution_in(membership: Membership, session: Session, contribution_id: UUID) -> Contribution:
    """What the member lends or lent to the session, withdrawn or not. Raises Http404 for anybody else's."""
    row = Contribution.objects.filter(
        guild_id=session.guild_id,
        session_id=session.pk,
        pk=contribution_id,
        dreamer_id=membership.dreamer_id,
    ).first()
    if row is None:
        raise Http404(NO_SUCH_CONTRIBUTION)
    return row


def session_of_own(membership: Membership, contribution_id: UUID) -> UUID:
    """The session that the member lends or lent something to. Raises Http404 for anybody else's."""
    row = Contribution.objects.filter(
        guild_id=membership.guild_id, pk=contribution_id, dreamer_id=membership.dreamer_id
    ).first()
    if row is None:
        raise Http404(NO_SUCH_CONTRIBUTION)
    return row.session_id


def own_contributions(membership: Membership) -> QuerySet[Contribution]:
    """What the member lends to sessions of their guild now, latest first."""
    return Contribution.objects.filter(
        guild_id=membership.guild_id, dreamer_id=membership.dreamer_id, state=ContributionState.LENT
    ).order_by("-lent_at", "-id")


def kept_of(membership: Membership, session: Session) -> QuerySet[Contribution]:
    """What the member lent to the session and did not take back, set aside or not."""
    mine = Contribution.objects.filter(
        guild_id=membership.guild_id, dreamer_id=membership.dreamer_id, session_id=session.pk
    )
    return mine.exclude(state=ContributionState.WITHDRAWN)


def session_names(guild: UUID, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What the sessions among `ids` are called."""
    return dict(Session.objects.filter(guild_id=guild, pk__in=list(ids)).values_list("pk", "title"))


def lounge_names(guild: UUID, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What the lounges among `ids` are called."""
    return dict(Lounge.objects.filter(guild_id=guild, pk__in=list(ids)).values_list("pk", "name"))


def events_after(session: Session, *, offset: int, limit: int) -> list[tuple[int, Mapping[str, Any]]]:
    """At most `limit` events after `offset`, in order, as they go over the wire."""
    rows = SessionEvent.objects.filter(
        guild_id=session.guild_id, session_id=session.pk, offset__gt=offset
    ).order_by("offset")[:limit]
    return [(row.offset, wire_data(kind=row.type, at=row.at, data=row.data)) for row in rows]


def positions_of(sessions: Sequence[UUID]) -> dict[UUID, tuple[str, int]]:
    """Epoch and top offset of sessions of the current tenant's guild; one that is gone is left out."""
    rows = Session.objects.filter(pk__in=sessions).values_list("pk", "epoch", "next_offset")
    return {pk: (epoch, next_offset - 1) for pk, epoch, next_offset in rows}
