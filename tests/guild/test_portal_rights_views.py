"""The pages of one's rights: what each press does, and what is asked before."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from governance.consent import restrictions
from governance.consent import services as consent
from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from guild.dreamers.models import Dreamer
from guild.journal import selectors as journal
from guild.journal.models import Dream
from guild.portal.rights import handing_over, services
from guild.portal.rights.models import RightsRecord
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from lounges.sessions.enums import ContributionState
from lounges.sessions.models import Contribution
from tests.cast import PASSWORD, Cast
from tests.guild.journal_pages import words_of, write
from tests.isolation.world import DREAMS, World, make_world
from tests.lounges.sessions_stage import dream_of

SignIn = Callable[[Membership], Client]


@pytest.fixture
def confirmed(client_of: SignIn) -> SignIn:
    """`confirmed(member)` has just given the password again."""

    def confirm(member: Membership) -> Client:
        client = client_of(member)
        assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
        return client

    return confirm


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


def post_erase(client: Client, name: str, *arguments: Any, **fields: Any) -> Any:
    """The second step as its page sends it."""
    address = reverse(f"rights:erase-{name}-confirm", args=arguments)
    return client.post(address, {"form_key": str(uuid4()), "sure": "on", **fields})


@pytest.mark.parametrize("name", ["export", "erase-journal-confirm", "erase-account-confirm"])
def test_what_cannot_be_undone_asks_who_is_there_first(cast: Cast, client_of: SignIn, name: str) -> None:
    client, address = client_of(cast.mira), reverse(f"rights:{name}")

    asked = client.get(address)
    posted = client.post(address, {"form_key": str(uuid4()), "sure": "on"})

    assert asked["Location"] == f"/accounts/reauthenticate/?{urlencode({'next': address})}"
    assert posted["Location"] == address  # to the page, which asks: nothing is done by the way
    confirmed = client.post(asked["Location"], {"password": PASSWORD, "next": address}, follow=True)
    assert confirmed.redirect_chain == [(address, 302)]
    assert Dreamer.objects.get(pk=cast.mira.dreamer_id).is_active


def test_everything_is_a_file_to_save(world: World, confirmed: SignIn) -> None:
    client = confirmed(world.cast.mira)
    page = client.get(reverse("rights:export"))
    reply = client.post(reverse("rights:export"))

    assert "Make the archive" in words_of(page)
    assert re.fullmatch(
        r'attachment; filename="dreamscape-everything-\d{4}-\d\d-\d\d\.zip"', reply["Content-Disposition"]
    )
    assert "no-store" in reply["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
        assert DREAMS["mira"] in archive.read("journal/dreams.jsonl").decode()


def test_too_many_exports_are_refused_with_a_sentence(cast: Cast, confirmed: SignIn) -> None:
    client = confirmed(cast.mira)
    replies = [client.post(reverse("rights:export")) for _ in range(services.MOST_EXPORTS + 1)]
    assert [reply.status_code for reply in replies] == [200] * services.MOST_EXPORTS + [429]
    assert "You took everything with you several times within this hour" in words_of(replies[-1])


def test_an_archive_is_looked_at_and_brought_in(world: World, client_of: SignIn) -> None:
    mira, zed = world.cast.mira, client_of(world.cast.zed)
    with tenant(dreamer=mira.dreamer_id):
        data = services.export_everything(by=mira.dreamer).data
    file = SimpleUploadedFile("everything.zip", data)

    preview = zed.post(reverse("rights:import"), {"file": file}, follow=True)
    words = words_of(preview)
    done = zed.post(preview.redirect_chain[-1][0], {"confirm": "yes", "with_settings": "on"}, follow=True)

    assert "1 dream can be added" in words
    assert "The Lantern Guild" in words
    assert "nothing of it holds here" in words
    assert "1 dream was added. Your settings are taken over." in words_of(done)
    assert Dreamer.objects.get(pk=world.cast.zed.dreamer_id).name == "Mira"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "This field is required"),
        ({"file": SimpleUploadedFile("a.zip", b"")}, "not an archive"),
        ({"file": SimpleUploadedFile("a.zip", b"PK\x03\x04 and nothing more")}, "damaged"),
        ({"file": SimpleUploadedFile("a.zip", b"PK\x03\x04" + bytes(14 << 20))}, "the most at once is 12 MB"),
    ],
)
def test_what_is_no_archive_is_refused(
    cast: Cast, client_of: SignIn, fields: dict[str, Any], sentence: str
) -> None:
    reply = client_of(cast.mira).post(reverse("rights:import"), fields)
    assert reply.status_code == 422
    assert sentence in words_of(reply)


def test_an_archive_that_is_finished_or_somebody_elses_leads_back(world: World, client_of: SignIn) -> None:
    mira = world.cast.mira
    with tenant(dreamer=mira.dreamer_id):
        data = services.export_everything(by=mira.dreamer).data
        staged = services.stage_archive(by=mira.dreamer, data=data)
    address = reverse("rights:import-preview", args=[staged])

    for client in (client_of(world.cast.ayla), client_of(world.cast.zed)):
        for reply in (
            client.get(address, follow=True),
            client.post(address, {"confirm": "yes"}, follow=True),
        ):
            assert reply.redirect_chain == [(reverse("rights:import"), 302)]
            assert "already brought in, or has expired" in words_of(reply)
    thrown = client_of(mira).post(address, {"discard": "yes"}, follow=True)
    assert "Nothing was added." in words_of(thrown)


def test_after_a_lent_dream_is_changed_its_dreamer_is_asked_about_the_copy(
    world: World, client_of: SignIn
) -> None:
    client, dream = client_of(world.cast.mira), world.dreams["mira"]
    asked = client.post(
        reverse("journal:edit", args=[dream]), {"narrative": "The stairs were dry.", "revision": 1}
    )
    page = client.get(asked["Location"])
    overview, detail = (
        client.get(reverse("rights:overview")),
        client.get(reverse("journal:detail", args=[dream])),
    )
    done = client.post(asked["Location"], {"contribution": world.contributions["mira"]}, follow=True)

    assert asked["Location"] == reverse("rights:correct", args=[dream])
    assert "Shall the lent copy follow?" in words_of(page)
    assert DREAMS["mira"] in words_of(page)
    assert "Lent copies that say what a dream said before" in words_of(overview)
    assert "A copy that you lent says what this dream said before." in words_of(detail)
    assert done.redirect_chain[-1] == (reverse("journal:detail", args=[dream]), 302)
    assert "The lent copy says what your dream says now." in words_of(done)


def test_a_dream_that_is_lent_nowhere_leads_back_to_itself(cast: Cast, client_of: SignIn) -> None:
    dream = write(cast.mira)
    reply = client_of(cast.mira).post(
        reverse("journal:edit", args=[dream]), {"narrative": "Another.", "revision": 1}
    )
    assert reply["Location"] == reverse("journal:detail", args=[dream])


def test_words_that_are_not_in_the_dream_come_back_with_the_reason(world: World, client_of: SignIn) -> None:
    client, mira, dream = client_of(world.cast.mira), world.cast.mira, world.dreams["mira"]
    with tenant(guild=mira.guild_id, dreamer=mira.dreamer_id):
        Contribution.objects.filter(pk=world.contributions["mira"]).update(extent="excerpt")
    client.post(reverse("journal:edit", args=[dream]), {"narrative": "The stairs were dry.", "revision": 1})

    fields = {"contribution": world.contributions["mira"], "words": "wet stairs"}
    refused = client.post(reverse("rights:correct", args=[dream]), fields)

    assert refused.status_code == 422
    assert "These words are not in the dream" in words_of(refused)
    assert "wet stairs" in words_of(refused)


def test_all_use_is_paused_in_one_press_and_lifted_in_one(world: World, client_of: SignIn) -> None:
    mira, client = world.cast.mira, client_of(world.cast.mira)
    paused = client.post(reverse("rights:pause"), follow=True)
    again = client.post(reverse("rights:pause"), follow=True)
    assert state_of(world) == ContributionState.RESTRICTED
    lifted = client.post(reverse("rights:resume"), follow=True)
    nothing = client.post(reverse("rights:resume"), follow=True)

    assert state_of(world) == ContributionState.LENT
    assert "1 lent dream is set aside" in words_of(paused)
    assert "there was nothing to pause" in words_of(again)
    assert "1 lent dream may be used again" in words_of(lifted)
    assert "Nothing was paused." in words_of(nothing)
    with tenant(guild=mira.guild_id):
        kinds = (LeafKind.CONSENT_RESTRICTED, LeafKind.CONSENT_UNRESTRICTED)
        assert [Leaf.objects.filter(kind=kind).count() for kind in kinds] == [1, 1]


def test_what_was_set_aside_before_the_pause_stays_so(world: World, client_of: SignIn) -> None:
    mira, client = world.cast.mira, client_of(world.cast.mira)
    restrictions.restrict(by=mira.dreamer_id, contribution=world.contributions["mira"])
    client.post(reverse("rights:pause"))
    client.post(reverse("rights:resume"))
    assert state_of(world) == ContributionState.RESTRICTED


def test_what_was_set_aside_anew_since_the_pause_stays_so(world: World, client_of: SignIn) -> None:
    mira, client = world.cast.mira, client_of(world.cast.mira)
    client.post(reverse("rights:pause"))
    restrictions.lift_restriction(by=mira.dreamer_id, contribution=world.contributions["mira"])
    restrictions.restrict(by=mira.dreamer_id, contribution=world.contributions["mira"])
    client.post(reverse("rights:resume"))
    assert state_of(world) == ContributionState.RESTRICTED


@pytest.mark.parametrize("address", ["rights:pause", "rights:resume"])
def test_a_dream_taken_back_in_another_window_is_neither_paused_nor_resumed(
    world: World, client_of: SignIn, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    mira, client = world.cast.mira, client_of(world.cast.mira)
    if address == "rights:resume":
        client.post(reverse("rights:pause"))
    real = services.ledger.hold

    def overtaken(*, guild: UUID) -> None:
        monkeypatch.setattr(services.ledger, "hold", real)
        consent.withdraw(by=mira.dreamer_id, contribution=world.contributions["mira"])

    monkeypatch.setattr(services.ledger, "hold", overtaken)
    done = client.post(reverse(address), follow=True)
    assert "othing" in words_of(done)
    assert state_of(world) == ContributionState.WITHDRAWN


def state_of(world: World) -> str:
    mira = world.cast.mira
    with tenant(guild=mira.guild_id, dreamer=mira.dreamer_id):
        return Contribution.objects.get(pk=world.contributions["mira"]).state


def test_one_dream_is_erased_in_two_steps_with_a_certificate(world: World, confirmed: SignIn) -> None:
    client, dream = confirmed(world.cast.mira), world.dreams["mira"]
    first = client.get(reverse("rights:erase-dream", args=[dream]))
    second = client.get(reverse("rights:erase-dream-confirm", args=[dream]))
    unsure = post_erase(client, "dream", dream, sure="")
    form_key = uuid4()
    done = post_erase(client, "dream", dream, form_key=form_key)
    again = post_erase(client, "dream", dream, form_key=form_key)
    file = client.get(done["Location"] + "file/")

    assert "1 lent copy. It is taken back" in words_of(first)
    assert "Erase this dream for good" in words_of(second)
    assert (unsure.status_code, "Tick this if you are sure" in words_of(unsure)) == (422, True)
    assert done["Location"] == again["Location"]
    assert "CERTIFICATE OF ERASURE" in words_of(client.get(done["Location"]))
    assert file["Content-Disposition"] == 'attachment; filename="erasure-certificate.txt"'
    assert file.content.decode().startswith("CERTIFICATE OF ERASURE\n")
    with tenant(dreamer=world.cast.mira.dreamer_id):
        assert not Dream.objects.filter(pk=dream).exists()
    assert mail.outbox == []


def test_nobody_else_erases_a_dream_or_reads_a_certificate(world: World, confirmed: SignIn) -> None:
    mine, dream = confirmed(world.cast.mira), dream_of(world.cast.mira)
    certificate = post_erase(mine, "dream", dream)["Location"]
    for other in (world.cast.finn, world.cast.zed):
        client = confirmed(other)
        replies = [
            post_erase(client, "dream", world.dreams["mira"]),
            client.get(reverse("rights:erase-dream-confirm", args=[world.dreams["mira"]])),
            client.get(certificate),
            client.get(f"{certificate}file/"),
            client.post(
                reverse("rights:correct", args=[world.dreams["mira"]]),
                {"contribution": world.contributions["mira"]},
            ),
        ]
        assert [reply.status_code for reply in replies] == [404] * 5
    with tenant(dreamer=world.cast.mira.dreamer_id):
        assert journal.dream_for(world.cast.mira.dreamer_id, world.dreams["mira"]).narrative == DREAMS["mira"]


def test_a_journal_is_erased_and_its_certificate_sent(
    world: World, confirmed: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    client = confirmed(world.cast.mira)
    with django_capture_on_commit_callbacks(execute=True):
        done = post_erase(client, "journal")
    (letter,) = [one for one in mail.outbox if "erasure" in one.subject]
    certificate = client.get(done["Location"] + "file/").content.decode()

    assert letter.to == ["mira@example.org"]
    assert certificate in letter.body
    assert "://" not in letter.body
    assert DREAMS["mira"] not in letter.body


def test_an_account_is_erased_and_its_certificate_is_for_that_browser_alone(
    world: World, confirmed: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    mira, client = world.cast.mira, confirmed(world.cast.mira)
    first = client.get(reverse("rights:erase-account"))
    with django_capture_on_commit_callbacks(execute=True):
        done = post_erase(client, "account")
    page, file = client.get(done["Location"]), client.get(reverse("rights:erased-file"))

    assert "Your membership of The Lantern Guild" in words_of(first)
    assert done["Location"] == reverse("rights:erased")
    assert "Your account is erased" in words_of(page)
    assert file.content.decode() in mail.outbox[-1].body
    assert client.get(reverse("rights:overview")).status_code == 302
    other = Client()
    assert other.get(reverse("rights:erased-file")).status_code == 404
    other.cookies[handing_over.COOKIE] = client.cookies[handing_over.COOKIE].value
    assert other.get(reverse("rights:erased-file")).status_code == 404
    stored = client.session[handing_over.KEPT]
    assert str(mira.pseudonym) not in stored
    assert str(mira.pseudonym) in file.content.decode()
    assert not Client().login(username="mira@example.org", password=PASSWORD)


def test_an_account_that_would_leave_a_guild_without_a_steward_stays(world: World, confirmed: SignIn) -> None:
    client = confirmed(world.cast.ayla)
    first, second = client.get(reverse("rights:erase-account")), post_erase(client, "account")

    for page in (first, second):
        assert "You are the last steward of The Lantern Guild" in words_of(page)
    assert second.status_code == 422
    assert "Go on" not in words_of(first)
    with tenant(dreamer=world.cast.ayla.dreamer_id):
        assert RightsRecord.objects.count() == 0
    assert Dreamer.objects.get(pk=world.cast.ayla.dreamer_id).is_active


def test_the_overview_says_what_there_is_and_keeps_what_was_used(world: World, client_of: SignIn) -> None:
    client = client_of(world.cast.mira)
    client.post(reverse("rights:pause"))
    words = words_of(client.get(reverse("rights:overview")))
    assert "Your 1 dream with all they said before" in words
    assert "You lend 1 copy; 1 is set aside." in words
    assert "All use was paused" in words
    assert "What The Lantern Guild does with what is lent to it" in words


def test_the_overview_costs_the_same_for_many_dreams(
    world: World, client_of: SignIn, django_assert_max_num_queries: Any
) -> None:
    client, counts = client_of(world.cast.mira), []
    for _ in range(2):
        with django_assert_max_num_queries(30) as queries:
            client.get(reverse("rights:overview"))
        counts.append(len(queries))
        for _ in range(3):
            dream_of(world.cast.mira)
    assert counts[0] == counts[1]
