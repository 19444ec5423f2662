"""Sessions from opening to closing: what happens, what is refused, and what the ledger and the events say."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.http import Http404
from django.utils import timezone

from governance.consent import services as consent
from governance.consent.enums import Purpose
from governance.ledger.models import Leaf
from governance.policies.errors import Denied
from guild.tenancy.context import tenant
from guild.tenancy.services import end_membership
from guild.vault import services as vault
from lounges.sessions import hearing, loans, selectors, services
from lounges.sessions.confidentiality import terms_of
from lounges.sessions.enums import Confidentiality, SessionState
from lounges.sessions.errors import Invalid, KeyReused, NotNow
from lounges.sessions.models import CommandReceipt, Contribution, Session, SessionEvent
from tests.cast import Cast
from tests.lounges.sessions_stage import EVERYTHING, NOTICES, Stage, dream_of, in_guild_of, session_of


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return Stage(cast.ayla)


def events_of(stage: Stage) -> list[tuple[int, str]]:
    with in_guild_of(stage.host):
        rows = SessionEvent.objects.filter(session_id=stage.session.pk).order_by("offset")
        return list(rows.values_list("offset", "type"))


def leaves_of(stage: Stage) -> list[str]:
    with in_guild_of(stage.host):
        return list(Leaf.objects.order_by("index").values_list("kind", flat=True))


def test_a_whole_session_leaves_one_gapless_order_and_its_leaves(cast, stage):
    stage.join(cast.ayla, cast.mira)
    stage.go_to("sharing")
    lent = stage.share(cast.mira)
    stage.go_to("associating")
    stage.do(cast.ayla, "session.associate", contribution=lent, text="A house of my aunt's.")
    stage.do(cast.mira, "session.step_out")
    stage.do(cast.mira, "session.return")
    stage.do(cast.mira, "session.withdraw", contribution=lent)
    stage.do(cast.ayla, "session.close")
    assert events_of(stage) == list(
        enumerate(
            [
                "session.opened",
                "participant.joined",
                "participant.joined",
                "stage.changed",
                "dream.shared",
                "stage.changed",
                "association.added",
                "participant.stepped_out",
                "participant.returned",
                "dream.withdrawn",
                "session.closed",
            ],
            start=1,
        )
    )
    kinds = [kind for kind in leaves_of(stage) if not kind.startswith("consent.")]
    assert kinds == [
        "lounge.made",
        "session.opened",
        "contribution.lent",
        "contribution.withdrawn",
        "recipients.told",
        "session.closed",
    ]


def test_events_hold_ids_and_never_words(cast, stage, superuser):
    stage.join(cast.ayla, cast.mira)
    stage.go_to("associating")
    lent = stage.share(cast.mira)
    stage.do(cast.ayla, "session.associate", contribution=lent, text="Cinnamon and rain.")
    with in_guild_of(cast.ayla):
        said = [str(data) for data in SessionEvent.objects.values_list("data", flat=True)]
        said += [str(reply) for reply in CommandReceipt.objects.values_list("reply", flat=True)]
    for word in ("warm", "Somebody", "house", "Cinnamon", "Mira", "Ayla"):
        assert not [text for text in said if word in text]


def test_stages_hold_back_what_they_do_not_allow(cast, stage):
    stage.join(cast.ayla, cast.mira)
    with pytest.raises(NotNow, match="Sharing or Associating"):
        stage.share(cast.mira)
    stage.go_to("sharing")
    lent = stage.share(cast.mira)
    with pytest.raises(NotNow, match="Associating or Blending or Closing"):
        stage.do(cast.ayla, "session.associate", contribution=lent, text="Too early.")
    with pytest.raises(NotNow, match="one stage forward"):
        stage.do(cast.ayla, "session.set_stage", stage="closing")
    with pytest.raises(Invalid, match="no such stage"):
        stage.do(cast.ayla, "session.set_stage", stage="trance")
    before = events_of(stage)
    stage.do(cast.ayla, "session.set_stage", stage="sharing")
    assert events_of(stage) == before


def test_only_the_host_leads_and_only_participants_take_part(cast, stage):
    stage.join(cast.ayla, cast.mira)
    for method, data in (("session.set_stage", {"stage": "sharing"}), ("session.close", {})):
        with pytest.raises(Denied, match="host"):
            stage.do(cast.mira, method, **data)
    stage.go_to("sharing")
    with pytest.raises(Denied, match="joined"):
        stage.share(cast.finn)
    stage.do(cast.mira, "session.step_out")
    with pytest.raises(Denied, match="joined"):
        stage.share(cast.mira)
    with in_guild_of(cast.finn), pytest.raises(Denied):
        selectors.heard_session_for(cast.finn, stage.session.pk)


def test_joining_needs_the_terms_as_they_are(cast, stage):
    with pytest.raises(Invalid, match="Read the terms"):
        stage.do(cast.mira, "session.join", terms="0" * 64)
    stage.join(cast.mira)
    before = events_of(stage)
    stage.join(cast.mira)
    assert events_of(stage) == before
    texts = {terms_of(degree).digest: terms_of(degree) for degree in Confidentiality}
    assert len(texts) == 3
    for terms in texts.values():
        words = " ".join(terms.paragraphs)
        assert "did not expect" in words
        assert "no substitute for therapy" in words


def test_withdrawing_erases_and_is_honoured_in_every_stage_and_after(cast, stage):
    stage.join(cast.ayla, cast.mira)
    stage.go_to("associating")
    lent = stage.share(cast.mira)
    stage.do(cast.ayla, "session.associate", contribution=lent, text="My aunt's house.")
    stage.do(cast.mira, "session.step_out")
    stage.do(cast.ayla, "session.close")
    stage.do(cast.mira, "session.withdraw", contribution=lent)
    with in_guild_of(cast.ayla):
        row = Contribution.objects.get(pk=lent)
        assert (row.is_lent, bytes(row.text_sealed), bytes(row.reading_sealed)) == (False, b"", b"")
        assert vault.is_destroyed(key_id=row.key_id)
        assert hearing.transcript_for(cast.ayla, stage.session) == []
        assert selectors.lent_in(stage.session) == []
    before = (events_of(stage), leaves_of(stage))
    stage.do(cast.mira, "session.withdraw", contribution=lent)
    assert (events_of(stage), leaves_of(stage)) == before


def test_a_former_member_may_still_withdraw(cast, stage):
    stage.join(cast.mira)
    stage.go_to("sharing")
    lent = stage.share(cast.mira)
    with in_guild_of(cast.ayla):
        end_membership(membership=cast.mira)
    with tenant(dreamer=cast.mira.dreamer_id):
        consent.withdraw(by=cast.mira.dreamer_id, contribution=UUID(lent))
    assert events_of(stage)[-1][1] == "dream.withdrawn"
    with in_guild_of(cast.ayla):
        assert not Contribution.objects.get(pk=lent).is_lent


def test_withdrawing_one_purpose_keeps_the_dream_lent(cast, stage):
    stage.join(cast.mira)
    stage.go_to("sharing")
    lent = stage.share(cast.mira)
    with in_guild_of(cast.mira):
        consent.withdraw(by=cast.mira, contribution=UUID(lent), purpose=Purpose.QUOTE)
        assert Contribution.objects.get(pk=lent).is_lent
    assert events_of(stage)[-1][1] == "dream.shared"


def test_nobody_withdraws_for_another(cast, stage):
    stage.join(cast.ayla, cast.mira)
    stage.go_to("sharing")
    lent = stage.share(cast.mira)
    with pytest.raises(Http404):
        stage.do(cast.ayla, "session.withdraw", contribution=lent)
    with in_guild_of(cast.ayla), pytest.raises(Http404):
        loans.withdraw(by=cast.ayla, contribution_id=UUID(lent))


def test_a_command_sent_twice_is_done_once(cast, stage):
    stage.join(cast.ayla, cast.mira)
    stage.go_to("associating")
    lent = stage.share(cast.mira)
    key = uuid4()
    replies = [
        stage.do(cast.ayla, "session.associate", key, contribution=lent, text="Rain.") for _ in range(3)
    ]
    assert replies[0] == replies[1] == replies[2]
    assert [kind for _, kind in events_of(stage)].count("association.added") == 1
    with pytest.raises(KeyReused):
        stage.do(cast.ayla, "session.step_out", key)
    assert stage.do(cast.mira, "session.step_out", key)["offset"] == len(events_of(stage))


def test_a_command_that_failed_may_be_sent_again_under_its_key(cast, stage):
    stage.join(cast.mira)
    dream, key = dream_of(cast.mira), uuid4()
    given = {"dream": str(dream), "extent": "whole", "purposes": EVERYTHING, "notices": NOTICES, "depth": 0.4}
    with pytest.raises(NotNow):
        stage.do(cast.mira, "session.share", key, **given)
    stage.go_to("sharing")
    assert stage.do(cast.mira, "session.share", key, **given)["offset"] == len(events_of(stage))


def test_closed_sessions_take_nothing_more(cast, stage):
    stage.join(cast.ayla, cast.mira)
    stage.go_to("sharing")
    stage.do(cast.ayla, "session.close")
    with pytest.raises(Denied, match="closed"):
        stage.share(cast.mira)
    with pytest.raises(Denied, match="closed"):
        stage.do(cast.finn, "session.join", terms=stage.terms)
    with pytest.raises(NotNow, match="open can be closed"):
        stage.do(cast.ayla, "session.close")


def test_scheduled_sessions_open_later_under_whoever_opens_them(cast):
    with in_guild_of(cast.ayla):
        lounge = services.make_lounge(by=cast.ayla, name="The long room")
        soon = timezone.now() + timedelta(hours=2)
        session = services.create(lounge=lounge, by=cast.ayla, title="Full moon", opens_at=soon)
        with pytest.raises(NotNow, match="not been opened"):
            services.join(session=session, by=cast.ayla, terms=terms_of(session.confidentiality).digest)
        assert selectors.timetable_of(lounge).upcoming == (session,)
        services.open_session(session=session, by=cast.ayla)
        with pytest.raises(NotNow, match="opened before"):
            services.open_session(session=session, by=cast.ayla)
        timetable = selectors.timetable_of(lounge)
        assert (timetable.open, timetable.upcoming) == ((session,), ())
        assert Session.objects.get(pk=session.pk).state == SessionState.OPEN


def test_lounges_and_sessions_are_made_by_those_who_host(cast):
    with in_guild_of(cast.mira), pytest.raises(Denied, match="architect"):
        services.make_lounge(by=cast.mira, name="Mine")
    session = session_of(cast.ayla)
    with in_guild_of(cast.mira), pytest.raises(Denied, match="architect"):
        services.create(lounge=session.lounge, by=cast.mira, title="Mine")
    with in_guild_of(cast.ayla):
        with pytest.raises(Invalid, match="already"):
            services.make_lounge(by=cast.ayla, name=session.lounge.name)
        for wrong, field in (
            ({"title": " "}, "title"),
            ({"title": "x" * 121}, "title"),
            ({"format": "seance"}, "format"),
            ({"confidentiality": "none"}, "confidentiality"),
            ({"opens_at": timezone.now() - timedelta(hours=1)}, "opens_at"),
            ({"opens_at": datetime.fromisoformat("9999-12-31T23:59:59-12:00")}, "opens_at"),
        ):
            with pytest.raises(Invalid) as refused:
                services.create(lounge=session.lounge, by=cast.ayla, **{"title": "Fine", **wrong})
            assert refused.value.field == field


def test_another_guild_sees_nothing(cast, stage):
    with in_guild_of(cast.zed):
        with pytest.raises(Http404):
            selectors.session_for(cast.zed, stage.session.pk)
        assert Session.objects.count() == SessionEvent.objects.count() == 0
    with pytest.raises(Http404):
        stage.do(cast.zed, "session.join", terms=stage.terms)
