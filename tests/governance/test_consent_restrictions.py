"""Set aside: stored, and nothing else; and telling those whom a dream had reached."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from governance.consent import gate, histories, openings, recipients, restrictions, services, withdrawals
from governance.consent.enums import Cause, Purpose, Refusal, Told
from governance.consent.errors import NoSuchConsent, NotLent
from governance.consent.models import RecipientNotice, Restriction, Subject
from governance.consent.openings import Opening
from governance.consent.recipients import Recipient
from governance.consent.withdrawals import Withdrawal
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.tenancy.services import end_membership
from guild.vault import services as vault
from tests.cast import Cast
from tests.governance.lending import lend

Within = Callable[[Membership], AbstractContextManager[Any]]
WHERE, EARLIER, LATER = uuid4(), datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def reached(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every dream reached Finn twice, Ayla once, and its own dreamer."""

    def name(subject: Subject) -> Iterator[Recipient]:
        for who, on, at in (
            (cast.finn, "blend", LATER),
            (cast.finn, "session", EARLIER),
            (cast.ayla, "session", LATER),
            (cast.mira, "session", EARLIER),
        ):
            yield Recipient(who.dreamer_id, on, WHERE, at)

    monkeypatch.setattr(recipients, "_callbacks", [name])


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    found: list[object] = []
    monkeypatch.setattr(withdrawals, "_callbacks", [found.append])
    monkeypatch.setattr(openings, "_callbacks", [found.append])
    return found


def opened(lent: gate.Lent) -> gate.OpenedUse:
    with tenant(guild=lent.guild):
        return gate.open_for([lent], purpose=Purpose.BLEND, actor=SYSTEM, on="blend", subject=uuid4())


def test_what_is_set_aside_opens_for_nothing_and_keeps_its_key(
    cast: Cast, heard: list[object], within: Within
) -> None:
    lent = lend(cast.mira)
    assert restrictions.restrict(by=cast.mira.dreamer_id, contribution=lent.contribution)
    assert opened(lent).refused == (gate.Refused(lent.contribution, Refusal.RESTRICTED),)
    with within(cast.mira):
        assert not vault.is_destroyed(key_id=lent.key_id)
        kinds = list(Leaf.objects.order_by("index").values_list("kind", flat=True))[3:]
        assert Restriction.objects.get().restricted
    assert kinds == [LeafKind.CONSENT_RESTRICTED, LeafKind.RECIPIENTS_TOLD]
    (told,) = heard
    assert isinstance(told, Withdrawal)
    assert (told.cause, told.whole, set(told.purposes)) == (
        Cause.RESTRICTED,
        False,
        {Purpose.SHARE_IN_SESSION, Purpose.BLEND, Purpose.QUOTE},
    )


def test_lifting_lets_it_open_under_what_stood_before(cast: Cast, heard: list[object]) -> None:
    lent = lend(cast.mira, {Purpose.BLEND: True})
    restrictions.restrict(by=cast.mira, contribution=lent.contribution)
    assert restrictions.lift_restriction(by=cast.mira, contribution=lent.contribution)
    assert len(opened(lent).opened) == 1
    lifted = heard[-1]
    assert isinstance(lifted, Opening)
    assert (lifted.lifted, lifted.purposes) == (True, (Purpose.BLEND,))


def test_doing_it_twice_changes_nothing_more(cast: Cast, heard: list[object], within: Within) -> None:
    lent = lend(cast.mira)
    acts = [restrictions.restrict] * 2 + [restrictions.lift_restriction] * 2
    assert [act(by=cast.mira, contribution=lent.contribution) for act in acts] == [True, False, True, False]
    with within(cast.mira):
        assert Restriction.objects.count() == len(heard) == 2


def test_a_restricted_dream_is_taken_back_like_any_other(cast: Cast, heard: list[object]) -> None:
    lent = lend(cast.mira)
    restrictions.restrict(by=cast.mira, contribution=lent.contribution)
    done = services.withdraw(by=cast.mira, contribution=lent.contribution)
    assert (done.whole, len(done.purposes)) == (True, 3)
    assert opened(lent).refused == (gate.Refused(lent.contribution, Refusal.WITHDRAWN),)
    for act in (restrictions.restrict, restrictions.lift_restriction):
        with pytest.raises(NotLent):
            act(by=cast.mira, contribution=lent.contribution)


