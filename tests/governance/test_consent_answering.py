"""Yes, no and not now after the lending: for one dream, and for all that is lent somewhere."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from governance.consent import answering, gate, notices, openings, places, selectors, standings, withdrawals
from governance.consent.answering import Target, one_dream
from governance.consent.enums import Cause, ConsentState, Purpose, Refusal, Scope, Surface
from governance.consent.errors import NoSuchConsent, NoticeChanged, NotLent, TermsRefused
from governance.consent.models import ServedNotice, Statement
from governance.consent.openings import Opening
from governance.consent.purposes import REGISTRY
from governance.consent.resolution import Place, Register
from governance.consent.services import LentTo, withdraw
from governance.consent.terms import Terms
from governance.consent.withdrawals import Withdrawal
from governance.ledger.enums import SYSTEM, LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from guild.tenancy.services import add_member, end_membership
from tests.cast import Cast
from tests.governance.lending import lend, readable

Within = Callable[[Membership], AbstractContextManager[Any]]
SESSION, LOUNGE = uuid4(), uuid4()
HERE = LentTo(SESSION, LOUNGE)
SHARED = {Purpose.SHARE_IN_SESSION: True}


@dataclass
class Heard:
    """What the rooms above were told of."""

    shut: list[Withdrawal] = field(default_factory=list)
    opened: list[Opening] = field(default_factory=list)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    found = Heard()
    monkeypatch.setattr(withdrawals, "_callbacks", [found.shut.append])
    monkeypatch.setattr(openings, "_callbacks", [found.opened.append])
    return found


@pytest.fixture(autouse=True)
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session and a lounge that only this test knows."""

    def names(of: UUID) -> Callable[..., Mapping[UUID, str]]:
        return lambda guild, ids: {of: "a place"} if of in ids else {}

    monkeypatch.setattr(places, "_names", {Scope.SESSION: names(SESSION), Scope.LOUNGE: names(LOUNGE)})


def broad(member: Membership, scope: Scope) -> Target:
    where = {Scope.SESSION: SESSION, Scope.LOUNGE: LOUNGE, Scope.GUILD: member.guild_id}
    return Target(scope, where[scope], member.guild_id)


def give(member: Membership, target: Target, purpose: Purpose = Purpose.BLEND, **limits: Any) -> Any:
    return answering.give(
        by=member.dreamer_id, target=target, purpose=purpose, read=readable(purpose), **limits
    )


def refuse(member: Membership, target: Target, purpose: Purpose = Purpose.BLEND) -> Any:
    return answering.refuse(by=member.dreamer_id, target=target, purpose=purpose, read=readable(purpose))


def opens(lent: gate.Lent, purpose: Purpose = Purpose.BLEND) -> Terms | Refusal:
    with tenant(guild=lent.guild):
        use = gate.open_for([lent], purpose=purpose, actor=SYSTEM, on="blend", subject=uuid4())
    return use.opened[0].terms if use.opened else use.refused[0].reason


def states_of(member: Membership, purpose: Purpose = Purpose.BLEND) -> list[str]:
    with tenant(dreamer=member.dreamer_id):
        rows = Statement.objects.filter(purpose=purpose).order_by("stated_at", "leaf_index")
        return list(rows.values_list("state", flat=True))


def test_a_refused_purpose_is_given_later_as_a_new_statement_and_leaf(
    cast: Cast, heard: Heard, within: Within
) -> None:
    lent = lend(cast.mira, {**SHARED, Purpose.BLEND: False})
    assert opens(lent) is Refusal.REFUSED
    done = give(cast.mira, one_dream(lent.contribution), depth=0.25)
    assert (done.opened, done.shut) == ((lent.contribution,), ())
    assert opens(lent) == Terms(0.25, quote=False, expires_at=None)
    assert states_of(cast.mira) == ["refused", "given"]
    assert [(one.contribution, one.purposes, one.lifted) for one in heard.opened] == [
        (lent.contribution, (Purpose.BLEND,), False)
    ]
    with within(cast.mira):
        entry = decode(bytes(Leaf.objects.get(index=done.statements[0].leaf_index).entry))
    assert (entry.kind, entry.actor) == (LeafKind.CONSENT_GIVEN, cast.mira.pseudonym)


