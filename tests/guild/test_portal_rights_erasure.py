"""Erased is erased: no dump opens it, the ledger still verifies, and nothing leads to the person any more."""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session as Signin
from django.db import connection, transaction
from django.http import Http404
from django.test import Client
from django.utils import timezone

from colonies.diary import services as diary
from colonies.diary.entries import Written
from governance.deliberation import receipts
from governance.deliberation.receipts import Kept
from governance.ledger import services as ledger
from governance.ledger import signing, tree
from governance.ledger.enums import LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.ledger.note import Verifier
from governance.ledger.proof_files import verify_proof
from governance.ledger.selectors import head
from governance.offices import services as offices
from guild.dreamers.closing import AccountClosed, keep_open
from guild.dreamers.models import Dreamer
from guild.journal import sealed_rows
from guild.journal import services as journal
from guild.journal.models import Dream, DreamRevision
from guild.journal.records import Draft
from guild.notifications import devices
from guild.notifications.models import PushDevice
from guild.portal.rights import erasing
from guild.portal.rights import services as rights
from guild.portal.rights.archive import pack
from guild.portal.rights.erasing import digest_of, erase_account, erase_dream, erase_journal
from guild.portal.rights.errors import LastSteward
from guild.portal.rights.models import RightsRecord
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from guild.tenancy.services import FORMER
from guild.vault import sealing
from guild.vault import services as vault
from guild.vault.errors import SealBroken
from guild.vault.places import Place
from guild.vault.providers import provider
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.models import BlendRun, Reflection
from lounges.dreamscapes.selectors import reflection_place
from lounges.sessions import hearing, loans, services
from lounges.sessions.enums import ContributionState, Extent
from lounges.sessions.lending import LoanTerms, Passage
from lounges.sessions.models import Association, Contribution, Participation
from lounges.sessions.selectors import LENT_FIELDS, place_of
from tests.cast import Cast, account
from tests.guild.receiver import Browser
from tests.isolation.world import DREAMS, World, lend_whole, make_world
from tests.lounges.sessions_stage import dream_of


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


@dataclass(frozen=True)
class Sealed:
    """Something as a dump of yesterday has it."""

    what: str
    data: bytes
    place: Place


def dump_of(member: Membership) -> list[Sealed]:
    """Everything sealed that is this dreamer's, with where it belongs: what a thief would try to open."""
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        dump = [
            Sealed(column, bytes(getattr(row, f"{column}_sealed")), sealed_rows.place_in_dream(row, column))
            for row in Dream.objects.all()
            for column in ("title", "narrative", "details", "reading")
        ]
        dump += [
            Sealed("revision", bytes(row.draft_sealed), sealed_rows._place_in_revision(row))
            for row in DreamRevision.objects.all()
        ]
        mine = {"dreamer_id": member.dreamer_id}
        dump += [
            Sealed(f"lent {name}", bytes(getattr(row, f"{name}_sealed")), place_of(row, name))
            for row in Contribution.objects.filter(**mine)
            for name in LENT_FIELDS
        ]
        dump += [
            Sealed("said", bytes(row.text_sealed), hearing.place_of(row))
            for row in Association.objects.filter(**mine)
        ]
        dump += [
            Sealed("reflection", bytes(row.document_sealed), reflection_place(row))
            for row in Reflection.objects.filter(**mine)
        ]
    return dump


def opened(dump: list[Sealed], superuser: psycopg.Connection) -> list[str]:
    """What of a dump opens with any data key that is left in the vault, and every key-encryption key."""
    rows = superuser.execute(
        "SELECT kek_id, wrapped FROM vault.data_key WHERE wrapped IS NOT NULL"
    ).fetchall()
    keys = [provider().unwrap(bytes(kek), bytes(wrapped)) for kek, wrapped in rows]
    return sorted({one.what for one in dump if any(opens(one, key) for key in keys)})


def opens(one: Sealed, key: bytes) -> bool:
    try:
        sealing.unseal(one.data, data_key=key, place=one.place)
    except SealBroken:
        return False
    return True


def require_ledger_holds(member: Membership) -> None:
    """Every leaf is what its hash says, and all of them make the root."""
    with tenant(guild=member.guild_id):
        leaves = list(Leaf.objects.order_by("index"))
        hashes = [tree.leaf_hash(bytes(leaf.entry)) for leaf in leaves]
        assert hashes == [bytes(leaf.leaf_hash) for leaf in leaves]
        assert tree.root(hashes) == head(member.guild_id).root


