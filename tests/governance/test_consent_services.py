"""Stating terms and taking them back, from every door, with everything that follows."""

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from governance.consent import gate, selectors, standings, withdrawals
from governance.consent.enums import ConsentState, Purpose, Refusal
from governance.consent.errors import NoSuchConsent, TermsRefused
from governance.consent.models import Statement, Subject
from governance.consent.purposes import REGISTRY
from governance.consent.services import withdraw
from governance.consent.terms import Terms
from governance.consent.withdrawals import Withdrawal
from governance.ledger import selectors as log
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from guild.tenancy.context import current, tenant
from guild.tenancy.models import Membership
from guild.tenancy.services import end_membership
from tests.cast import Cast
from tests.governance.lending import EVERYTHING, WORDS, answer, lend

Within = Callable[[Membership], AbstractContextManager[Any]]
BASIC = {Purpose.SHARE_IN_SESSION: True, Purpose.BLEND: False}


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Withdrawal]]:
    """Every withdrawal that the rooms above were told of."""
    told: list[Withdrawal] = []
    monkeypatch.setattr(withdrawals, "_callbacks", [told.append])
    return told


def states(member: Membership) -> dict[Purpose, ConsentState]:
    with tenant(dreamer=member.dreamer_id):
        (dream,) = standings.statements_for(member.dreamer_id)
    return {standing.purpose: standing.state for standing in dream.standings}


def test_every_answer_is_a_row_and_a_leaf_refusals_too(cast: Cast, within: Within) -> None:
    lent = lend(cast.mira, BASIC, depth=0.25)
    with within(cast.mira):
        rows = list(Statement.objects.order_by("leaf_index"))
        entries = [decode(bytes(leaf.entry)) for leaf in Leaf.objects.order_by("index")]
        subject = Subject.objects.get(contribution=lent.contribution)
    assert [(row.purpose, row.state, row.leaf_index) for row in rows] == [
        ("share_in_session", "given", 0),
        ("blend", "refused", 1),
    ]
    assert [entry.kind for entry in entries] == [LeafKind.CONSENT_GIVEN, LeafKind.CONSENT_REFUSED]
    assert {entry.actor for entry in entries} == {cast.mira.pseudonym}
    assert {entry.subjects for entry in entries} == {(subject.commitment,)}
    assert entries[0].detail == {
        "purpose": "share_in_session",
        "depth": 0.25,
        "expires_at": None,
        "notice": REGISTRY[Purpose.SHARE_IN_SESSION].notice.digest,
    }
    assert rows[0].notice_digest == REGISTRY[Purpose.SHARE_IN_SESSION].notice.digest


def test_the_log_names_neither_dreamer_nor_contribution(cast: Cast, within: Within) -> None:
    lent = lend(cast.mira)
    with within(cast.mira):
        text = b"".join(bytes(leaf.entry) for leaf in Leaf.objects.all()).decode()
    for secret in (lent.contribution, cast.mira.dreamer_id, cast.mira.id, "Mira", WORDS):
        assert str(secret) not in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"granted": {}}, "at least one purpose"),
        ({"granted": {Purpose.BLEND: "yes"}}, "yes or no"),
        ({"depth": -0.01}, "between 0"),
        ({"depth": 1.01}, "between 0"),
        ({"depth": math.nan}, "between 0"),
        ({"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}, "in the future"),
        ({"expires_at": datetime(2099, 1, 1)}, "time zone"),  # noqa: DTZ001
    ],
)
def test_terms_that_cannot_stand_are_refused_with_a_sentence(
    cast: Cast, within: Within, changes: dict[str, Any], sentence: str
) -> None:
    terms = {"granted": EVERYTHING, "depth": 0.5, "expires_at": None, **changes}
    with pytest.raises(TermsRefused, match=sentence):
        answer(cast.mira, uuid4(), terms.pop("granted"), **terms)
    with within(cast.mira):
        assert (Statement.objects.count(), Leaf.objects.count()) == (0, 0)


def test_terms_for_another_dreamers_contribution_are_refused(cast: Cast) -> None:
    lent = lend(cast.mira)
    with pytest.raises(TermsRefused, match="nobody else"):
        answer(cast.finn, lent.contribution, EVERYTHING)


