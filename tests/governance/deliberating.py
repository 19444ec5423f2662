"""Proposals on their way, for tests: each step as the member whose step it is."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest import mock
from uuid import UUID

from governance.deliberation import clock, services, turning, voting
from governance.deliberation.counting import Method
from governance.deliberation.drafts import Draft
from governance.deliberation.enums import Kind
from governance.deliberation.models import Proposal
from governance.deliberation.voting import Cast
from governance.policies.law import with_values
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild, Membership

TEXT = "We close the lounge at ten, so that everybody sleeps."
OPTIONS = ("Monday", "Thursday", "Sunday")


def draft(**said: Any) -> Draft:
    """A free decision, unless something else is said."""
    return Draft(**{"kind": Kind.FREE, "title": "Quiet after ten", "text": TEXT} | said)


def ranked(**said: Any) -> Draft:
    return draft(**{"method": Method.RANKED, "options": OPTIONS} | said)


def give_law(guild: Guild, **values: str) -> None:
    """Give the guild other values, past any vote."""
    guild.law = with_values(**values)
    with tenant(guild=guild.pk):
        Guild.objects.filter(pk=guild.pk).update(law=guild.law)


def inside(member: Membership) -> Any:
    return tenant(guild=member.guild_id, dreamer=member.dreamer_id)


def proposed(author: Membership, **said: Any) -> Proposal:
    with inside(author):
        return services.propose(by=author, draft=draft(**said))


def sponsored(author: Membership, by: Iterable[Membership], **said: Any) -> Proposal:
    proposal = proposed(author, **said)
    for member in by:
        with inside(member):
            services.sponsor(proposal=proposal, by=member, version=proposal.current)
    return again(proposal)


def opened(author: Membership, by: Iterable[Membership], **said: Any) -> Proposal:
    """Voting has begun."""
    return opening(sponsored(author, by, **said))


def opening(proposal: Proposal) -> Proposal:
    """The clock opens what enough members sponsor."""
    turning.turn(guild=proposal.guild_id, proposal=proposal.pk)
    return again(proposal)


def again(proposal: Proposal) -> Proposal:
    """The proposal as it is now."""
    with tenant(guild=proposal.guild_id):
        return Proposal.objects.select_related("guild", "author").get(pk=proposal.pk)


def vote(proposal: Proposal, by: Membership, choice: str, **more: Any) -> Cast:
    with inside(by):
        return voting.cast(proposal=proposal, by=by, choice=choice, **more)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The database's clock says this."""
    with mock.patch.object(clock, "database_now", return_value=moment):
        yield


def ended(proposal: Proposal, *, after: timedelta = timedelta(0)) -> Proposal:
    """Voting is over, and counted."""
    assert proposal.closes_at is not None
    with at(proposal.closes_at + after):
        turning.turn(guild=proposal.guild_id, proposal=proposal.pk)
    return again(proposal)


def row(proposal: Proposal, model: Any, **which: Any) -> Any:
    with tenant(guild=proposal.guild_id):
        return model.objects.get(proposal=proposal, **which)


def rows(guild: UUID, model: Any, **which: Any) -> list[Any]:
    with tenant(guild=guild):
        return list(model.objects.filter(guild_id=guild, **which))
