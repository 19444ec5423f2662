"""What consent does to a running session: words said before, changes on open pages, setting aside."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance.consent import answering, histories, restrictions, services, standings
from governance.consent.answering import Target, one_dream
from governance.consent.enums import Purpose, Scope, Surface, Told
from governance.consent.errors import NoticeChanged
from governance.consent.models import ServedNotice, Statement, Subject
from governance.consent.purposes import REGISTRY
from governance.ledger.enums import LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from guild.journal.records import Draft
from guild.journal.services import write_dream
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.vault import services as vault
from lounges.sessions import hearing, selectors
from lounges.sessions import services as services_of_sessions
from lounges.sessions.errors import Invalid, NotNow
from lounges.sessions.models import Contribution, SessionEvent
from tests.cast import Cast
from tests.lounges.sessions_stage import EVERYTHING, NARRATIVE, NOTICES, Stage, dream_of, in_guild_of

WORDS = NARRATIVE.split(".")[0]


@pytest.fixture
def stage(cast: Cast) -> Stage:
    stage = Stage(cast.ayla)
    stage.join(cast.ayla, cast.mira, cast.finn)
    stage.go_to("associating")
    return stage


def whole_guild(member: Membership) -> Target:
    return Target(Scope.GUILD, member.guild_id, member.guild_id)


def say(
    act: Callable[..., Any], member: Membership, target: Target, purpose: Purpose, **limits: Any
) -> answering.Answered:
    read = REGISTRY[purpose].notice.digest
    done: answering.Answered = act(by=member.dreamer_id, target=target, purpose=purpose, read=read, **limits)
    return done


def events_of(stage: Stage, *, last: int) -> list[tuple[str, dict[str, Any]]]:
    with in_guild_of(stage.host):
        rows = SessionEvent.objects.filter(session_id=stage.session.pk).order_by("offset")
        return [(row.type, row.data) for row in rows][-last:]


def telling(stage: Stage, reader: Membership, lent: str) -> hearing.Telling:
    with in_guild_of(reader):
        return hearing.telling_for(reader, stage.session, UUID(lent))


def test_the_leaves_lead_from_a_dream_to_its_lounge(cast: Cast, stage: Stage) -> None:
    """Contribution to (pseudonym, session) by one leaf, session to lounge by another: what replays need."""
    lent = stage.share(cast.mira)
    with in_guild_of(cast.ayla):
        subject = Subject.objects.get(contribution=lent)
        entries = [decode(bytes(leaf.entry)) for leaf in Leaf.objects.order_by("index")]
    by_kind = {entry.kind.value: entry for entry in entries}
    lending, opening = by_kind["contribution.lent"], by_kind["session.opened"]
    assert (lending.actor, lending.subjects) == (cast.mira.pseudonym, (subject.commitment,))
    assert lending.detail["session"] == str(stage.session.pk) == opening.subjects[0]
    assert opening.detail == scheduled_in(cast, stage) == {"lounge": str(stage.session.lounge_id)}
    assert (subject.pseudonym, subject.session, subject.lounge) == (
        cast.mira.pseudonym,
        stage.session.pk,
        stage.session.lounge_id,
    )


def scheduled_in(cast: Cast, stage: Stage) -> object:
    """What the leaf of a planned session in the same lounge says."""
    with in_guild_of(cast.ayla):
        opens_at = timezone.now() + timedelta(days=1)
        services_of_sessions.create(
            lounge=stage.session.lounge, by=cast.ayla, title="Later", opens_at=opens_at
        )
        leaf = Leaf.objects.get(kind=LeafKind.SESSION_SCHEDULED)
        return decode(bytes(leaf.entry)).detail


def test_what_was_said_for_the_guild_may_be_left_unanswered(cast: Cast, stage: Stage) -> None:
    say(answering.refuse, cast.mira, whole_guild(cast.mira), Purpose.QUOTE)
    purposes = {name: answer for name, answer in EVERYTHING.items() if name != "quote"}
    stage.share(cast.mira, purposes=purposes)
    with tenant(dreamer=cast.mira.dreamer_id):
        (dream,) = standings.statements_for(cast.mira.dreamer_id)
    quote = next(one for one in dream.standings if one.purpose is Purpose.QUOTE)
    assert (quote.state.value, quote.scope) == ("refused", Scope.GUILD)
    with pytest.raises(Invalid, match="may it be blended"):
        stage.share(cast.mira, purposes={"share_in_session": True, "publish_to_guild": False})


def test_a_standing_yes_tells_a_dream_that_answers_nothing(cast: Cast, stage: Stage) -> None:
    for purpose in (Purpose.SHARE_IN_SESSION, Purpose.BLEND, Purpose.QUOTE, Purpose.PUBLISH_TO_GUILD):
        say(
            answering.give, cast.mira, Target(Scope.LOUNGE, stage.session.lounge_id, cast.lantern.id), purpose
        )
    lent = stage.share(cast.mira, purposes={}, notices={})
    assert WORDS in telling(stage, cast.finn, lent).text


def test_a_standing_no_to_both_leaves_nothing_to_lend(cast: Cast, stage: Stage) -> None:
    for purpose in (Purpose.SHARE_IN_SESSION, Purpose.BLEND):
        say(answering.refuse, cast.mira, whole_guild(cast.mira), purpose)
    with pytest.raises(Invalid, match="nothing to lend"):
        stage.share(cast.mira, purposes={"quote": False, "publish_to_guild": False})


def test_ask_me_each_time_asks_each_time(cast: Cast, stage: Stage) -> None:
    say(answering.defer, cast.mira, whole_guild(cast.mira), Purpose.QUOTE)
    purposes = {name: answer for name, answer in EVERYTHING.items() if name != "quote"}
    with pytest.raises(Invalid, match="may it be quoted"):
        stage.share(cast.mira, purposes=purposes)


@pytest.mark.parametrize("notices", [{}, {**NOTICES, "blend": "0" * 64}])
def test_lending_on_a_stale_text_saves_nothing(cast: Cast, stage: Stage, notices: dict[str, str]) -> None:
    with pytest.raises(NoticeChanged, match="Nothing was saved"):
        stage.share(cast.mira, notices=notices)
    with in_guild_of(cast.mira):
        assert (Contribution.objects.count(), Statement.objects.count()) == (0, 0)


def test_the_form_shows_the_new_text_when_the_old_one_is_sent(cast: Cast, stage: Stage) -> None:
    client = Client()
    client.force_login(cast.mira.dreamer)
    address = reverse("sessions:share", args=["lantern", stage.session.pk])
    dream = dream_of(cast.mira)
    page = client.get(address, {"dream": str(dream)}).text
    form = {"key": uuid4(), "dream": dream, "extent": "whole", "depth": "0.4", "share_in_session": "yes"}
    form |= {"blend": "yes", "quote": "no", "publish_to_guild": "no"}
    form |= {f"notice_{name}": digest for name, digest in NOTICES.items()}
    assert all(f'name="notice_{name}" value="{digest}"' in page for name, digest in NOTICES.items())
    stale = client.post(address, form | {"notice_blend": "0" * 64}).text
    assert "has changed since this page was opened" in stale
    assert f'name="notice_blend" value="{NOTICES["blend"]}"' in stale
    assert client.post(address, form).status_code == 302
    with tenant(dreamer=cast.mira.dreamer_id):
        served = {row.pk: row.surface for row in ServedNotice.objects.all()}
        rows = Statement.objects.values_list("served_id", flat=True)
        assert [served[row] for row in rows] == [Surface.LENDING] * 4


def test_the_form_says_what_was_said_before(cast: Cast, stage: Stage) -> None:
    say(answering.refuse, cast.mira, whole_guild(cast.mira), Purpose.QUOTE)
    client = Client()
    client.force_login(cast.mira.dreamer)
    address = reverse("sessions:share", args=["lantern", stage.session.pk])
    page = client.get(address, {"dream": str(dream_of(cast.mira))}).text
    assert page.count("You said no to this before") == 1
    assert "checked" not in page


def test_telling_allowed_later_shows_on_every_open_page(cast: Cast, stage: Stage) -> None:
    lent = stage.share(cast.mira, purposes={**EVERYTHING, "share_in_session": False})
    assert telling(stage, cast.finn, lent).note == hearing.UNTOLD
    say(answering.give, cast.mira, one_dream(UUID(lent)), Purpose.SHARE_IN_SESSION)
    assert events_of(stage, last=1) == [("dream.restated", {"id": lent})]
    assert WORDS in telling(stage, cast.finn, lent).text


def test_a_broader_no_takes_the_words_off_every_open_page(cast: Cast, stage: Stage) -> None:
    here = Target(Scope.SESSION, stage.session.pk, cast.lantern.id)
    for purpose in (Purpose.SHARE_IN_SESSION, Purpose.BLEND, Purpose.QUOTE, Purpose.PUBLISH_TO_GUILD):
        say(answering.give, cast.mira, here, purpose)
    lent = stage.share(cast.mira, purposes={}, notices={})
    stage.do(cast.finn, "session.associate", contribution=lent, text="A warm wall.")
    say(answering.refuse, cast.mira, here, Purpose.SHARE_IN_SESSION)
    assert events_of(stage, last=1) == [("dream.restated", {"id": lent})]
    shown = telling(stage, cast.finn, lent)
    assert (shown.note, shown.text, shown.associations) == (hearing.UNHEARD, "", ())
    with pytest.raises(NotNow, match="not shown here any more"):
        stage.do(cast.finn, "session.associate", contribution=lent, text="A stair.")


def test_a_dream_that_is_set_aside_leaves_the_session_with_its_key_kept(cast: Cast, stage: Stage) -> None:
    dream = dream_of(cast.mira)
    lent = stage.share(cast.mira, dream)
    restrictions.restrict(by=cast.mira, contribution=UUID(lent))
    assert events_of(stage, last=1) == [("dream.restricted", {"id": lent})]
    with in_guild_of(cast.finn):
        assert hearing.transcript_for(cast.finn, stage.session) == []
        assert selectors.lent_in(stage.session) == []
        row = Contribution.objects.get(pk=lent)
        assert (row.state, len(row.text_sealed) > 0) == ("restricted", True)
        assert not vault.is_destroyed(key_id=row.key_id)
    with pytest.raises(NotNow, match="already lend"):
        stage.share(cast.mira, dream)
    restrictions.lift_restriction(by=cast.mira, contribution=UUID(lent))
    assert events_of(stage, last=1) == [("dream.shared", {"id": lent, "membership": str(cast.mira.pk)})]
    assert WORDS in telling(stage, cast.finn, lent).text


def test_a_restricted_dream_can_be_withdrawn_from_the_session(cast: Cast, stage: Stage) -> None:
    lent = stage.share(cast.mira)
    restrictions.restrict(by=cast.mira, contribution=UUID(lent))
    stage.do(cast.mira, "session.withdraw", contribution=lent)
    with in_guild_of(cast.mira):
        row = Contribution.objects.get(pk=lent)
        assert (row.state, bytes(row.text_sealed), vault.is_destroyed(key_id=row.key_id)) == (
            "withdrawn",
            b"",
            True,
        )


def test_those_who_could_read_it_are_told_with_no_word_of_it(cast: Cast, stage: Stage) -> None:
    lent = stage.share(cast.mira)
    services.withdraw(by=cast.mira, contribution=UUID(lent))
    assert told_counts(cast) == {"Ayla": 1, "Finn": 1, "Lara": 0, "Mira": 0}
    with tenant(dreamer=cast.finn.dreamer_id):
        (notice,) = histories.told(
            list(histories.told_rows(cast.finn.dreamer_id)), dreamer=cast.finn.dreamer_id
        )
        assert (notice.what, notice.place, notice.on, notice.subject) == (
            Told.WITHDRAWN,
            "Thursday circle",
            "session",
            stage.session.pk,
        )
    client = Client()
    client.force_login(cast.finn.dreamer)
    for name in ("portal:night", "consent:told"):
        page = client.get(reverse(name)).text
        assert "Thursday circle" in page
        assert WORDS not in page
    assert client.post(reverse("consent:put-away"), follow=True).status_code == 200
    assert "Something that had reached you" not in client.get(reverse("portal:night")).text


def test_a_dream_lent_to_the_blend_alone_had_reached_nobody(cast: Cast, stage: Stage) -> None:
    lent = stage.share(cast.mira, purposes={**EVERYTHING, "share_in_session": False})
    services.withdraw(by=cast.mira, contribution=UUID(lent))
    assert set(told_counts(cast).values()) == {0}
    with tenant(dreamer=cast.mira.dreamer_id):
        assert Subject.objects.get(contribution=lent).told == 0


def told_counts(cast: Cast) -> dict[str, int]:
    counts = {}
    for member in (cast.ayla, cast.finn, cast.lara, cast.mira):
        with tenant(dreamer=member.dreamer_id):
            counts[member.display_name] = histories.unread(member.dreamer_id).count()
    return counts


def test_refusing_everything_never_blocks_the_journal(cast: Cast, stage: Stage) -> None:
    for purpose in REGISTRY:
        say(answering.refuse, cast.mira, whole_guild(cast.mira), purpose)
    client = Client()
    client.force_login(cast.mira.dreamer)
    with tenant(dreamer=cast.mira.dreamer_id):
        dream = write_dream(by=cast.mira.dreamer, draft=Draft("Snow fell upwards.", date(2026, 11, 1)))
    for name, arguments in (("journal:list", []), ("journal:detail", [dream]), ("journal:export", [])):
        assert client.get(reverse(name, args=arguments)).status_code == 200
