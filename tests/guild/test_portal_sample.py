"""The sample guild is made by the same services as any other, and holds together."""

import pytest
from django.core.management import call_command

from governance.ledger.models import Leaf
from guild.portal import sample
from guild.portal.sample_dreams import MEMBERS_DREAMS
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Guild, Membership
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.models import BlendRun
from lounges.sessions.models import Lounge, Session

pytestmark = pytest.mark.django_db(transaction=True)


def test_sample_guild_holds_every_office_and_one_finished_session(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_sample_guild")
    with tenant(dreamer=sample.Dreamer.objects.get(email="ayla@example.org").pk):
        guild = Guild.objects.get(slug="lantern")
    with tenant(guild=guild.pk):
        held = {office for member in Membership.objects.all() for office in member.offices}
        assert held == {office.value for office in Office}
        assert Lounge.objects.count() == 2
        assert [session.state for session in Session.objects.all()] == ["closed"]
        assert [run.state for run in BlendRun.objects.all()] == [RunState.FINISHED]
        assert [leaf.index for leaf in Leaf.objects.order_by("index")] == list(range(Leaf.objects.count()))
    assert len(MEMBERS_DREAMS) == 40
    call_command("load_sample_guild")
    assert "loaded already" in capsys.readouterr().out