def newest_leaf(member: Membership, kind: LeafKind) -> Any:
    with tenant(guild=member.guild_id):
        leaf = Leaf.objects.filter(kind=kind).order_by("-index").first()
    return None if leaf is None else decode(bytes(leaf.entry))


OF_A_JOURNAL = ["details", "narrative", "reading", "revision", "title"]
LENT = ["lent reading", "lent text", "lent title"]


@pytest.fixture
def live_world(live_cast: Cast) -> World:
    """Committed: Mira has a second dream with an earlier version, and said something to Finn's."""
    made = make_world(live_cast)
    another = dream_of(live_cast.mira, title="The house")
    mira = live_cast.mira
    with tenant(dreamer=mira.dreamer_id):
        draft = Draft("The house had gone.", date(2026, 3, 14), title="No house")
        journal.revise_dream(by=mira.dreamer, dream_id=another, draft=draft, expected_revision=1)
    with tenant(guild=mira.guild_id, dreamer=mira.dreamer_id):
        made.session.refresh_from_db()
        services.set_stage(session=made.session, by=live_cast.ayla, stage="associating")
        loans.associate(
            session=made.session, by=mira, contribution_id=made.contributions["finn"], text="A lift of mine."
        )
    return made


def test_nothing_of_an_erased_account_opens_from_yesterdays_dump(
    live_world: World, superuser: psycopg.Connection
) -> None:
    mira = live_world.cast.mira
    dump = dump_of(mira)
    assert opened(dump, superuser) == sorted([*OF_A_JOURNAL, *LENT, "reflection", "said"])

    with tenant(dreamer=mira.dreamer_id):
        certificate = erase_account(by=mira.dreamer)

    assert opened(dump, superuser) == []
    keys = superuser.execute(
        "SELECT id FROM vault.data_key WHERE dreamer_id = %s AND wrapped IS NULL", [mira.dreamer_id]
    ).fetchall()
    assert {str(key) for (key,) in keys} <= set(certificate.split())
    require_ledger_holds(mira)


def test_nothing_of_one_erased_dream_opens_and_the_others_do(
    live_world: World, superuser: psycopg.Connection
) -> None:
    mira, dream = live_world.cast.mira, live_world.dreams["mira"]
    with tenant(dreamer=mira.dreamer_id):
        kept = {row.pk for row in Dream.objects.exclude(pk=dream)}
    dump = [one for one in dump_of(mira) if one.place.row not in kept and one.what != "revision"]

    with tenant(dreamer=mira.dreamer_id):
        erase_dream(by=mira.dreamer, dream_id=dream, form_key=uuid4())
        assert {row.pk for row in Dream.objects.all()} == kept

    assert opened(dump, superuser) == ["said"]  # to Finn's dream: no word of this one
    assert opened(dump_of(mira), superuser) == sorted([*OF_A_JOURNAL, "said"])


def test_an_erased_journal_is_gone_wherever_it_was_lent_and_a_new_one_can_be_begun(
    live_world: World, superuser: psycopg.Connection
) -> None:
    mira = live_world.cast.mira
    dump = dump_of(mira)
    with tenant(dreamer=mira.dreamer_id):
        record = erase_journal(by=mira.dreamer, form_key=uuid4())
        assert Dream.objects.count() == 0
        assert record.detail == {"what": "journal", "dreams": 2, "keys": 3, "guilds": 1}
    assert opened(dump, superuser) == ["said"]
    dream_of(mira)
    assert newest_leaf(mira, LeafKind.ERASURE_DONE).detail["what"] == "journal"


