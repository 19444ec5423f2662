"""The sample guild is made by the same services as any other, and holds together, but for one lent dream."""

from typing import Any

import pytest
from django.core.management import call_command

from governance.audits.enums import AuditState, FindingState, Severity
from governance.audits.models import AuditRun, Finding
from governance.deliberation.models import Ballot, Proposal, Signature
from governance.ledger.models import Leaf
from governance.moderation.models import Report
from governance.policies.law import read_law
from governance.policies.models import PolicySet
from guild.portal import sample, sample_manipulation
from guild.portal.sample_dreams import MEMBERS_DREAMS
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership
from guild.vault import services as vault
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.models import BlendRun
from lounges.experiences.models import ExperienceVersion
from lounges.sessions.models import Contribution, Lounge, Session
from lounges.sessions.selectors import place_of

pytestmark = pytest.mark.django_db(transaction=True)


def lantern() -> Guild:
    with tenant(dreamer=sample.Dreamer.objects.get(email="ayla@example.org").pk):
        return Guild.objects.get(slug="lantern")


def law_at_work(guild: Guild) -> dict[str, Any]:
    """What the law's own rooms hold of the guild; call inside its tenant."""
    return {
        "laws": [
            (each.number, each.because, str(read_law(each.document).individuality_floor))
            for each in PolicySet.objects.filter(guild_id=guild.pk).order_by("number")
        ],
        "proposals": {each.title: (each.state, each.current) for each in Proposal.objects.all()},
        "ballots": sorted(Ballot.objects.values_list("choice", flat=True)),
        "signed": Signature.objects.count(),
        "moderated": list(Report.objects.values_list("kind", "state")),
        "experiences": [(each.experience.name, each.state) for each in ExperienceVersion.objects.all()],
    }


def test_the_sample_guild_holds_every_office_two_finished_sessions_and_one_finding(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("load_sample_guild")
    guild = lantern()
    with tenant(guild=guild.pk):
        members = {member.display_name: member for member in Membership.objects.all()}
        assert {office for member in members.values() for office in member.offices} == {
            office.value for office in Office
        }
        assert [name for name in sorted(members) if Office.ENFORCER in members[name].offices] == [
            "Ezra",
            "Lara",
        ]
        assert Lounge.objects.count() == 2
        sessions = {session.title: session.state for session in Session.objects.all()}
        assert sessions == {"What the house kept": "closed", "Waiting rooms": "closed"}
        assert [run.state for run in BlendRun.objects.all()] == [RunState.FINISHED] * 2
        assert [leaf.index for leaf in Leaf.objects.order_by("index")] == list(range(Leaf.objects.count()))
        assert [audit.state for audit in AuditRun.objects.all()] == [AuditState.FINISHED]
        lent = Contribution.objects.get(session__title="Waiting rooms", membership=members["Mira"])
        found = [
            (row.rule, row.severity, row.state, row.table, row.row, row.contribution)
            for row in Finding.objects.all()
        ]
        assert found == [
            (
                "lent.altered",
                Severity.CRITICAL,
                FindingState.OPEN,
                "lounges_contribution",
                str(lent.pk),
                lent.pk,
            )
        ]
        assert law_at_work(guild) == {
            "laws": [(1, "founding", "0.60"), (2, "vote", "0.66")],
            "proposals": {
                "Keep two thirds of what sets a dream apart": ("enacted", 1),
                "The guild is quiet from half past ten": ("open", 2),
                "Which evening for the open circle?": ("draft", 1),
            },
            "ballots": ["abstain", "no", "yes", "yes"],
            "signed": 2,
            "moderated": [("association", "hidden")],
            "experiences": [("Slow water", "approved")],
        }
        text = vault.open_text(
            key_id=lent.key_id, sealed=bytes(lent.text_sealed), place=place_of(lent, "text")
        )
    assert sample_manipulation.OTHER_WORDS in text
    assert len(MEMBERS_DREAMS) == 40
    call_command("load_sample_guild")
    assert "loaded already" in capsys.readouterr().out


def test_the_words_that_are_changed_are_in_the_dream_that_was_lent() -> None:
    (lent,) = [dream for dream in MEMBERS_DREAMS if dream.title == sample.WAITING_ROOMS["Mira"]]
    assert sample_manipulation.WORDS in lent.narrative
    assert sample_manipulation.OTHER_WORDS not in lent.narrative