def test_giving_again_renews(cast: Cast, heard: Heard) -> None:
    lent = lend(cast.mira, {**SHARED, Purpose.BLEND: True}, depth=0.2)
    give(cast.mira, one_dream(lent.contribution), depth=0.4)
    assert states_of(cast.mira) == ["given", "renewed"]
    assert opens(lent) == Terms(0.4, quote=False, expires_at=None)
    assert (heard.opened, heard.shut) == ([], [])


def test_giving_after_a_no_is_no_renewal(cast: Cast, heard: Heard) -> None:
    lent = lend(cast.mira)
    refuse(cast.mira, one_dream(lent.contribution))
    give(cast.mira, one_dream(lent.contribution), depth=0.4)
    assert states_of(cast.mira) == ["given", "withdrawn", "given"]


def test_less_depth_is_a_withdrawal_of_what_was_deeper(cast: Cast, heard: Heard) -> None:
    lent = lend(cast.mira, depth=0.5)
    give(cast.mira, one_dream(lent.contribution), depth=0.3)
    assert [(one.purposes, one.cause, one.whole) for one in heard.shut] == [
        ((Purpose.BLEND,), Cause.LESSENED, False)
    ]


@pytest.mark.parametrize("purpose", [Purpose.SHARE_IN_SESSION, Purpose.QUOTE])
def test_a_yes_said_again_takes_nothing_away(cast: Cast, heard: Heard, purpose: Purpose) -> None:
    """Depth is a limit of blending alone, though a loan states every purpose with it."""
    lent = lend(cast.mira, depth=0.5)
    done = give(cast.mira, one_dream(lent.contribution), purpose)
    assert (done.opened, done.shut, heard.shut) == ((), (), [])


@pytest.mark.parametrize("purpose", [Purpose.BLEND, Purpose.QUOTE])
def test_a_nearer_end_is_less_than_what_was_given(cast: Cast, heard: Heard, purpose: Purpose) -> None:
    soon, later = timezone.now() + timedelta(hours=1), timezone.now() + timedelta(hours=2)
    lent = lend(cast.mira, depth=0.5)
    for expiry in (later, soon, later, None):
        give(cast.mira, one_dream(lent.contribution), purpose, depth=0.5, expires_at=expiry)
    assert [(one.purposes, one.cause, one.whole) for one in heard.shut] == [
        ((purpose,), Cause.LESSENED, False)
    ] * 2


@pytest.mark.parametrize("scope", [Scope.SESSION, Scope.LOUNGE, Scope.GUILD])
def test_a_broader_yes_opens_what_says_nothing_itself(cast: Cast, heard: Heard, scope: Scope) -> None:
    silent = lend(cast.mira, SHARED, lent_to=HERE)
    against = lend(cast.mira, {**SHARED, Purpose.BLEND: False}, lent_to=HERE)
    anothers = lend(cast.finn, SHARED, lent_to=HERE)
    done = give(cast.mira, broad(cast.mira, scope), depth=0.3)
    assert done.opened == (silent.contribution,)
    assert opens(silent) == Terms(0.3, quote=False, expires_at=None)
    assert (opens(against), opens(anothers)) == (Refusal.REFUSED, Refusal.UNSTATED)


@pytest.mark.parametrize("scope", [Scope.SESSION, Scope.LOUNGE])
def test_a_word_for_one_place_does_not_reach_another(cast: Cast, heard: Heard, scope: Scope) -> None:
    elsewhere = lend(cast.mira, SHARED, lent_to=LentTo(uuid4(), uuid4()))
    assert give(cast.mira, broad(cast.mira, scope)).opened == ()
    assert opens(elsewhere) is Refusal.UNSTATED


