"""From a link to a member: signed in or not, and never with the code in an address or a log."""

import logging
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from governance.offices import invitations, services
from governance.offices.invitation_models import Invitation
from governance.offices.invitations import Made
from guild.dreamers.models import Dreamer
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import PASSWORD, Cast, account
from tests.governance.test_offices_invitations import invite

ClientOf = Callable[[Membership], Client]
JOIN, BRING = reverse("joining:join"), reverse("joining:bring")
HOME = reverse("offices:invitations", args=["lantern"])


def bring(client: Client, made: Made) -> Any:
    return client.post(BRING, {"code": made.code}, follow=True)


def member_named(cast: Cast, name: str) -> Membership:
    with tenant(guild=cast.lantern.pk):
        return Membership.objects.get(guild_id=cast.lantern.pk, display_name=name)


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(account(name))
    return client


def test_a_steward_makes_a_link_that_is_shown_once(cast: Cast, client_of: ClientOf) -> None:
    ayla = client_of(cast.ayla)
    sent = ayla.post(HOME, {"uses": 3, "days": 5, "label": "the choir", "address": ""})
    assert (sent.status_code, sent["Cache-Control"].split(", ")[-2:]) == (200, ["must-revalidate", "private"])
    (link,) = re.findall(r'value="(http[^"]+/join/#[\w-]{54})"', sent.text)
    again = ayla.get(HOME)
    assert link.split("#")[1] not in again.text
    assert "the choir" in again.text
    assert "0 of 3" in again.text
    assert mail.outbox == []


