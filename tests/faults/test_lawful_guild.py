"""Whatever a guild and its dreamers lawfully do, an audit finds nothing: no step looks like tampering."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from governance.audits.discrepancies import Discrepancy
from governance.audits.findings import record
from governance.audits.models import AuditRun, Finding
from governance.audits.services import request_scheduled_audit
from governance.consent import answering, guild_acts, restrictions
from governance.consent import services as consent
from governance.consent.answering import Target, one_dream
from governance.consent.enums import Purpose, Scope
from governance.consent.purposes import registered
from governance.deliberation import petitions, turning
from governance.deliberation import services as deliberation
from governance.deliberation.enums import Kind
from governance.ledger import services as ledger
from governance.offices import joint
from governance.offices import services as offices
from governance.offices.enums import GuildActKind
from governance.offices.leaving import Going, leave_guild
from governance.oversight import appealing, ruling
from governance.oversight.enums import Outcome, RemedyKind, Verdict
from governance.oversight.ruling import Draft
from governance.policies.law import read_law, with_values
from guild.journal import selectors as journal
from guild.journal.services import revise_dream
from guild.portal.rights.erasing import erase_account, erase_journal
from guild.portal.rights.services import export_everything
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from guild.vault import services as vault
from lounges.dreamscapes.models import BlendRun
from lounges.dreamscapes.services import perform_blend, renew, request_blend, resume_stalled
from lounges.sessions import hearing, services
from lounges.sessions.models import Contribution, Session
from lounges.sessions.rectifying import rectify
from tests.faults.audited_guild import as_superuser_in_the_applications_role, undone
from tests.governance.audited import audit, settle, standing
from tests.governance.deliberating import again, draft, ended, vote
from tests.lounges import dreamscapes_circle as circles

pytestmark = pytest.mark.fault


@dataclass
class Evening:
    """A session in its sharing stage; each dream by whose it is, as it is lent."""

    members: dict[str, Membership]
    session: Session
    lent: dict[str, UUID]

    @property
    def guild(self) -> UUID:
        return self.session.guild_id

    def as_(self, name: str) -> Any:
        """Inside the guild, as one of its members."""
        return tenant(guild=self.guild, dreamer=self.members[name].dreamer_id)

    def dreamer(self, name: str) -> UUID:
        return self.members[name].dreamer_id

    def lend(self, name: str, **terms: Any) -> None:
        self.lent[name] = circles.lend(self.session, self.members[name], circles.DREAMS[name], **terms)

    def go_to(self, *stages: str) -> None:
        circles.set_stage(self.session, self.members["ayla"], *stages)

    def hear(self, name: str) -> None:
        with self.as_(name):
            hearing.transcript_for(self.members[name], self.session)

    def blend(self) -> UUID:
        with self.as_("ayla"):
            run = request_blend(session=self.session, by=self.members["ayla"], key=uuid4())
        self.work()
        return run.pk

    def work(self) -> None:
        """Bring every blend to its end that was asked for, as a worker would."""
        with tenant(guild=self.guild):
            waiting = list(BlendRun.objects.filter(state="requested").values_list("pk", flat=True))
        for run in waiting:
            perform_blend(guild_id=self.guild, run_id=run)


@pytest.fixture(scope="module")
def _database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), as_superuser_in_the_applications_role():
        yield


@pytest.fixture(scope="module")
def held(_database: None) -> Iterator[Evening]:
    with undone():
        members = settle()
        session = circles.open_session(members["ayla"], list(members.values()))
        circles.set_stage(session, members["ayla"], "sharing")
        yield Evening(members, session, {})


@pytest.fixture
def evening(held: Evening, django_db_blocker: Any) -> Iterator[Evening]:
    with django_db_blocker.unblock(), undone():
        yield Evening(dict(held.members), held.session, {})


def read(purpose: Purpose) -> str:
    """The digest of the text that is before a dreamer now."""
    return registered(purpose).notice.digest


def nothing_found(evening: Evening) -> list[tuple[Any, ...]]:
    audit(evening.guild)
    run = audit(evening.guild)
    assert (run.state, run.failure) == ("finished", "")
    found = standing(evening.guild)
    return [(one.rule, one.leaf_index, one.table, one.row, one.expected, one.actual) for one in found]


def test_answers_given_later_and_taken_back_are_no_finding(evening: Evening) -> None:
    evening.lend("ayla")
    evening.lend("finn", share=False, quote=False)
    evening.lend("ezra", blend=False)
    finn, mine = evening.dreamer("finn"), one_dream(evening.lent["finn"])
    session = Target(Scope.SESSION, evening.session.pk, evening.guild)
    answering.give(by=finn, target=mine, purpose=Purpose.QUOTE, read=read(Purpose.QUOTE))
    answering.defer(
        by=finn, target=mine, purpose=Purpose.PUBLISH_TO_GUILD, read=read(Purpose.PUBLISH_TO_GUILD)
    )
    telling = Purpose.SHARE_IN_SESSION
    answering.give(by=finn, target=mine, purpose=telling, read=read(telling))
    evening.hear("ezra")
    consent.withdraw(by=finn, contribution=evening.lent["finn"], purpose=Purpose.QUOTE)
    mira, blending = evening.dreamer("mira"), read(Purpose.BLEND)
    answering.give(by=mira, target=session, purpose=Purpose.BLEND, read=blending, depth=0.4)
    with evening.as_("ayla"):
        guild_acts.request(
            by=evening.members["ayla"], contribution=evening.lent["ezra"], purpose=Purpose.PUBLISH_BEYOND
        )
    evening.lend("mira")
    evening.hear("lara")
    evening.go_to("associating", "blending")
    evening.blend()
    ayla, hers = evening.dreamer("ayla"), one_dream(evening.lent["ayla"])
    answering.give(by=ayla, target=hers, purpose=Purpose.BLEND, read=blending, depth=0.9)
    answering.give(by=ayla, target=hers, purpose=Purpose.BLEND, read=blending, depth=0.1)
    evening.work()
    answering.refuse(by=mira, target=session, purpose=Purpose.BLEND, read=blending)
    evening.work()
    ezra = evening.members["ezra"]
    with evening.as_("ezra"):
        guild_acts.invalidate(by=ezra, contribution=evening.lent["ayla"], purpose=Purpose.QUOTE)
        guild_acts.revoke(by=ezra, contribution=evening.lent["finn"], purpose=telling)
        guild_acts.revoke_all(by=ezra, contribution=evening.lent["ayla"])
    evening.work()
    assert nothing_found(evening) == []


def test_what_is_set_aside_corrected_and_taken_up_again_is_no_finding(evening: Evening) -> None:
    for name in ("ayla", "finn", "ezra"):
        evening.lend(name)
    evening.hear("mira")
    evening.go_to("associating", "blending")
    evening.blend()
    ezra, finn = evening.members["ezra"], evening.members["finn"]
    restrictions.restrict(by=ezra.dreamer_id, contribution=evening.lent["ezra"])
    evening.work()
    assert nothing_found(evening) == []
    restrictions.lift_restriction(by=ezra.dreamer_id, contribution=evening.lent["ezra"])
    with evening.as_("finn"):
        row = Contribution.objects.get(pk=evening.lent["finn"])
        now = journal.dream_for(finn.dreamer_id, row.dream_id)
        draft = replace(now.draft, narrative=f"{now.draft.narrative} I laughed.")
        revise_dream(by=finn.dreamer, dream_id=row.dream_id, draft=draft, expected_revision=now.revision)
    rectify(by=finn.dreamer_id, contribution=row.pk)
    with evening.as_("ayla"):
        stale = BlendRun.objects.select_related("session").get(state="finished")
        renew(run=stale, by=evening.members["ayla"])
    evening.work()
    evening.hear("lara")
    assert nothing_found(evening) == []


def test_members_who_come_go_and_are_appointed_are_no_finding(evening: Evening) -> None:
    ayla, lara, mira = (evening.members[name] for name in ("ayla", "lara", "mira"))
    for name in ("ayla", "lara", "mira"):
        evening.lend(name)
    evening.go_to("associating", "blending")
    evening.blend()
    with evening.as_("ayla"):
        mira = offices.appoint(by=ayla, member=mira, office=Office.STEWARD)
        offices.dismiss(by=ayla, member=lara, office=Office.LEADER)
        offices.remove(by=ayla, member=lara)
        services.close(session=evening.session, by=ayla)
    with evening.as_("ayla"):
        offices.leave(by=ayla)
    consent.withdraw(by=lara.dreamer_id, contribution=evening.lent["lara"])
    evening.work()
    with evening.as_("mira"):
        offices.admit(by=mira, dreamer=lara.dreamer_id, display_name="Lara again")
    assert nothing_found(evening) == []


def found_of(evening: Evening, name: str) -> Finding:
    """Something that an audit says is wrong with what somebody lent."""
    run = request_scheduled_audit(guild=evening.guild)
    with tenant(guild=evening.guild):
        AuditRun.objects.filter(pk=run.pk).update(state="failed")
        ledger.hold(guild=evening.guild)
        row = evening.lent[name]
        (made,) = record(
            audit=run,
            found=[Discrepancy("lent.altered", 9, "lounges_contribution", str(row), contribution=row)],
            at=timezone.now(),
        )
    return made


def test_rulings_and_what_they_order_are_no_finding(evening: Evening) -> None:
    ayla, ezra, mira = (evening.members[name] for name in ("ayla", "ezra", "mira"))
    for name in ("ayla", "finn", "lara"):
        evening.lend(name)
    evening.go_to("associating", "blending")
    evening.blend()
    with evening.as_("ayla"):
        mira = offices.appoint(by=ayla, member=mira, office=Office.ENFORCER)
    first, second = found_of(evening, "lara"), found_of(evening, "finn")
    shred = Draft(Verdict.UPHELD, "It was altered.", frozenset({RemedyKind.SHRED, RemedyKind.NOTIFY}))
    finn, suspending = evening.members["finn"], frozenset({RemedyKind.SUSPEND})
    suspend = Draft(Verdict.UPHELD, "Finn did it.", suspending, finn, Office.TECHNICIAN)
    with evening.as_("ezra"):
        ruling.assign(finding=first, by=ezra, to=ezra)
        proposed = ruling.rule(finding=first, by=ezra, draft=shred)
        other = ruling.rule(finding=second, by=ezra, draft=suspend)
    with evening.as_("mira"):
        ruling.confirm(ruling=proposed, by=mira)
        other = ruling.confirm(ruling=other, by=mira)
    evening.work()
    with evening.as_("ayla"):
        lara = offices.appoint(by=ayla, member=evening.members["lara"], office=Office.ENFORCER)
    with evening.as_("finn"):
        appeal = appealing.appeal(ruling=other, by=finn, reasons="It was not me.")
    with evening.as_("lara"):
        appealing.decide(appeal=appeal, by=lara, outcome=Outcome.OVERTURNED, answer="It was not he.")
    assert nothing_found(evening) == []


def test_an_account_that_is_erased_is_no_finding(evening: Evening) -> None:
    for name in ("ayla", "finn", "mira"):
        evening.lend(name)
    evening.hear("mira")
    evening.go_to("associating", "blending")
    evening.blend()
    ayla, finn, mira = (evening.members[name].dreamer for name in ("ayla", "finn", "mira"))
    with tenant(dreamer=ayla.pk):
        export_everything(by=ayla)
    with tenant(dreamer=finn.pk):
        erase_journal(by=finn, form_key=uuid4())
    with tenant(dreamer=mira.pk):
        erase_account(by=mira)
    evening.work()
    assert nothing_found(evening) == []


def left(evening: Evening) -> tuple[set[str], int]:
    """Whose dreams are lent still, and how many members there are."""
    with tenant(guild=evening.guild):
        lent = Contribution.objects.exclude(state="withdrawn").values_list(
            "membership__display_name", flat=True
        )
        live = Membership.objects.filter(guild_id=evening.guild, ended_at=None)
        return set(lent), live.count()


def test_leaving_with_everything_and_without_trace_is_no_finding(evening: Evening) -> None:
    for name in ("ayla", "finn", "mira", "lara"):
        evening.lend(name)
    evening.hear("mira")
    evening.go_to("associating", "blending")
    evening.blend()
    goings = {"finn": Going(), "lara": Going(takes_back=True), "mira": Going(without_trace=True)}
    for name, going in goings.items():
        with evening.as_(name):
            leave_guild(by=evening.members[name], going=going)
    evening.work()
    assert left(evening) == ({"Ayla", "Finn"}, 2)
    with tenant(guild=evening.guild):
        gone = Membership.objects.get(pk=evening.members["mira"].pk)
        assert gone.display_name == "Former member"
    assert nothing_found(evening) == []


def test_a_guild_that_was_closed_is_no_finding(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ayla", "finn", "mira"):
        evening.lend(name)
    evening.go_to("associating", "blending")
    evening.blend()
    with evening.as_("ayla"):
        closing = joint.ask(by=evening.members["ayla"], kind=GuildActKind.CLOSE)
        joint.agree(by=evening.members["ezra"], act=closing.pk)
    later = timezone.now() + timedelta(days=8)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert joint.carry_out_closing(guild=evening.guild)
    evening.work()
    assert left(evening) == (set(), 0)
    assert nothing_found(evening) == []


def test_what_runs_out_is_no_finding_once_the_clock_has_ended_it(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening.lend("ayla", expires_at=timezone.now() + timedelta(hours=1))
    for name in ("finn", "ezra"):
        evening.lend(name)
    evening.go_to("associating", "blending")
    run, later = evening.blend(), timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    audit(evening.guild)
    assert [(one.rule, one.row) for one in standing(evening.guild)] == [("result.overrun", str(run))]
    resume_stalled(now=later)
    evening.work()
    evening.hear("mira")
    assert nothing_found(evening) == []


def test_what_is_set_aside_is_not_opened_by_an_audit(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Storage only means it: the seal of a restricted dream is not even asked whether it holds."""
    evening.lend("ayla")
    evening.lend("finn")
    restrictions.restrict(by=evening.dreamer("ayla"), contribution=evening.lent["ayla"])
    with tenant(guild=evening.guild):
        keys = {name: Contribution.objects.get(pk=row).key_id for name, row in evening.lent.items()}
    asked: set[UUID] = set()
    at_hand = vault.openers_at_hand
    monkeypatch.setattr(vault, "openers_at_hand", lambda ids: asked.update(ids) or at_hand(ids))
    monkeypatch.setattr(vault, "opener", lambda key_id: asked.add(key_id))
    assert audit(evening.guild).found == 0
    assert (keys["finn"] in asked, keys["ayla"] in asked) == (True, False)