def test_a_narrower_place_goes_before_a_wider_one(cast: Cast, heard: Heard) -> None:
    lent = lend(cast.mira, SHARED, lent_to=HERE)
    give(cast.mira, broad(cast.mira, Scope.GUILD))
    refuse(cast.mira, broad(cast.mira, Scope.SESSION))
    assert opens(lent) is Refusal.REFUSED
    give(cast.mira, one_dream(lent.contribution), depth=0.1)
    assert opens(lent) == Terms(0.1, quote=False, expires_at=None)


def test_never_quote_me_in_this_guild(cast: Cast, heard: Heard) -> None:
    said_yes = lend(cast.mira)
    silent = lend(cast.mira, {**SHARED, Purpose.BLEND: True}, lent_to=HERE)
    never = broad(cast.mira, Scope.GUILD)
    give(cast.mira, never, Purpose.QUOTE)
    assert opens(silent) == Terms(0.5, quote=True, expires_at=None)
    done = refuse(cast.mira, never, Purpose.QUOTE)
    assert done.shut == (silent.contribution,)
    assert states_of(cast.mira, Purpose.QUOTE)[-1] == "withdrawn"
    assert opens(said_yes) == Terms(0.5, quote=True, expires_at=None)
    assert answering.take_back_in_each(by=cast.mira.dreamer_id, target=never, purpose=Purpose.QUOTE) == 1
    assert opens(said_yes) == Terms(0.5, quote=False, expires_at=None)


def test_taking_back_in_each_leaves_what_stands_by_no_narrower_word(cast: Cast, heard: Heard) -> None:
    """Pressed on a page from before the broad no became a yes again, it takes no more than it offered."""
    own, silent = lend(cast.mira), lend(cast.mira, {}, lent_to=HERE)
    here = broad(cast.mira, Scope.LOUNGE)
    give(cast.mira, broad(cast.mira, Scope.GUILD), Purpose.SHARE_IN_SESSION)
    assert (
        answering.take_back_in_each(by=cast.mira.dreamer_id, target=here, purpose=Purpose.SHARE_IN_SESSION)
        == 0
    )
    everywhere = broad(cast.mira, Scope.GUILD)
    assert (
        answering.take_back_in_each(
            by=cast.mira.dreamer_id, target=everywhere, purpose=Purpose.SHARE_IN_SESSION
        )
        == 1
    )
    assert [one.contribution for one in heard.shut] == [own.contribution]
    assert isinstance(opens(silent, Purpose.SHARE_IN_SESSION), Terms)


def test_ask_me_each_time_opens_nothing(cast: Cast, heard: Heard) -> None:
    silent = lend(cast.mira, SHARED, lent_to=HERE)
    give(cast.mira, broad(cast.mira, Scope.GUILD))
    done = answering.defer(
        by=cast.mira.dreamer_id,
        target=broad(cast.mira, Scope.GUILD),
        purpose=Purpose.BLEND,
        read=readable(Purpose.BLEND),
    )
    assert (done.shut, opens(silent)) == ((silent.contribution,), Refusal.DEFERRED)
    assert states_of(cast.mira) == ["given", "deferred"]


def test_a_yes_for_a_dream_is_taken_back_and_not_put_off(cast: Cast, heard: Heard) -> None:
    lent = lend(cast.mira)
    with pytest.raises(TermsRefused, match="take it back"):
        answering.defer(
            by=cast.mira.dreamer_id,
            target=one_dream(lent.contribution),
            purpose=Purpose.BLEND,
            read=readable(Purpose.BLEND),
        )


def test_refusing_the_telling_of_a_told_dream_takes_it_back_whole(cast: Cast, heard: Heard) -> None:
    lent = lend(cast.mira)
    refuse(cast.mira, one_dream(lent.contribution), Purpose.SHARE_IN_SESSION)
    assert [one.whole for one in heard.shut] == [True]
    with pytest.raises(NotLent, match="lend it again"):
        give(cast.mira, one_dream(lent.contribution))


