"""The gate: nothing opens without a consent that stands and a leaf that says so."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.consent import gate, services
from governance.consent.enums import ConsentState, Purpose, Refusal
from governance.consent.errors import GateMisused
from governance.consent.models import Statement, Use, UseSubject
from governance.consent.purposes import REGISTRY, Unregistered
from governance.consent.terms import Terms
from governance.ledger import selectors as log
from governance.ledger import tree
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.errors import EntryRefused
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.vault import services as vault
from guild.vault.errors import KeyDestroyed, SealBroken
from tests.cast import Cast
from tests.governance.lending import WORDS, answer, lend

Within = Callable[[Membership], AbstractContextManager[Any]]
RUN = UUID("00000000-0000-4000-8000-0000000000b1")
LATER = datetime(2099, 1, 1, tzinfo=UTC)


def open_all(
    lents: list[gate.Lent], purpose: Purpose = Purpose.BLEND, actor: UUID | str = SYSTEM
) -> gate.OpenedUse:
    return gate.open_for(lents, purpose=purpose, actor=actor, on="blend", subject=RUN)


@pytest.fixture
def no_unwrapping(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[UUID]]:
    """Collects every key that was asked for."""
    asked: list[UUID] = []
    openers = vault.openers
    monkeypatch.setattr(vault, "openers", lambda key_ids: (asked.extend(key_ids), openers(key_ids))[1])
    return asked


def test_what_is_given_opens_under_its_terms(cast: Cast, within: Within) -> None:
    lent = lend(cast.mira, depth=0.34567, expires_at=LATER)
    with within(cast.ayla):
        use = open_all([lent], actor=cast.ayla.pseudonym)
    opened = gate.Opened(
        contribution=lent.contribution,
        dreamer=cast.mira.dreamer_id,
        terms=Terms(depth=0.3456, quote=True, expires_at=LATER),
        texts={"text": WORDS.encode()},
    )
    assert use == gate.OpenedUse(leaf_index=3, opened=(opened,), refused=())


@pytest.mark.parametrize("quote", [{}, {Purpose.QUOTE: False}])
def test_words_are_quotable_only_where_quoting_was_given(
    cast: Cast, within: Within, quote: dict[Purpose, bool]
) -> None:
    lent = lend(cast.mira, {Purpose.BLEND: True, **quote})
    with within(cast.ayla):
        assert open_all([lent]).opened[0].terms.quote is False


def test_one_leaf_records_a_use_of_many(cast: Cast, within: Within) -> None:
    lents = [lend(member) for member in (cast.finn, cast.lara, cast.mira)]
    with within(cast.ayla):
        before = log.size_of(cast.lantern.id)
        use = open_all(lents, actor=cast.ayla.pseudonym)
        leaf = log.leaf(cast.lantern.id, before)
        entry = decode(bytes(leaf.entry))
        subjects = list(UseSubject.objects.order_by("position"))
        recorded = Use.objects.get()
    commitments = [subject.commitment for subject in subjects]
    root = tree.root([tree.leaf_hash(bytes.fromhex(commitment)) for commitment in commitments]).hex()
    assert use.leaf_index == before == leaf.index == recorded.leaf_index
    assert (entry.kind, entry.actor, entry.subjects) == (LeafKind.USE, cast.ayla.pseudonym, (root,))
    assert entry.detail == {"purpose": "blend", "on": "blend", "subject": str(RUN), "count": 3}
    assert commitments == sorted(commitments)
    assert (recorded.count, recorded.root) == (3, root)
    assert [subject.position for subject in subjects] == [0, 1, 2]
    assert {subject.contribution for subject in subjects} == {lent.contribution for lent in lents}


def test_the_leaf_is_written_before_any_key_is_unwrapped(cast: Cast, within: Within) -> None:
    lent = lend(cast.mira)
    with (
        within(cast.ayla),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        open_all([lent])
    statements = [query["sql"] for query in queries.captured_queries]
    written = next(i for i, sql in enumerate(statements) if "ledger_append(" in sql)
    rows = next(i for i, sql in enumerate(statements) if 'INSERT INTO "consent_use_subject"' in sql)
    unwrapped = next(i for i, sql in enumerate(statements) if "data_key" in sql)
    assert written < rows < unwrapped


def test_the_queries_do_not_grow_with_the_contributions(cast: Cast, within: Within) -> None:
    counts = []
    for members in ((cast.finn,), (cast.finn, cast.lara, cast.mira)):
        lents = [lend(member) for member in members]
        with within(cast.ayla), CaptureQueriesContext(connection) as queries:
            open_all(lents)
        said = [query["sql"] for query in queries.captured_queries]
        counts.append(sum("ledger_leaf" not in sql for sql in said))
    assert counts == [7, 7]


@pytest.mark.parametrize(
    ("granted", "reason"),
    [
        ({}, Refusal.UNSTATED),
        ({Purpose.SHARE_IN_SESSION: True}, Refusal.UNSTATED),
        ({Purpose.BLEND: False}, Refusal.REFUSED),
    ],
)
def test_what_is_not_plainly_given_stays_shut(
    cast: Cast,
    within: Within,
    no_unwrapping: list[UUID],
    granted: dict[Purpose, bool],
    reason: Refusal,
) -> None:
    lent = lend(cast.mira, granted)
    asked = len(no_unwrapping)
    with within(cast.ayla):
        before = log.size_of(cast.lantern.id)
        use = open_all([lent])
        assert use == gate.OpenedUse(None, (), (gate.Refused(lent.contribution, reason),))
        assert (log.size_of(cast.lantern.id), Use.objects.count()) == (before, 0)
    assert len(no_unwrapping) == asked


def test_a_withdrawn_purpose_stays_shut_and_the_others_open(cast: Cast, within: Within) -> None:
    lent = lend(cast.mira)
    services.withdraw(by=cast.mira, contribution=lent.contribution, purpose=Purpose.BLEND)
    with within(cast.ayla):
        assert open_all([lent]).refused == (gate.Refused(lent.contribution, Refusal.WITHDRAWN),)
        assert len(open_all([lent], Purpose.SHARE_IN_SESSION).opened) == 1


def test_an_expired_consent_stays_shut_and_its_end_is_recorded_once(
    cast: Cast, within: Within, monkeypatch: pytest.MonkeyPatch
) -> None:
    lent = lend(cast.mira, expires_at=timezone.now() + timedelta(hours=1))
    after = timezone.now() + timedelta(hours=1, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: after)
    with within(cast.ayla):
        for _ in range(2):
            assert open_all([lent]).refused == (gate.Refused(lent.contribution, Refusal.EXPIRED),)
        leaves = Leaf.objects.filter(kind=LeafKind.CONSENT_EXPIRED)
        assert [decode(bytes(leaf.entry)).actor for leaf in leaves] == [SYSTEM]
        assert Statement.objects.filter(state=ConsentState.EXPIRED).count() == 1


def test_a_consent_ends_at_its_expiry_exactly(
    cast: Cast, within: Within, monkeypatch: pytest.MonkeyPatch
) -> None:
    expiry = timezone.now() + timedelta(hours=1)
    lent = lend(cast.mira, expires_at=expiry)
    with within(cast.ayla):
        monkeypatch.setattr(timezone, "now", lambda: expiry - timedelta(microseconds=1))
        assert len(open_all([lent]).opened) == 1
        monkeypatch.setattr(timezone, "now", lambda: expiry)
        assert open_all([lent]).opened == ()


def test_the_allowed_open_and_the_others_are_named(
    cast: Cast, within: Within, no_unwrapping: list[UUID]
) -> None:
    given, refused, unstated = lend(cast.finn), lend(cast.lara, {Purpose.BLEND: False}), lend(cast.mira, {})
    with within(cast.ayla):
        use = open_all([given, refused, unstated])
        assert [item.contribution for item in use.opened] == [given.contribution]
        assert use.refused == (
            gate.Refused(refused.contribution, Refusal.REFUSED),
            gate.Refused(unstated.contribution, Refusal.UNSTATED),
        )
        assert Use.objects.get().count == 1
    assert no_unwrapping == [given.key_id]


def test_a_consent_of_somebody_else_opens_nothing(cast: Cast, within: Within) -> None:
    lent = lend(cast.mira)
    with within(cast.ayla):
        use = open_all([replace(lent, dreamer=cast.finn.dreamer_id)])
    assert use.refused == (gate.Refused(lent.contribution, Refusal.NOT_THE_DREAMERS),)


def test_the_newest_statement_wins_in_both_directions(cast: Cast, within: Within) -> None:
    lent = lend(cast.mira, {Purpose.BLEND: False})
    answer(cast.mira, lent.contribution, {Purpose.BLEND: True})
    with within(cast.ayla):
        assert len(open_all([lent]).opened) == 1
    answer(cast.mira, lent.contribution, {Purpose.BLEND: False})
    with within(cast.ayla):
        assert open_all([lent]).opened == ()


def test_nothing_lent_opens_nothing_and_writes_nothing(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        assert open_all([]) == gate.OpenedUse(None, (), ())
        assert log.size_of(cast.lantern.id) == 0


def test_the_gate_refuses_to_judge_across_guilds(cast: Cast, within: Within) -> None:
    ours, theirs = lend(cast.mira), lend(cast.zed)
    with within(cast.ayla):
        with pytest.raises(GateMisused, match="two guilds"):
            open_all([ours, theirs])
        with pytest.raises(GateMisused, match="its own guild"):
            open_all([theirs])
        with pytest.raises(GateMisused, match="twice"):
            open_all([ours, ours])


def test_the_gate_refuses_in_a_personal_context(cast: Cast) -> None:
    lent = lend(cast.mira)
    with tenant(dreamer=cast.mira.dreamer_id), pytest.raises(GateMisused, match="its own guild"):
        open_all([lent])


@pytest.mark.parametrize("purpose", ["marketing", "", None])
def test_an_unregistered_purpose_opens_nothing(cast: Cast, within: Within, purpose: object) -> None:
    lent = lend(cast.mira)
    with within(cast.ayla), pytest.raises(Unregistered):
        gate.open_for([lent], purpose=purpose, actor=SYSTEM, on="blend", subject=RUN)  # type: ignore[arg-type]


def test_every_purpose_is_registered_with_a_notice_and_a_term() -> None:
    assert set(REGISTRY) == set(Purpose)
    for entry in REGISTRY.values():
        assert entry.dpv.startswith("https://w3id.org/dpv#")
        assert len(entry.notice.text) > 40
        assert len(entry.notice.digest) == 64


def test_bytes_moved_to_another_contribution_do_not_open(cast: Cast, within: Within) -> None:
    ours, other = lend(cast.mira), lend(cast.mira)
    moved = replace(ours, fields={"text": (other.fields["text"][0], ours.fields["text"][1])})
    with within(cast.ayla), pytest.raises(SealBroken):
        open_all([moved])


def test_a_use_that_fails_to_open_leaves_no_leaf(live_cast: Cast, within: Within) -> None:
    lent = lend(live_cast.mira)
    with within(live_cast.mira):
        vault.destroy_key(key_id=lent.key_id)
        before = log.size_of(live_cast.lantern.id)
    with pytest.raises(KeyDestroyed), within(live_cast.ayla):
        open_all([lent])
    with within(live_cast.ayla):
        assert (log.size_of(live_cast.lantern.id), Use.objects.count()) == (before, 0)


def test_an_actor_with_a_name_is_refused(cast: Cast, within: Within, no_unwrapping: list[UUID]) -> None:
    lent = lend(cast.mira)
    asked = len(no_unwrapping)
    with within(cast.ayla), pytest.raises(EntryRefused, match="pseudonym"):
        open_all([lent], actor="Ayla")
    assert len(no_unwrapping) == asked


def test_another_guild_sees_no_use_and_no_consent(cast: Cast, within: Within) -> None:
    lent = lend(cast.mira)
    with within(cast.ayla):
        open_all([lent])
    with within(cast.zed):
        assert (Statement.objects.count(), Use.objects.count(), UseSubject.objects.count()) == (0, 0, 0)
    with tenant(dreamer=cast.mira.dreamer_id):
        assert (Statement.objects.count(), Use.objects.count(), UseSubject.objects.count()) == (3, 0, 1)
    with tenant(dreamer=cast.finn.dreamer_id):
        assert (Statement.objects.count(), UseSubject.objects.count()) == (0, 0)


def test_the_words_do_not_show_in_a_line_of_a_log(cast: Cast, within: Within) -> None:
    lent = lend(cast.mira)
    with within(cast.ayla):
        use = open_all([lent])
    assert WORDS not in repr(lent) + repr(use)