def test_what_is_sealed_for_somebody_and_is_no_dream_outlives_their_journal(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A device rings on, and a secret ballot can still be changed; the key that sealed the dreams is gone."""
    mira, proposal = world.cast.mira, uuid4()
    device, kept = Browser().device("https://push.example.org"), Kept(uuid4(), "ab", "yes")
    monkeypatch.setattr(devices, "is_known_service", lambda endpoint: True)
    with tenant(dreamer=mira.dreamer_id):
        row = devices.add_device(by=mira.dreamer, device=device)
        receipts.keep(dreamer=mira.dreamer_id, proposal=proposal, kept=kept)
        erase_journal(by=mira.dreamer, form_key=uuid4())
        assert vault.is_destroyed(key_id=row.key_id)
        assert devices.opened(PushDevice.objects.get(pk=row.pk)) == device
        assert devices.add_device(by=mira.dreamer, device=device).pk == row.pk
        assert receipts.receipt_of(mira.dreamer_id, proposal) == kept


def test_an_erasure_that_is_interrupted_erases_nothing(
    live_world: World, superuser: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    mira = live_world.cast.mira
    dump, before = dump_of(mira), newest_leaf(mira, LeafKind.CONTRIBUTION_WITHDRAWN)

    def power_cut(**_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "close_account", power_cut)
        with tenant(dreamer=mira.dreamer_id), pytest.raises(KeyboardInterrupt), transaction.atomic():
            erase_account(by=mira.dreamer)

    assert opened(dump, superuser) == sorted([*OF_A_JOURNAL, *LENT, "reflection", "said"])
    assert newest_leaf(mira, LeafKind.CONTRIBUTION_WITHDRAWN) == before
    assert newest_leaf(mira, LeafKind.ERASURE_DONE) is None
    with tenant(guild=mira.guild_id):
        assert Membership.objects.get(pk=mira.pk).display_name == "Mira"


def test_two_who_erase_the_account_at_once_erase_it_once(live_world: World) -> None:
    mira, outcomes = live_world.cast.mira, []

    def erase() -> None:
        try:
            with tenant(dreamer=mira.dreamer_id):
                outcomes.append(bool(erase_account(by=mira.dreamer)))
        except AccountClosed:
            outcomes.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=erase) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [False, True]
    with tenant(guild=mira.guild_id):
        assert Leaf.objects.filter(kind=LeafKind.ERASURE_DONE).count() == 1


def until_somebody_waits_for_a_lock() -> None:
    with connection.cursor() as cursor:
        for _ in range(1_000):
            cursor.execute("SELECT count(*), pg_sleep(0.005) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("Nobody waits.")


@pytest.mark.parametrize("erase", ["journal", "account"])
def test_an_erasure_waits_for_whoever_holds_a_ledger_and_writes_for_the_account(
    live_world: World, erase: str
) -> None:
    """A lending or a blend holds the ledger first and touches the account then: neither must block the
    other.
    """
    mira, outcomes = live_world.cast.mira, []

    def erased() -> None:
        try:
            with tenant(dreamer=mira.dreamer_id):
                if erase == "journal":
                    erase_journal(by=mira.dreamer, form_key=uuid4())
                else:
                    erase_account(by=mira.dreamer)
            outcomes.append("erased")
        finally:
            connection.close()

    thread = threading.Thread(target=erased)
    with ledger.held(guild=mira.guild_id, dreamer=mira.dreamer_id):
        thread.start()
        until_somebody_waits_for_a_lock()
        keep_open(mira.dreamer_id)
        outcomes.append("written")
    thread.join()
    assert outcomes == ["written", "erased"]


def test_a_dream_written_while_the_journal_is_erased_is_no_row_without_a_key(
    live_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mira, written, go = live_world.cast.mira, threading.Event(), threading.Event()

    def write() -> None:
        try:
            with tenant(dreamer=mira.dreamer_id):
                journal.write_dream(by=mira.dreamer, draft=Draft("A late lamp.", date(2026, 1, 1)))
                written.set()
                go.wait(0.5)
        finally:
            connection.close()

    thread, real = threading.Thread(target=write), vault.destroy_personal_keys

    def meanwhile(*, dreamer: UUID) -> list[UUID]:
        go.set()
        thread.join()
        return real(dreamer=dreamer)

    monkeypatch.setattr(vault, "destroy_personal_keys", meanwhile)
    thread.start()
    written.wait()
    with tenant(dreamer=mira.dreamer_id):
        erase_journal(by=mira.dreamer, form_key=uuid4())
        assert [vault.is_destroyed(key_id=dream.key_id) for dream in Dream.objects.all()] == []


def test_a_dream_that_was_on_its_way_does_not_come_into_a_closed_account(live_world: World) -> None:
    mira = live_world.cast.mira
    with tenant(dreamer=mira.dreamer_id):
        erase_account(by=mira.dreamer)
    night = timezone.now().date() - timedelta(days=3)
    for late in (
        partial(journal.write_dream, draft=Draft("Late.", date(2026, 1, 1))),
        partial(journal.stage_import, data=b"2025-05-03\nThe sea."),
        partial(rights.stage_archive, data=pack([], made_at=timezone.now(), about={})[0]),
        partial(diary.write_night, night=night, written=Written(quality=3)),
    ):
        with tenant(dreamer=mira.dreamer_id), pytest.raises(AccountClosed), transaction.atomic():
            late(by=mira.dreamer)


def test_a_dream_that_is_erased_while_it_is_being_lent_is_not_lent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mira, dream = world.cast.mira, dream_of(world.cast.mira)
    real = loans._reading_of

    def overtaken(*args: Any) -> Any:
        erase_dream(by=mira.dreamer, dream_id=dream, form_key=uuid4())
        return real(*args)

    monkeypatch.setattr(loans, "_reading_of", overtaken)
    with tenant(guild=mira.guild_id, dreamer=mira.dreamer_id), pytest.raises(Http404):
        loans.share(
            session=world.session,
            by=mira,
            dream_id=dream,
            passage=Passage(Extent.WHOLE),
            terms=LoanTerms({}, 0.0, None),
        )


@pytest.mark.parametrize("extent", ["dream", "journal", "account"])
def test_what_is_lent_while_an_erasure_waits_for_the_ledger_is_taken_back_too(
    world: World, monkeypatch: pytest.MonkeyPatch, extent: str
) -> None:
    """A lending that was first holds the ledger until it is done; the erasure then sees what it lent."""
    mira, dream, lent = world.cast.mira, dream_of(world.cast.mira), []
    with tenant(guild=mira.guild_id, dreamer=mira.dreamer_id):
        services.set_stage(session=world.session, by=world.cast.ayla, stage="sharing")
    real = ledger.hold

    def waited(*, guild: UUID) -> None:
        if not lent:
            lent.append(None)
            lent[0] = lend_whole(mira, world.session, dream)
        real(guild=guild)

    monkeypatch.setattr(rights.ledger, "hold", waited)
    with tenant(dreamer=mira.dreamer_id):
        if extent == "dream":
            erase_dream(by=mira.dreamer, dream_id=dream, form_key=uuid4())
        elif extent == "journal":
            erase_journal(by=mira.dreamer, form_key=uuid4())
        else:
            erase_account(by=mira.dreamer)
    with tenant(guild=mira.guild_id, dreamer=mira.dreamer_id):
        row = Contribution.objects.get(pk=lent[0])
        assert (row.state, vault.is_destroyed(key_id=row.key_id)) == (ContributionState.WITHDRAWN, True)


def test_the_certificate_proves_the_leaf_of_each_guild(world: World) -> None:
    mira = world.cast.mira
    with tenant(dreamer=mira.dreamer_id):
        key = Contribution.objects.get(pk=world.contributions["mira"]).key_id
        text = erase_dream(by=mira.dreamer, dream_id=world.dreams["mira"], form_key=uuid4()).certificate

    _, entry, proof, vkey, _ = re.split(r"-----[A-Z]+-----\n", text)
    assert vkey == signing.log_signer(mira.guild_id).verifier.vkey + "\n"
    verify_proof(proof.encode(), entry=entry.rstrip().encode(), verifiers=[Verifier.from_vkey(vkey)])
    said = json.loads(entry)
    assert (said["kind"], said["actor"]) == ("erasure.done", str(mira.pseudonym))
    assert said["detail"] == {"what": "dream", "keys": 1, "digest": digest_of([key])}
    assert DREAMS["mira"] not in text
    assert "http" not in text


def test_an_erased_person_is_a_pseudonym_that_leads_to_nobody(world: World) -> None:
    mira = world.cast.mira
    with tenant(dreamer=mira.dreamer_id):
        erase_account(by=mira.dreamer)

    left = Dreamer.objects.get(pk=mira.dreamer_id)
    assert (left.name, left.is_active, left.has_usable_password()) == ("", False, False)
    assert left.email.endswith("@erased.invalid")
    assert not left.emailaddress_set.exists()
    with tenant(guild=mira.guild_id, dreamer=mira.dreamer_id):
        member = Membership.objects.get(pk=mira.pk)
        assert (member.display_name, member.is_live) == (FORMER, False)
        for model in (Participation, Association, Reflection, RightsRecord):
            assert not model.objects.filter(dreamer_id=mira.dreamer_id).exists()
        assert bytes(Contribution.objects.get(pk=world.contributions["mira"]).text_sealed) == b""
        assert BlendRun.objects.get(pk=world.run).state == RunState.SUPERSEDED
    require_ledger_holds(mira)
    assert newest_leaf(mira, LeafKind.MEMBERSHIP_ENDED).actor == mira.pseudonym


def test_somebody_in_no_guild_leaves_nothing_at_all(db: None) -> None:
    dreamer = account("Noor")
    with tenant(dreamer=dreamer.pk):
        journal.write_dream(by=dreamer, draft=Draft("A lamp.", date(2026, 1, 1)))
        assert "No guild held anything of it" in erase_account(by=dreamer)
    assert not Dreamer.objects.filter(pk=dreamer.pk).exists()


def test_every_sign_in_of_an_erased_account_ends(world: World, client_of: Callable[..., Client]) -> None:
    mira, finn = world.cast.mira, world.cast.finn
    phone, desk, other = client_of(mira), client_of(mira), client_of(finn)
    with tenant(dreamer=mira.dreamer_id):
        erase_account(by=mira.dreamer)

    assert [client.get("/").status_code for client in (phone, desk, other)] == [302, 302, 200]
    assert {row.get_decoded()[SESSION_KEY] for row in Signin.objects.all()} == {str(finn.dreamer_id)}


def test_the_last_steward_is_told_what_to_do_first(world: World) -> None:
    ayla = world.cast.ayla
    with tenant(dreamer=ayla.dreamer_id), pytest.raises(LastSteward, match="The Lantern Guild"):
        erase_account(by=ayla.dreamer)

    with tenant(guild=ayla.guild_id, dreamer=ayla.dreamer_id):
        offices.appoint(by=ayla, member=world.cast.finn, office=Office.STEWARD)
    with tenant(dreamer=ayla.dreamer_id):
        erase_account(by=ayla.dreamer)


def test_the_only_member_of_a_guild_may_go(cast: Cast) -> None:
    with tenant(dreamer=cast.zed.dreamer_id):
        erase_account(by=cast.zed.dreamer)
    with tenant(guild=cast.harbour.pk):
        assert [member.display_name for member in Membership.objects.all()] == [FORMER]


def test_the_same_form_sent_twice_gives_the_same_certificate(world: World) -> None:
    mira, form = world.cast.mira, uuid4()
    with tenant(dreamer=mira.dreamer_id):
        first = erase_dream(by=mira.dreamer, dream_id=world.dreams["mira"], form_key=form)
        again = erase_dream(by=mira.dreamer, dream_id=world.dreams["mira"], form_key=form)
        assert (first.pk, first.certificate) == (again.pk, again.certificate)
        with pytest.raises(Http404):
            erase_dream(by=mira.dreamer, dream_id=world.dreams["mira"], form_key=uuid4())


def test_nobody_erases_anybody_elses_dream(world: World) -> None:
    for other in (world.cast.finn, world.cast.ezra, world.cast.zed):
        with tenant(dreamer=other.dreamer_id), pytest.raises(Http404):
            erase_dream(by=other.dreamer, dream_id=world.dreams["mira"], form_key=uuid4())
    with tenant(dreamer=world.cast.mira.dreamer_id):
        assert Dream.objects.filter(pk=world.dreams["mira"]).exists()


def test_what_was_lent_to_a_guild_that_i_left_is_erased_too(world: World) -> None:
    mira = world.cast.mira
    with tenant(guild=mira.guild_id, dreamer=mira.dreamer_id):
        offices.leave(by=mira)
    with tenant(dreamer=mira.dreamer_id):
        erase_account(by=mira.dreamer)
    with tenant(guild=mira.guild_id):
        assert Membership.objects.get(pk=mira.pk).display_name == FORMER
    assert (
        newest_leaf(mira, LeafKind.ERASURE_DONE).detail["keys"] == 2
    )  # of the dream, and of what she reported
