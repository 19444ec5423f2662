"""What takes two persons is never done by one."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.ledger.note import encode_base64, parse_note
from governance.ledger.tree import leaf_hash, root
from governance.offices import exporting, invitations, joint, services
from governance.offices.codes import read
from governance.offices.enums import GuildActKind, GuildActState
from governance.offices.errors import InvitationGone, OfficeRefused
from governance.offices.joint_models import GuildAct
from governance.offices.tasks import close_guilds
from governance.policies.errors import Denied
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.audited import audit, settle, standing

Within = Callable[[Membership], AbstractContextManager[Any]]
EXPORT, CLOSE = GuildActKind.EXPORT, GuildActKind.CLOSE


def kinds(guild: Any) -> list[str]:
    with tenant(guild=guild):
        return list(Leaf.objects.order_by("index").values_list("kind", flat=True))


def second_steward(cast: Cast, member: Membership) -> Membership:
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        return services.appoint(by=cast.ayla, member=member, office=Office.STEWARD)


def test_one_steward_asks_and_an_enforcer_agrees_where_there_is_no_other(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        asked = joint.ask(by=cast.ayla, kind=EXPORT)
        assert joint.ask(by=cast.ayla, kind=EXPORT).pk == asked.pk
        for nobody in (cast.ayla, cast.mira, cast.finn):
            with pytest.raises(Denied):
                joint.agree(by=nobody, act=asked.pk)
        with pytest.raises(Denied):
            exporting.fetch(by=cast.ayla, act=asked.pk)
        for _ in range(2):
            agreed = joint.agree(by=cast.ezra, act=asked.pk)
        assert (agreed.state, agreed.agreed_by_id) == ("agreed", cast.ezra.pk)
        with pytest.raises(Denied):
            exporting.fetch(by=cast.ezra, act=asked.pk)  # an enforcer agrees; the archive is for stewards
    assert kinds(cast.lantern.pk) == ["guild_act.asked", "guild_act.agreed"]


def test_where_there_are_two_stewards_an_enforcer_does_not_agree(cast: Cast, within: Within) -> None:
    finn = second_steward(cast, cast.finn)
    with within(cast.ayla):
        asked = joint.ask(by=cast.ayla, kind=EXPORT)
        with pytest.raises(Denied):
            joint.agree(by=cast.ezra, act=asked.pk)
        assert joint.agree(by=finn, act=asked.pk).state == GuildActState.AGREED


def test_a_guild_with_nobody_who_could_agree_is_told_whom_to_appoint(cast: Cast, within: Within) -> None:
    with within(cast.zed), pytest.raises(OfficeRefused, match="appoint a second steward"):
        joint.ask(by=cast.zed, kind=EXPORT)


def test_what_somebody_asked_who_is_no_steward_any_more_is_not_agreed(cast: Cast, within: Within) -> None:
    finn = second_steward(cast, cast.finn)
    with within(cast.ayla):
        asked = joint.ask(by=cast.ayla, kind=EXPORT)
        services.dismiss(by=finn, member=cast.ayla, office=Office.STEWARD)
        with pytest.raises(Denied):  # not by who asks and then agrees under another hat
            joint.agree(by=cast.ayla, act=asked.pk)
        with pytest.raises(OfficeRefused, match="no steward any more"):
            joint.agree(by=finn, act=asked.pk)
        anew = joint.ask(by=finn, kind=EXPORT)
        assert (anew.asked_by_id, joint.act_for(finn.guild_id, asked.pk).state) == (finn.pk, "taken_back")
        assert joint.agree(by=cast.ezra, act=anew.pk).state == GuildActState.AGREED


def test_another_guilds_is_not_found(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        asked = joint.ask(by=cast.ayla, kind=EXPORT)
    with within(cast.zed):
        for do in (joint.agree, joint.take_back, joint.object_to, exporting.fetch):
            with pytest.raises(Http404):
                do(by=cast.zed, act=asked.pk)


def test_an_export_holds_law_roster_and_the_log_that_its_checkpoint_signs(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        services.remove(by=cast.ayla, member=cast.lara)
        asked = joint.ask(by=cast.ayla, kind=EXPORT)
        joint.agree(by=cast.ezra, act=asked.pk)
        packed = exporting.fetch(by=cast.ayla, act=asked.pk).packed
        last = decode(bytes(Leaf.objects.order_by("-index")[0].entry))
    assert (last.kind.value, dict(last.detail)) == (
        "export.made",
        {"what": "guild", "digest": hashlib.sha256(packed).hexdigest()},
    )
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        roster = json.loads(archive.read("roster.json"))
        entries = archive.read("log/entries.jsonl").splitlines()
        checkpoint = archive.read("log/checkpoint")
        names = set(archive.namelist())
    _, size, signed = parse_note(checkpoint).text.splitlines()[:3]
    assert (int(size), signed) == (len(entries), encode_base64(root([leaf_hash(entry) for entry in entries])))
    assert [row.get("name") for row in roster if row["left_at"]] == [None]
    assert {row["name"] for row in roster if not row["left_at"]} == {"Ayla", "Finn", "Ezra", "Mira"}
    assert {"README.txt", "guild.json", "log/vkey", "law/role/offices.cedar"} <= names


def test_an_export_is_fetched_for_a_week_and_can_be_asked_for_again(
    cast: Cast, within: Within, monkeypatch: pytest.MonkeyPatch
) -> None:
    with within(cast.ayla):
        asked = joint.ask(by=cast.ayla, kind=EXPORT)
        joint.agree(by=cast.ezra, act=asked.pk)
        later = timezone.now() + timedelta(days=7, seconds=1)
        monkeypatch.setattr(timezone, "now", lambda: later)
        with pytest.raises(Denied, match="within a week"):
            exporting.fetch(by=cast.ayla, act=asked.pk)
        again = joint.ask(by=cast.ayla, kind=EXPORT)
        assert (again.pk != asked.pk, again.state) == (True, "asked")


def test_any_member_halts_a_closing_and_nothing_else(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        export, closing = (joint.ask(by=cast.ayla, kind=kind) for kind in (EXPORT, CLOSE))
        joint.agree(by=cast.ezra, act=closing.pk)
        with pytest.raises(Denied):
            joint.object_to(by=cast.mira, act=export.pk)
        halted = joint.object_to(by=cast.mira, act=closing.pk)
        assert (halted.state, halted.ended_by_id) == ("halted", cast.mira.pk)
    later = timezone.now() + timedelta(days=8)
    assert joint.carry_out_every_closing(now=later) == 0
    with within(cast.mira):
        assert Membership.objects.get(pk=cast.mira.pk).is_live


def test_a_guild_closes_after_a_week_and_everybody_keeps_their_own(
    db: None, within: Within, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = settle()
    ayla, ezra, mira = members["ayla"], members["ezra"], members["mira"]
    with within(ayla):
        made = invitations.invite(by=ayla, uses=5, days=30)
        closing = joint.ask(by=ayla, kind=CLOSE)
        joint.agree(by=ezra, act=closing.pk)
    assert joint.carry_out_every_closing() == 0
    later = timezone.now() + timedelta(days=7, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    for _ in range(2):
        close_guilds()
    with tenant(guild=ayla.guild_id):
        assert not Membership.objects.filter(guild_id=ayla.guild_id, ended_at=None).exists()
        assert GuildAct.objects.get().state == GuildActState.DONE
    with pytest.raises(InvitationGone):
        invitations.accept(named=read(made.code), dreamer=mira.dreamer_id, display_name="Mira")
    told = kinds(ayla.guild_id)
    assert told.count("guild.closed") == 1
    assert told.count("membership.ended") == len(members)
    run = audit(ayla.guild_id)
    found = [(one.rule, one.expected, one.actual) for one in standing(ayla.guild_id)]
    assert (run.state, found) == ("finished", [])