def test_terms_of_gives_the_blend_terms(cast: Cast, within: Within) -> None:
    expiry = timezone.now() + timedelta(days=1)
    lent = lend(cast.mira, {Purpose.BLEND: True, Purpose.QUOTE: True}, depth=0.4, expires_at=expiry)
    with within(cast.ayla):
        assert selectors.terms_of(lent.contribution) == Terms(0.4, quote=True, expires_at=expiry)
        assert selectors.terms_of(lent.contribution, at=expiry).quote is False
        with pytest.raises(NoSuchConsent):
            selectors.terms_of(uuid4())
    with within(cast.zed), pytest.raises(NoSuchConsent):
        selectors.terms_of(lent.contribution)


def test_withdrawing_everything_ends_every_given_purpose(
    cast: Cast, within: Within, announced: list[Withdrawal]
) -> None:
    lent = lend(cast.mira, {**EVERYTHING, Purpose.PUBLISH_TO_GUILD: False})
    done = withdraw(by=cast.mira.dreamer_id, contribution=lent.contribution)
    assert states(cast.mira) == {
        Purpose.SHARE_IN_SESSION: ConsentState.WITHDRAWN,
        Purpose.BLEND: ConsentState.WITHDRAWN,
        Purpose.QUOTE: ConsentState.WITHDRAWN,
        Purpose.PUBLISH_TO_GUILD: ConsentState.REFUSED,
    }
    assert (done.whole, set(done.purposes)) == (True, set(EVERYTHING))
    assert announced == [done]
    with within(cast.mira):
        kinds = list(Leaf.objects.order_by("index").values_list("kind", flat=True))
        subject = Subject.objects.get()
    assert kinds[4:] == [*[LeafKind.CONSENT_WITHDRAWN] * 3, LeafKind.RECIPIENTS_TOLD]
    assert (subject.nonce, subject.withdrawn_at) == (None, done.at)


def test_withdrawing_one_purpose_leaves_the_others(cast: Cast, announced: list[Withdrawal]) -> None:
    lent = lend(cast.mira)
    done = withdraw(by=cast.mira, contribution=lent.contribution, purpose=Purpose.QUOTE)
    assert (done.purposes, done.whole) == ((Purpose.QUOTE,), False)
    assert announced == [done]
    assert states(cast.mira) == {
        Purpose.SHARE_IN_SESSION: ConsentState.GIVEN,
        Purpose.BLEND: ConsentState.GIVEN,
        Purpose.QUOTE: ConsentState.WITHDRAWN,
    }


def test_withdrawing_the_telling_withdraws_everything(cast: Cast, announced: list[Withdrawal]) -> None:
    lent = lend(cast.mira)
    done = withdraw(by=cast.mira, contribution=lent.contribution, purpose=Purpose.SHARE_IN_SESSION)
    assert (done.whole, set(states(cast.mira).values())) == (True, {ConsentState.WITHDRAWN})


def test_withdrawing_twice_changes_nothing_more(
    cast: Cast, within: Within, announced: list[Withdrawal]
) -> None:
    lent = lend(cast.mira)
    withdraw(by=cast.mira, contribution=lent.contribution)
    with within(cast.mira):
        size = log.size_of(cast.lantern.id)
    again = withdraw(by=cast.mira, contribution=lent.contribution)
    with within(cast.mira):
        assert (again.purposes, log.size_of(cast.lantern.id), len(announced)) == ((), size, 1)


def test_a_contribution_with_nothing_given_can_still_be_withdrawn(
    cast: Cast, announced: list[Withdrawal]
) -> None:
    lent = lend(cast.mira, {Purpose.BLEND: False})
    withdraw(by=cast.mira, contribution=lent.contribution)
    assert [told.whole for told in announced] == [True]
    assert states(cast.mira) == {Purpose.BLEND: ConsentState.REFUSED}


def test_new_terms_after_withdrawal_are_refused(cast: Cast) -> None:
    lent = lend(cast.mira)
    withdraw(by=cast.mira, contribution=lent.contribution)
    with pytest.raises(TermsRefused, match="lend it again"):
        answer(cast.mira, lent.contribution, EVERYTHING)


@pytest.mark.parametrize("who", ["finn", "ayla", "zed"])
def test_nobody_withdraws_for_another(cast: Cast, announced: list[Withdrawal], who: str) -> None:
    lent = lend(cast.mira)
    with pytest.raises(NoSuchConsent):
        withdraw(by=getattr(cast, who), contribution=lent.contribution)
    with pytest.raises(NoSuchConsent):
        withdraw(by=getattr(cast, who).dreamer_id, contribution=lent.contribution)
    assert (announced, states(cast.mira)[Purpose.BLEND]) == ([], ConsentState.GIVEN)