def test_a_letter_goes_out_after_the_commit_and_its_address_is_kept_nowhere(
    cast: Cast, client_of: ClientOf, django_capture_on_commit_callbacks: Any, superuser: Any, caplog: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    with django_capture_on_commit_callbacks(execute=True):
        client_of(cast.ayla).post(HOME, {"uses": 1, "days": 5, "address": "nova@example.net"})
    (letter,) = mail.outbox
    assert letter.to == ["nova@example.net"]
    (code,) = re.findall(r"/join/#([\w-]{54})", letter.body)
    with tenant(guild=cast.lantern.pk):
        row = Invitation.objects.values().get()
    assert row["is_mailed"]
    kept = [*map(str, row.values()), caplog.text]
    assert [text for text in kept if "nova@example.net" in text or code in text] == []


def test_whoever_has_an_account_reads_first_and_comes_in_under_a_name(cast: Cast) -> None:
    made, nova = invite(cast.ayla), signed_in("Nova")
    door = bring(nova, made)
    assert [urlsplit(step[0]).path for step in door.redirect_chain] == [JOIN]
    assert "The Lantern Guild" in door.text
    assert "A guild of 5 members" in door.text
    sent = {"display_name": " Nova ", "hue": "9"}
    answers = [nova.post(JOIN, sent) for _ in range(2)]  # pressed twice
    assert [answer["Location"] for answer in answers[:1]] == [reverse("portal:guild", args=["lantern"])]
    came = member_named(cast, "Nova")
    assert (came.hue, came.offices, came.is_live) == (9, ["dreamer"], True)
    with tenant(guild=cast.lantern.pk):
        assert Invitation.objects.get().uses == 1


def test_whoever_has_none_makes_one_and_comes_back_to_the_door(cast: Cast) -> None:
    made, visitor = invite(cast.ayla), Client()
    door = bring(visitor, made)
    assert f'href="/accounts/signup/?next={JOIN}"' in door.text
    assert "display_name" not in door.text  # nobody comes in without an account
    refused = visitor.post(JOIN, {"display_name": "Nova", "hue": "1"})
    assert refused["Location"] == f"/accounts/login/?next={JOIN}"
    fields = {"name": "Nova", "email": "nova@example.org", "password1": PASSWORD, "password2": PASSWORD}
    visitor.post("/accounts/signup/", fields | {"next": JOIN})
    (confirm,) = re.findall(r"/accounts/confirm-email/[^\s/]+/", mail.outbox[0].body)
    visitor.post(confirm)
    night = visitor.post("/accounts/login/", {"login": "nova@example.org", "password": PASSWORD}, follow=True)
    assert f'href="{JOIN}">Look at it' in night.text  # it waited
    assert "The Lantern Guild" in visitor.get(JOIN).text
    visitor.post(JOIN, {"display_name": "Nova", "hue": "1"})
    assert member_named(cast, "Nova").dreamer_id == Dreamer.objects.get(email="nova@example.org").pk


def test_a_member_is_told_so(cast: Cast, client_of: ClientOf) -> None:
    told = bring(client_of(cast.mira), invite(cast.ayla))
    assert "You are a member of The Lantern Guild already." in told.text
    with tenant(guild=cast.lantern.pk):
        assert Invitation.objects.get().uses == 0


def test_whom_a_steward_barred_is_told_so_at_the_door(cast: Cast, client_of: ClientOf) -> None:
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        services.remove(by=cast.ayla, member=cast.mira, is_barred=True)
    mira, made = client_of(cast.mira), invite(cast.ayla)
    assert "no invitation lets you in again" in bring(mira, made).text
    assert mira.post(JOIN, {"display_name": "Mira", "hue": "1"}).status_code == 410


def test_a_code_that_lets_nobody_in_any_more_shows_nothing_of_the_guild(cast: Cast) -> None:
    made, nova, visitor = invite(cast.ayla), signed_in("Nova"), Client()
    bring(nova, made)
    with tenant(guild=cast.lantern.pk, dreamer=cast.ayla.dreamer_id):
        invitations.revoke(by=cast.ayla, invitation=made.invitation.pk)
    read = nova.post("/api/v1/invitations/read/", {"code": made.code}, content_type="application/json")
    answers = [nova.get(JOIN), bring(visitor, made), read]
    assert [answer.status_code for answer in answers] == [410, 422, 410]
    assert all("was revoked" in answer.text and "Lantern" not in answer.text for answer in answers)


def test_a_name_that_is_taken_or_turns_writing_around_is_refused(cast: Cast) -> None:
    nova = signed_in("Nova")
    bring(nova, invite(cast.ayla))
    for name in ("Mira", "\u202eariM", "\u200b"):
        answer = nova.post(JOIN, {"display_name": name, "hue": "1"})
        assert (answer.status_code, 'id="id_display_name_error"' in answer.text) == (422, True)
    assert nova.post(JOIN, {"display_name": "Nova", "hue": "13"}).status_code == 422


def test_codes_cannot_be_guessed_for_long(cast: Cast) -> None:
    visitor, made = Client(), invite(cast.ayla)
    wrong = made.code[:-6] + "AAAAAA"
    answers = [visitor.post(BRING, {"code": wrong}).status_code for _ in range(20)]
    assert answers == [422] * 20
    assert visitor.post(BRING, {"code": made.code}).status_code == 429
    assert "invitation" not in visitor.session


def test_put_away_is_forgotten(cast: Cast) -> None:
    visitor = Client()
    bring(visitor, invite(cast.ayla))
    assert "invitation" in visitor.session
    visitor.post(reverse("joining:put-away"))
    assert "invitation" not in visitor.session


@pytest.mark.parametrize("who", ["mira", "ezra"])
def test_members_see_and_make_no_invitations(cast: Cast, client_of: ClientOf, who: str) -> None:
    made, client = invite(cast.ayla), client_of(getattr(cast, who))
    revoke = reverse("offices:revoke", args=["lantern", made.invitation.pk])
    sent = {"uses": 1, "days": 1}
    assert [client.get(HOME).status_code, client.post(HOME, sent).status_code] == [403, 403]
    assert client.post(revoke).status_code == 403


def test_a_stewards_of_another_guild_revokes_nothing_here(cast: Cast, client_of: ClientOf) -> None:
    made = invite(cast.ayla)
    revoke = reverse("offices:revoke", args=["harbour", made.invitation.pk])
    assert client_of(cast.zed).post(revoke).status_code == 404
