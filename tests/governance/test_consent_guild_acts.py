"""What a guild says about a consent: asking, revoking, finding it not valid; only by whom the law lets."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from governance.consent import answering, gate, guild_acts, withdrawals
from governance.consent.answering import one_dream
from governance.consent.enums import Cause, Purpose, Refusal
from governance.consent.errors import NoSuchConsent, TermsRefused
from governance.consent.models import Statement
from governance.consent.withdrawals import Withdrawal
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.policies.errors import Denied
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.lending import lend, readable

Within = Callable[[Membership], AbstractContextManager[Any]]
SHARED = {Purpose.SHARE_IN_SESSION: True}


def opened(lent: gate.Lent) -> gate.OpenedUse:
    with tenant(guild=lent.guild):
        return gate.open_for([lent], purpose=Purpose.BLEND, actor=SYSTEM, on="blend", subject=uuid4())


def ask(by: Membership, lent: gate.Lent, purpose: Purpose = Purpose.BLEND) -> Statement:
    with tenant(guild=by.guild_id, dreamer=by.dreamer_id):
        return guild_acts.request(by=by, contribution=lent.contribution, purpose=purpose)


def say(member: Membership, lent: gate.Lent, act: Callable[..., Any]) -> None:
    act(
        by=member.dreamer_id,
        target=one_dream(lent.contribution),
        purpose=Purpose.BLEND,
        read=readable(Purpose.BLEND),
    )


def test_a_request_opens_nothing_and_stands_in_the_hosts_name(cast: Cast, within: Within) -> None:
    lent = lend(cast.mira, SHARED)
    row = ask(cast.ayla, lent)
    assert (row.state, row.actor, row.pseudonym) == (
        "requested",
        str(cast.ayla.pseudonym),
        cast.mira.pseudonym,
    )
    with within(cast.ayla):
        entry = decode(bytes(Leaf.objects.get(index=row.leaf_index).entry))
    assert (entry.kind, entry.actor) == (LeafKind.CONSENT_REQUESTED, cast.ayla.pseudonym)
    assert opened(lent).refused[0].reason is Refusal.REQUESTED


def test_a_request_is_put_off_and_then_answered(cast: Cast) -> None:
    lent = lend(cast.mira, SHARED)
    ask(cast.ayla, lent)
    say(cast.mira, lent, answering.defer)
    assert opened(lent).refused[0].reason is Refusal.DEFERRED
    say(cast.mira, lent, answering.give)
    assert len(opened(lent).opened) == 1


@pytest.mark.parametrize("answer", [None, answering.give, answering.refuse])
def test_nobody_is_asked_twice_nor_after_an_answer(cast: Cast, answer: Callable[..., Any] | None) -> None:
    lent = lend(cast.mira, SHARED)
    ask(cast.ayla, lent)
    if answer is not None:
        say(cast.mira, lent, answer)
    with pytest.raises(TermsRefused):
        ask(cast.ayla, lent)


def test_a_consent_that_ran_out_may_be_asked_for_though_nobody_recorded_its_end(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    expiry = timezone.now() + timedelta(hours=1)
    lent = lend(cast.mira, {**SHARED, Purpose.BLEND: True}, expires_at=expiry)
    with pytest.raises(TermsRefused, match="allowed this already"):
        ask(cast.ayla, lent)
    monkeypatch.setattr(timezone, "now", lambda: expiry)
    assert ask(cast.ayla, lent).state == "requested"


def test_what_concerns_a_person_is_not_asked_of_a_dream(cast: Cast) -> None:
    with pytest.raises(TermsRefused, match="not of a dream"):
        ask(cast.ayla, lend(cast.mira, SHARED), Purpose.REMINDERS)


@pytest.mark.parametrize("act", [guild_acts.revoke, guild_acts.invalidate])
def test_the_guild_ends_a_consent_and_its_dreamer_may_give_it_again(
    cast: Cast, act: Callable[..., Statement], monkeypatch: pytest.MonkeyPatch, within: Within
) -> None:
    told: list[Withdrawal] = []
    monkeypatch.setattr(withdrawals, "_callbacks", [told.append])
    lent = lend(cast.mira)
    with within(cast.ezra):
        row = act(by=cast.ezra, contribution=lent.contribution, purpose=Purpose.BLEND)
        with pytest.raises(TermsRefused, match="no consent"):
            act(by=cast.ezra, contribution=lent.contribution, purpose=Purpose.BLEND)
    state = "revoked" if act is guild_acts.revoke else "invalidated"
    assert (row.state, row.actor) == (state, str(cast.ezra.pseudonym))
    assert opened(lent).refused[0].reason == Refusal(state)
    assert [(one.purposes, one.cause, one.whole) for one in told] == [((Purpose.BLEND,), Cause(state), False)]
    say(cast.mira, lent, answering.give)
    assert len(opened(lent).opened) == 1
    with within(cast.mira):
        newest = Statement.objects.filter(purpose=Purpose.BLEND).order_by("-leaf_index").first()
    assert newest is not None
    assert newest.state == ("given" if state == "revoked" else "renewed")


@pytest.mark.parametrize("who", ["finn", "lara", "mira", "ayla"])
def test_only_an_enforcer_ends_a_consent(cast: Cast, within: Within, who: str) -> None:
    lent, member = lend(cast.mira), getattr(cast, who)
    with within(member), pytest.raises(Denied, match="enforcer"):
        guild_acts.revoke(by=member, contribution=lent.contribution, purpose=Purpose.BLEND)
    assert len(opened(lent).opened) == 1


@pytest.mark.parametrize("who", ["finn", "ezra", "mira"])
def test_only_a_host_asks(cast: Cast, who: str) -> None:
    with pytest.raises(Denied, match="architect or a steward"):
        ask(getattr(cast, who), lend(cast.mira, SHARED))


def test_another_guilds_dream_is_not_found(cast: Cast) -> None:
    with pytest.raises(NoSuchConsent):
        ask(cast.zed, lend(cast.mira, SHARED))