def test_an_unknown_contribution_is_not_found(cast: Cast) -> None:
    with pytest.raises(NoSuchConsent):
        withdraw(by=cast.mira, contribution=uuid4())


def test_withdrawal_works_after_leaving_the_guild(cast: Cast, within: Within) -> None:
    lent = lend(cast.mira)
    with within(cast.mira):
        end_membership(membership=cast.mira)
    withdraw(by=cast.mira.dreamer_id, contribution=lent.contribution)
    with within(cast.ayla):
        use = gate.open_for([lent], purpose=Purpose.BLEND, actor=SYSTEM, on="blend", subject=uuid4())
    assert use.refused == (gate.Refused(lent.contribution, Refusal.WITHDRAWN),)


def test_withdrawal_from_the_personal_context_comes_back_to_it(cast: Cast) -> None:
    lent = lend(cast.mira)
    with tenant(dreamer=cast.mira.dreamer_id) as mine:
        withdraw(by=cast.mira.dreamer_id, contribution=lent.contribution)
        assert current() == mine
        assert Leaf.objects.count() == 0
        assert Statement.objects.filter(state="withdrawn").count() == 3


def test_a_callback_runs_in_the_guilds_tenant_and_sees_the_statement(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[object, int]] = []
    monkeypatch.setattr(withdrawals, "_callbacks", [])
    withdrawals.on_withdrawal(
        lambda told: seen.append((current(), Statement.objects.filter(state="withdrawn").count()))
    )
    lent = lend(cast.mira)
    withdraw(by=cast.mira.dreamer_id, contribution=lent.contribution)
    ((where, count),) = seen
    assert (where.guild, where.dreamer, count) == (cast.lantern.id, cast.mira.dreamer_id, 3)


def test_a_callback_is_registered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(withdrawals, "_callbacks", [])

    def follow(told: Withdrawal) -> None:
        raise AssertionError("nothing was withdrawn")

    withdrawals.on_withdrawal(follow)
    withdrawals.on_withdrawal(follow)
    assert withdrawals._callbacks == [follow]


def test_a_callback_that_fails_undoes_the_withdrawal(
    live_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(told: Withdrawal) -> None:
        raise RuntimeError("the shredder jammed")

    monkeypatch.setattr(withdrawals, "_callbacks", [fail])
    lent = lend(live_cast.mira)
    with pytest.raises(RuntimeError, match="jammed"):
        withdraw(by=live_cast.mira, contribution=lent.contribution)
    assert states(live_cast.mira)[Purpose.BLEND] is ConsentState.GIVEN


def test_statements_hold_the_whole_history(cast: Cast, within: Within) -> None:
    lent = lend(cast.mira, {Purpose.BLEND: False})
    answer(cast.mira, lent.contribution, {Purpose.BLEND: True})
    withdraw(by=cast.mira, contribution=lent.contribution, purpose=Purpose.BLEND)
    with within(cast.mira):
        history = Statement.objects.order_by("leaf_index").values_list("state", flat=True)
        assert list(history) == ["refused", "given", "withdrawn"]


def test_withdrawal_and_use_at_once_come_in_one_order_or_the_other(
    live_cast: Cast, within: Within, superuser: psycopg.Connection
) -> None:
    """Whatever the interleaving, no use stands after the withdrawal in the log."""
    for _ in range(6):
        lent = lend(live_cast.mira)
        race(live_cast, lent)
        with within(live_cast.ayla):
            last_use = Leaf.objects.filter(kind=LeafKind.USE).order_by("-index").first()
            ended = Leaf.objects.filter(kind=LeafKind.CONSENT_WITHDRAWN).order_by("index")
            first = ended.filter(index__gte=log.size_of(live_cast.lantern.id) - 4).first()
        assert first is not None
        assert last_use is None or last_use.index < first.index


def race(cast: Cast, lent: gate.Lent) -> None:
    barrier, errors = threading.Barrier(2), []

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait()
            work()
        except BaseException as error:  # noqa: BLE001 - carried to the test's own thread
            errors.append(error)
        finally:
            connection.close()

    def use() -> None:
        with tenant(guild=cast.lantern.id):
            gate.open_for([lent], purpose=Purpose.BLEND, actor=SYSTEM, on="blend", subject=uuid4())

    def take_back() -> None:
        withdraw(by=cast.mira.dreamer_id, contribution=lent.contribution)

    threads = [threading.Thread(target=run, args=(work,)) for work in (use, take_back)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