def test_whole_withdrawal_ends_what_stands_by_a_broader_word_too(cast: Cast, heard: Heard) -> None:
    lent = lend(cast.mira, SHARED, lent_to=HERE)
    give(cast.mira, broad(cast.mira, Scope.GUILD))
    done = withdraw(by=cast.mira, contribution=lent.contribution)
    assert set(done.purposes) == {Purpose.SHARE_IN_SESSION, Purpose.BLEND}
    assert opens(lent) is Refusal.WITHDRAWN
    give(cast.mira, broad(cast.mira, Scope.GUILD))
    assert opens(lent) is Refusal.WITHDRAWN


def test_a_broader_consent_runs_out_at_its_instant_and_that_is_recorded(
    cast: Cast, heard: Heard, monkeypatch: pytest.MonkeyPatch, within: Within
) -> None:
    lent = lend(cast.mira, SHARED, lent_to=HERE)
    expiry = timezone.now() + timedelta(hours=1)
    give(cast.mira, broad(cast.mira, Scope.LOUNGE), expires_at=expiry)
    monkeypatch.setattr(timezone, "now", lambda: expiry - timedelta(microseconds=1))
    assert opens(lent) == Terms(0.0, quote=False, expires_at=expiry)
    monkeypatch.setattr(timezone, "now", lambda: expiry)
    assert [opens(lent), opens(lent)] == [Refusal.EXPIRED, Refusal.EXPIRED]
    assert states_of(cast.mira) == ["given", "expired"]
    with within(cast.mira):
        entry = decode(bytes(Leaf.objects.get(kind=LeafKind.CONSENT_EXPIRED).entry))
    assert (entry.actor, entry.subjects) == (SYSTEM, ())
    assert entry.detail["pseudonym"] == str(cast.mira.pseudonym)


