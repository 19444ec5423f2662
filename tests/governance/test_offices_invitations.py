"""Coming in by invitation: as many as it is for, for as long as it lasts, and nobody by another's."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.offices import codes, invitations, services
from governance.offices.codes import Named, read
from governance.offices.errors import InvitationGone, NameTaken, OfficeRefused
from governance.offices.invitation_models import Invitation
from governance.offices.invitations import Made
from governance.policies.errors import Denied
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from tests.cast import Cast, account
from tests.governance.audited import audit, settle, standing

Within = Callable[[Membership], AbstractContextManager[Any]]


def invite(by: Membership, *, uses: int = 1, days: int = 7, **more: Any) -> Made:
    with tenant(guild=by.guild_id, dreamer=by.dreamer_id):
        return invitations.invite(by=by, uses=uses, days=days, **more)


def come_in(made: Made, name: str) -> Membership:
    """Somebody new, by this invitation."""
    return invitations.accept(named=read(made.code), dreamer=account(name).pk, display_name=name)


def leaves(guild: Any) -> list[tuple[str, str, dict[str, Any]]]:
    with tenant(guild=guild):
        entries = [decode(bytes(leaf.entry)) for leaf in Leaf.objects.order_by("index")]
    return [(entry.kind.value, str(entry.actor), dict(entry.detail)) for entry in entries]


def test_whoever_is_invited_comes_in_as_a_dreamer_and_the_ledger_says_by_which(cast: Cast) -> None:
    made = invite(cast.ayla)
    nova = invitations.accept(named=read(made.code), dreamer=account("Nova").pk, display_name="Nova", hue=7)
    assert (nova.offices, nova.display_name, nova.hue) == (["dreamer"], "Nova", 7)
    (invited, started) = leaves(cast.lantern.pk)
    assert invited[:2] == ("invitation.made", str(cast.ayla.pseudonym))
    assert invited[2]["uses"] == 1
    assert started == ("membership.started", "system", {"invitation": str(made.invitation.pk)})


def test_of_a_code_only_its_digest_is_kept(cast: Cast, superuser: Any) -> None:
    made = invite(cast.ayla)
    secret = made.code[22:]
    with tenant(guild=cast.lantern.pk):
        row = Invitation.objects.values().get()
        entry = bytes(Leaf.objects.get().entry).decode()
    assert row["digest"] == read(made.code).digest
    assert [value for value in [*map(str, row.values()), entry] if secret in value] == []


def test_as_many_come_as_it_is_for(cast: Cast) -> None:
    made = invite(cast.ayla, uses=2)
    come_in(made, "Nova")
    come_in(made, "Juno")
    with pytest.raises(InvitationGone, match="used up"):
        come_in(made, "Vela")


def test_whoever_is_in_already_uses_nothing_up(cast: Cast) -> None:
    made = invite(cast.ayla)
    nova = come_in(made, "Nova")
    again = [
        invitations.accept(named=read(made.code), dreamer=member.dreamer_id, display_name="Other").pk
        for member in (nova, cast.mira)
    ]
    assert again == [nova.pk, cast.mira.pk]
    with tenant(guild=cast.lantern.pk):
        assert Invitation.objects.get().uses == 1


def test_one_that_ran_out_or_was_revoked_lets_nobody_in(cast: Cast, monkeypatch: Any) -> None:
    late, revoked = invite(cast.ayla, days=1, uses=5), invite(cast.ayla, uses=5)
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        for _ in range(2):
            invitations.revoke(by=cast.ayla, invitation=revoked.invitation.pk)
    with pytest.raises(InvitationGone, match="revoked"):
        come_in(revoked, "Nova")
    tomorrow = timezone.now() + timedelta(days=1, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    with pytest.raises(InvitationGone, match="ran out"):
        come_in(late, "Juno")
    kinds = [kind for kind, _, _ in leaves(cast.lantern.pk)]
    assert kinds == ["invitation.made", "invitation.made", "invitation.revoked"]


def test_one_falls_with_the_right_of_who_made_it(cast: Cast, within: Within) -> None:
    made = invite(cast.ayla)
    with within(cast.ayla):
        finn = services.appoint(by=cast.ayla, member=cast.finn, office=Office.STEWARD)
        services.dismiss(by=finn, member=cast.ayla, office=Office.STEWARD)
    with pytest.raises(InvitationGone, match="may invite nobody any more"):
        come_in(made, "Nova")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda named, cast: replace(named, guild=cast.harbour.pk),
        lambda named, cast: replace(named, digest="0" * 64),
        lambda named, cast: Named(cast.mira.dreamer_id, named.digest),
    ],
    ids=["of another guild", "guessed", "of no guild"],
)
def test_another_guilds_or_a_guessed_code_opens_nothing(cast: Cast, wrong: Any) -> None:
    named = wrong(read(invite(cast.ayla, uses=5).code), cast)
    with pytest.raises(InvitationGone, match="no invitation that we know"):
        invitations.accept(named=named, dreamer=account("Nova").pk, display_name="Nova")


def test_a_changed_code_is_no_code_or_names_nothing(cast: Cast) -> None:
    code = invite(cast.ayla).code
    assert read(f"https://house.example/join/#{code}") == read(f" {code} ") == read(code)
    for other in ("", "x", code[:-1], code + "A", code.replace(code[30], "!"), "é" * 54, "A" * 5000):
        with pytest.raises(codes.NoCode):
            read(other)


@pytest.mark.parametrize("who", ["finn", "lara", "ezra", "mira"])
def test_nobody_but_a_steward_invites_or_revokes(cast: Cast, within: Within, who: str) -> None:
    made, member = invite(cast.ayla), getattr(cast, who)
    with within(member):
        with pytest.raises(Denied, match="steward"):
            invitations.invite(by=member, uses=1, days=1)
        with pytest.raises(Denied, match="steward"):
            invitations.revoke(by=member, invitation=made.invitation.pk)


def test_what_a_steward_removed_for_good_comes_in_only_once_that_is_undone(
    cast: Cast, within: Within
) -> None:
    made = invite(cast.ayla, uses=2)
    back = {"named": read(made.code), "dreamer": cast.mira.dreamer_id, "display_name": "Mira"}
    with within(cast.ayla):
        services.remove(by=cast.ayla, member=cast.mira, is_barred=True)
    with pytest.raises(InvitationGone, match="no invitation lets you in again"):
        invitations.accept(**back)
    with within(cast.ayla):
        gone = Membership.objects.get(pk=cast.mira.pk)
        assert [invitations.open_again(by=cast.ayla, member=gone) for _ in range(2)] == [True, False]
    assert invitations.accept(**back).is_live


def test_whoever_was_removed_plainly_may_be_invited_again(cast: Cast, within: Within) -> None:
    with within(cast.ayla):
        services.remove(by=cast.ayla, member=cast.mira)
    made = invite(cast.ayla)
    member = invitations.accept(named=read(made.code), dreamer=cast.mira.dreamer_id, display_name="Mira")
    assert (member.is_live, member.pk != cast.mira.pk) == (True, True)


def test_a_name_that_a_member_has_is_refused(cast: Cast) -> None:
    with pytest.raises(NameTaken):
        invitations.accept(
            named=read(invite(cast.ayla).code), dreamer=account("Nova").pk, display_name="mIRA"
        )


@pytest.mark.parametrize(("uses", "days"), [(0, 1), (101, 1), (1, 0), (1, 91)])
def test_numbers_out_of_bounds_are_refused(cast: Cast, uses: int, days: int) -> None:
    with pytest.raises(OfficeRefused):
        invite(cast.ayla, uses=uses, days=days)


def test_of_many_at_once_exactly_as_many_come_in(live_cast: Cast) -> None:
    made = invite(live_cast.ayla, uses=2)
    people = [account(name).pk for name in ("Nova", "Juno", "Vela", "Orin")]
    # One of them presses twice.
    tries = [*people, people[0]]
    together = Barrier(len(tries))

    def run(dreamer: Any) -> Any:
        try:
            together.wait(timeout=20)
            return invitations.accept(named=read(made.code), dreamer=dreamer, display_name=str(dreamer)).pk
        except InvitationGone as gone:
            return type(gone)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tries)) as pool:
        answers = list(pool.map(run, tries))
    came = {answer for answer in answers if answer is not InvitationGone}
    with tenant(guild=live_cast.lantern.pk):
        row = Invitation.objects.get()
        new = Membership.objects.filter(guild_id=live_cast.lantern.pk, dreamer_id__in=people)
        assert (row.uses, {member.pk for member in new}, len(came)) == (2, came, 2)


def test_an_audit_finds_nothing_in_invitations_and_their_uses(db: None, within: Within) -> None:
    members = settle()
    ayla, mira = members["ayla"], members["mira"]
    made, other = invite(ayla, uses=3), invite(ayla, label="for nobody")
    nova = come_in(made, "Nova")
    with within(ayla):
        invitations.revoke(by=ayla, invitation=other.invitation.pk)
        services.remove(by=ayla, member=mira, is_barred=True)
        invitations.open_again(by=ayla, member=mira)
        services.remove(by=ayla, member=nova)
    invitations.accept(named=read(made.code), dreamer=mira.dreamer_id, display_name="Mira")
    run = audit(ayla.guild_id)
    found = [(one.rule, one.expected, one.actual) for one in standing(ayla.guild_id)]
    assert (run.state, found) == ("finished", [])