def test_proposals_votes_and_petitions_are_no_finding(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    ayla, finn, lara, mira = (evening.members[name] for name in ("ayla", "finn", "lara", "mira"))
    said = draft(secret=True)
    with evening.as_("mira"):
        first = deliberation.propose(by=mira, draft=draft())
        second = deliberation.propose(by=mira, draft=said)
        deliberation.withdraw(proposal=deliberation.propose(by=mira, draft=draft()), by=mira)
    with evening.as_("finn"):
        offered = deliberation.amend(proposal=first, by=finn, title="Quiet after nine", text=said.text)
    with evening.as_("mira"):
        deliberation.accept(amendment=offered, by=mira)
    for name, member in (("ayla", ayla), ("finn", finn), ("lara", lara)):
        with evening.as_(name):
            deliberation.sponsor(proposal=first, by=member, version=2)
            deliberation.sponsor(proposal=second, by=member, version=1)
    assert turning.turn_every_guild() == 2
    for proposal, choices in ((first, ("yes", "no", "yes")), (second, ("no", "yes", "abstain"))):
        for name, choice in zip(("finn", "lara", "finn"), choices, strict=True):
            vote(again(proposal), evening.members[name], choice)
    with evening.as_("finn"):
        petition = petitions.start(by=finn, draft=draft(title="A lamp in the hall"))
        petitions.unsign(petition=petition, by=finn)
        petitions.sign(petition=petition, by=finn)
    with evening.as_("lara"):
        assert petitions.sign(petition=petition, by=lara).state == "carried"
    monkeypatch.setattr(petitions, "law_of", lambda guild: read_law(with_values(petition_share="0.50")))
    with evening.as_("mira"):
        waiting = petitions.start(by=mira, draft=draft(title="A lamp on the stairs"))
    with evening.as_("finn"):
        assert petitions.sign(petition=waiting, by=finn).state == "open"
    with evening.as_("ayla"):
        offices.remove(by=ayla, member=evening.members["lara"])
    assert turning.turn_every_guild() == 1
    assert nothing_found(evening) == []
    ended(again(first))
    ended(again(second))
    floor = {"values": {"individuality_floor": "0.70"}}
    with evening.as_("mira"):
        third = deliberation.propose(by=mira, draft=draft(kind=Kind.POLICY, document=floor))
    for name in ("ayla", "finn"):
        with evening.as_(name):
            deliberation.sponsor(proposal=third, by=evening.members[name], version=1)
    turning.turn_every_guild()
    for name in ("ayla", "finn", "mira"):
        vote(again(third), evening.members[name], "yes")
    assert ended(again(third)).state == "enacted"
    assert nothing_found(evening) == []