@pytest.mark.parametrize("who", ["finn", "ayla", "zed"])
def test_nobody_sets_anothers_dream_aside(cast: Cast, heard: list[object], who: str) -> None:
    lent = lend(cast.mira)
    for by in (getattr(cast, who), getattr(cast, who).dreamer_id):
        with pytest.raises(NoSuchConsent):
            restrictions.restrict(by=by, contribution=lent.contribution)
    assert len(opened(lent).opened) == 1


def test_it_works_after_leaving_the_guild(cast: Cast, heard: list[object], within: Within) -> None:
    lent = lend(cast.mira)
    with within(cast.mira):
        end_membership(membership=cast.mira)
    assert restrictions.restrict(by=cast.mira.dreamer_id, contribution=lent.contribution)


def test_everybody_whom_it_had_reached_is_told_once_and_counted(
    cast: Cast, reached: None, within: Within
) -> None:
    lent = lend(cast.mira)
    done = services.withdraw(by=cast.mira, contribution=lent.contribution)
    with within(cast.ayla):
        rows = RecipientNotice.objects.order_by("reached_at")
        leaf = Leaf.objects.get(kind=LeafKind.RECIPIENTS_TOLD)
        subject = Subject.objects.get()
        assert [(row.dreamer_id, row.on, row.reached_at, row.told_at, row.what) for row in rows] == [
            (cast.finn.dreamer_id, "session", EARLIER, done.at, Told.WITHDRAWN),
            (cast.ayla.dreamer_id, "session", LATER, done.at, Told.WITHDRAWN),
        ]
        assert {row.leaf_index for row in rows} == {leaf.index}
        entry = decode(bytes(leaf.entry))
    assert (entry.actor, entry.subjects, entry.detail) == (
        SYSTEM,
        (subject.commitment,),
        {"what": "withdrawn", "count": 2},
    )
    assert subject.told == 2


def test_a_recipient_sees_their_own_notices_from_anywhere_and_puts_them_away(
    cast: Cast, reached: None
) -> None:
    for _ in range(2):
        services.withdraw(by=cast.mira, contribution=lend(cast.mira).contribution)
    with tenant(dreamer=cast.finn.dreamer_id):
        told = histories.told(list(histories.told_rows(cast.finn.dreamer_id)), dreamer=cast.finn.dreamer_id)
        assert [(one.what, one.guild_name, one.seen_at) for one in told] == [
            (Told.WITHDRAWN, "The Lantern Guild", None)
        ] * 2
        assert recipients.put_away(by=cast.finn.dreamer_id) == 2
        assert histories.unread(cast.finn.dreamer_id).count() == 0
        assert recipients.put_away(by=cast.finn.dreamer_id) == 0
    with tenant(dreamer=cast.ayla.dreamer_id):
        assert histories.unread(cast.ayla.dreamer_id).count() == 2


def test_taking_back_one_purpose_tells_nobody(cast: Cast, reached: None, within: Within) -> None:
    lent = lend(cast.mira)
    services.withdraw(by=cast.mira, contribution=lent.contribution, purpose=Purpose.QUOTE)
    with within(cast.mira):
        assert (RecipientNotice.objects.count(), Subject.objects.get().told) == (0, None)


def test_where_nobody_was_reached_the_log_says_so(cast: Cast, within: Within) -> None:
    lent = lend(cast.mira)
    services.withdraw(by=cast.mira, contribution=lent.contribution)
    with within(cast.mira):
        entry = decode(bytes(Leaf.objects.get(kind=LeafKind.RECIPIENTS_TOLD).entry))
        assert (entry.detail["count"], Subject.objects.get().told) == (0, 0)


def test_a_history_of_restrictions_is_neither_changed_nor_removed(
    cast: Cast, heard: list[object], within: Within
) -> None:
    restrictions.restrict(by=cast.mira, contribution=lend(cast.mira).contribution)
    with within(cast.mira):
        for act in (
            lambda: Restriction.objects.update(restricted=False),
            lambda: Restriction.objects.all().delete(),
        ):
            with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
                act()