def test_one_end_of_a_broader_consent_is_recorded_once_for_all_its_dreams(
    cast: Cast, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = [lend(cast.mira, SHARED, lent_to=HERE) for _ in range(2)]
    expiry = timezone.now() + timedelta(hours=1)
    give(cast.mira, broad(cast.mira, Scope.LOUNGE), expires_at=expiry)
    monkeypatch.setattr(timezone, "now", lambda: expiry)
    with tenant(guild=cast.lantern.pk):
        use = gate.open_for(two, purpose=Purpose.BLEND, actor=SYSTEM, on="blend", subject=uuid4())
    assert [one.reason for one in use.refused] == [Refusal.EXPIRED] * 2
    assert states_of(cast.mira) == ["given", "expired"]


def test_terms_end_with_the_first_of_what_they_rest_on(cast: Cast, heard: Heard) -> None:
    soon, later = timezone.now() + timedelta(hours=1), timezone.now() + timedelta(hours=2)
    lent = lend(cast.mira, {**SHARED, Purpose.BLEND: True}, expires_at=later)
    give(cast.mira, one_dream(lent.contribution), Purpose.QUOTE, expires_at=soon)
    assert opens(lent) == Terms(0.5, quote=True, expires_at=soon)


def test_the_leaves_alone_agree_with_the_tables(cast: Cast, heard: Heard, within: Within) -> None:
    """For every dream and purpose, after everything that can be said."""
    lents = [lend(cast.mira, SHARED, lent_to=HERE), lend(cast.mira), lend(cast.finn, SHARED, lent_to=HERE)]
    give(cast.mira, broad(cast.mira, Scope.GUILD), depth=0.7)
    refuse(cast.mira, broad(cast.mira, Scope.LOUNGE), Purpose.QUOTE)
    give(cast.finn, broad(cast.finn, Scope.SESSION), Purpose.EXCHANGE)
    refuse(cast.mira, one_dream(lents[1].contribution))
    now = timezone.now()
    with within(cast.mira):
        held = selectors.in_force(cast.lantern.id, [lent.contribution for lent in lents])
        register = Register()
        for leaf in Leaf.objects.order_by("index"):
            entry = decode(bytes(leaf.entry))
            register.hear(leaf.index, vars(entry) | {"kind": entry.kind.value})
    for subject in held.subjects.values():
        where = [None if place is None else str(place) for place in (subject.session, subject.lounge)]
        place = Place(subject.commitment, *where, str(subject.guild_id), str(subject.pseudonym))
        for purpose in Purpose:
            row = held.verdict(subject.contribution, purpose, at=now)
            leaf_says = register.verdict(place, purpose=purpose.value, at=now)
            assert (leaf_says.reason, leaf_says.stated and leaf_says.stated.order) == (
                row.reason,
                row.stated and row.stated.order,
            )


def test_a_stale_text_saves_nothing_and_says_so(cast: Cast, heard: Heard) -> None:
    lent = lend(cast.mira, SHARED)
    earlier = REGISTRY[Purpose.SHARE_IN_SESSION].earlier[0].digest
    for read in ("0" * 64, "", readable(Purpose.QUOTE), earlier):
        with pytest.raises(NoticeChanged, match="Nothing was saved"):
            answering.give(
                by=cast.mira.dreamer_id,
                target=one_dream(lent.contribution),
                purpose=Purpose.SHARE_IN_SESSION,
                read=read,
            )
    assert states_of(cast.mira, Purpose.SHARE_IN_SESSION) == ["given"]


def test_a_no_holds_whichever_version_was_read_but_not_another_text(cast: Cast, heard: Heard) -> None:
    lent = lend(cast.mira, {Purpose.BLEND: True})
    earlier = REGISTRY[Purpose.SHARE_IN_SESSION].earlier[0]
    done = answering.refuse(
        by=cast.mira.dreamer_id,
        target=one_dream(lent.contribution),
        purpose=Purpose.SHARE_IN_SESSION,
        read=earlier.digest,
    )
    (row,) = done.statements
    assert (row.state, row.notice_version, row.notice_digest) == ("refused", 1, earlier.digest)
    with pytest.raises(NoticeChanged):
        answering.refuse(
            by=cast.mira.dreamer_id,
            target=one_dream(lent.contribution),
            purpose=Purpose.QUOTE,
            read=earlier.digest,
        )


def test_a_choice_names_the_notice_that_was_served(cast: Cast, heard: Heard) -> None:
    lent = lend(cast.mira, SHARED)
    with tenant(dreamer=cast.mira.dreamer_id):
        for _ in range(2):
            notices.serve(dreamer=cast.mira.dreamer_id, purposes=REGISTRY, surface=Surface.CONSENTS)
        served = {row.digest: row for row in ServedNotice.objects.all()}
        assert ServedNotice.objects.count() == len(served) == len(REGISTRY)
    (row,) = give(cast.mira, one_dream(lent.contribution)).statements
    shown = served[readable(Purpose.BLEND)]
    assert (row.served_id, row.served_at) == (shown.pk, shown.served_at)
    with tenant(dreamer=cast.finn.dreamer_id):
        assert ServedNotice.objects.count() == 0


@pytest.mark.parametrize("who", ["finn", "ayla", "zed"])
def test_nobody_answers_for_another(cast: Cast, heard: Heard, who: str) -> None:
    lent = lend(cast.mira, SHARED)
    for act in (give, refuse):
        with pytest.raises(NoSuchConsent):
            act(getattr(cast, who), one_dream(lent.contribution))


def test_a_place_that_is_not_there_is_not_found(cast: Cast, heard: Heard) -> None:
    for target in (
        Target(Scope.SESSION, uuid4(), cast.lantern.id),
        Target(Scope.GUILD, uuid4(), cast.lantern.id),
        Target(Scope.GUILD, cast.lantern.id, cast.harbour.id),
        Target(Scope.GUILD, cast.harbour.id, cast.harbour.id),
        Target(Scope.LOUNGE, LOUNGE),
    ):
        with pytest.raises(NoSuchConsent):
            give(cast.mira, target)


def test_what_concerns_a_person_is_said_for_a_guild_and_for_no_dream(
    cast: Cast, heard: Heard, within: Within
) -> None:
    lent = lend(cast.mira, SHARED)
    with pytest.raises(TermsRefused, match="not for single dreams"):
        give(cast.mira, one_dream(lent.contribution), Purpose.REMINDERS)
    with within(cast.mira):
        assert not selectors.allows(cast.mira, Purpose.REMINDERS)
    give(cast.mira, broad(cast.mira, Scope.GUILD), Purpose.REMINDERS)
    with within(cast.mira):
        assert selectors.allows(cast.mira, Purpose.REMINDERS)
        assert not selectors.allows(cast.finn, Purpose.REMINDERS)


def test_what_concerns_a_person_opens_and_shuts_no_dream(cast: Cast, heard: Heard) -> None:
    lend(cast.mira)
    everywhere = broad(cast.mira, Scope.GUILD)
    given = give(cast.mira, everywhere, Purpose.REMINDERS)
    refused = refuse(cast.mira, everywhere, Purpose.REMINDERS)
    assert (given.opened, refused.shut, heard.opened, heard.shut) == ((), (), [], [])
    assert states_of(cast.mira, Purpose.REMINDERS) == ["given", "withdrawn"]


def test_a_word_for_the_guild_reaches_what_was_lent_before_leaving_and_coming_back(
    cast: Cast, heard: Heard, within: Within
) -> None:
    before = lend(cast.mira, SHARED, lent_to=HERE)
    with within(cast.mira):
        end_membership(membership=cast.mira)
    done = give(cast.mira, broad(cast.mira, Scope.GUILD))
    assert done.opened == (before.contribution,)
    with tenant(guild=cast.lantern.id):
        again = add_member(
            guild=cast.lantern.id, dreamer=cast.mira.dreamer_id, display_name="Mira", offices=[Office.DREAMER]
        )
    refuse(cast.mira, broad(cast.mira, Scope.GUILD))
    assert opens(before) is Refusal.WITHDRAWN
    with tenant(dreamer=cast.mira.dreamer_id):
        newest = Statement.objects.order_by("-leaf_index")[:2]
        assert {(row.pseudonym, row.state) for row in newest} == {
            (cast.mira.pseudonym, "withdrawn"),
            (again.pseudonym, "refused"),
        }


def test_a_failing_room_above_undoes_the_answer(live_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(opening: Opening) -> None:
        raise RuntimeError("the curtain stuck")

    monkeypatch.setattr(openings, "_callbacks", [fail])
    lent = lend(live_cast.mira, SHARED)
    with pytest.raises(RuntimeError, match="stuck"):
        give(live_cast.mira, one_dream(lent.contribution))
    assert states_of(live_cast.mira) == []


def test_where_a_purpose_stands_names_the_word_it_stands_by(cast: Cast, heard: Heard) -> None:
    lend(cast.mira, SHARED, lent_to=HERE)
    give(cast.mira, broad(cast.mira, Scope.LOUNGE), depth=0.3)
    with tenant(dreamer=cast.mira.dreamer_id):
        (dream,) = standings.statements_for(cast.mira.dreamer_id)
    found = {one.purpose: (one.state, one.scope, one.is_broader) for one in dream.every_standing}
    assert found[Purpose.BLEND] == (ConsentState.GIVEN, Scope.LOUNGE, True)
    assert found[Purpose.SHARE_IN_SESSION] == (ConsentState.GIVEN, Scope.CONTRIBUTION, False)
    assert found[Purpose.QUOTE] == (ConsentState.UNKNOWN, Scope.CONTRIBUTION, False)
    assert set(found) == {purpose for purpose, entry in REGISTRY.items() if entry.of_dreams}
