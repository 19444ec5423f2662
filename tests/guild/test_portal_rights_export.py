"""Everything about me, in one archive: whole, of one moment, mine alone, and proved."""

import io
import json
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from governance.consent import services as consent
from governance.ledger import signing, tree
from governance.ledger.enums import LeafKind
from governance.ledger.leaves import decode
from governance.ledger.models import Leaf
from governance.ledger.note import Verifier
from governance.ledger.proof_files import verify_proof
from governance.ledger.verification import verify_inclusion
from guild.journal import portable
from guild.journal import selectors as journal
from guild.journal.services import revise_dream
from guild.portal.rights import services
from guild.portal.rights.archive import Unpacked
from guild.portal.rights.enums import Right
from guild.portal.rights.errors import TooOften
from guild.portal.rights.models import RightsRecord
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from lounges.sessions import hearing
from tests.cast import Cast, account
from tests.isolation.world import DREAMS, World, make_world
from tests.lounges.sessions_stage import dream_of


@pytest.fixture
def world(cast: Cast) -> World:
    """Mira's dream is lent, heard and blended; Finn has said something to it."""
    made = make_world(cast)
    with tenant(guild=cast.lantern.pk, dreamer=cast.finn.dreamer_id):
        hearing.transcript_for(cast.finn, made.session)
    return made


def export(member: Membership) -> Unpacked:
    with tenant(dreamer=member.dreamer_id):
        return Unpacked(services.export_everything(by=member.dreamer).data)


def lines(archive: Unpacked, name: str) -> list[Any]:
    return [value for _, value in archive.lines(name)]


def test_the_archive_holds_a_file_for_everything_and_a_manifest_of_digests(world: World) -> None:
    archive = export(world.cast.mira)

    names = {name for name in archive.files if "/ledger/" not in name and "/receipts/" not in name}
    assert names == {
        "README.txt",
        "account.json",
        "calendar.jsonl",
        "consents/notices-shown.jsonl",
        "devices.jsonl",
        "diary/nights.jsonl",
        "diary/pauses.jsonl",
        "guilds/lantern/colonies/belonging.jsonl",
        "guilds/lantern/colonies/comparisons.jsonl",
        "guilds/lantern/colonies/nights.jsonl",
        "guilds/lantern/colonies/reminders.jsonl",
        "guilds/lantern/colonies/words.jsonl",
        "guilds/lantern/colonies/rituals.jsonl",
        "guilds/lantern/consents/dreams.jsonl",
        "guilds/lantern/consents/restrictions.jsonl",
        "guilds/lantern/consents/statements.jsonl",
        "guilds/lantern/deliberations.jsonl",
        "guilds/lantern/lent.jsonl",
        "guilds/lantern/membership.json",
        "guilds/lantern/notices.jsonl",
        "guilds/lantern/reflections.jsonl",
        "guilds/lantern/reports.jsonl",
        "guilds/lantern/rulings.jsonl",
        "guilds/lantern/said.jsonl",
        "guilds/lantern/sessions.jsonl",
        "guilds/lantern/uses.jsonl",
        "journal/dreams.jsonl",
        "notices/choices.json",
        "notices/told.jsonl",
        "rights/used.jsonl",
    }
    manifest = archive.manifest
    assert (manifest["format"], manifest["version"]) == ("dreamscape-guild-archive", 1)
    assert manifest["account"] == str(world.cast.mira.dreamer_id)


def test_the_archive_says_what_is_mine_and_nothing_of_others(world: World) -> None:
    mira = world.cast.mira
    archive = export(mira)

    assert archive.json("account.json")["addresses"] == [
        {"address": "mira@example.org", "verified": True, "primary": True}
    ]
    (membership,) = archive.json("guilds/lantern/membership.json")
    assert (membership["display_name"], membership["offices"]) == ("Mira", ["dreamer"])
    (dream,) = lines(archive, "journal/dreams.jsonl")
    (lent,) = lines(archive, "guilds/lantern/lent.jsonl")
    assert dream["narrative"] == lent["text"] == DREAMS["mira"]
    assert (lent["contribution"], lent["state"]) == (str(world.contributions["mira"]), "lent")
    (reflection,) = lines(archive, "guilds/lantern/reflections.jsonl")
    assert [part["voice"] for part in reflection["dreams"]] == [str(world.contributions["mira"])]
    stated = {
        (line["purpose"], line["state"])
        for line in lines(archive, "guilds/lantern/consents/statements.jsonl")
    }
    assert ("share_in_session", "given") in stated
    assert ("blend", "given") in stated
    uses = lines(archive, "guilds/lantern/uses.jsonl")
    assert [(use["purpose"], use["count"]) for use in uses] == [("blend", 3), ("share_in_session", 3)]

    with zipfile.ZipFile(io.BytesIO(pack_of(mira))) as raw:
        everything = b"".join(raw.read(name) for name in raw.namelist()).decode()
    assert "A key I never found." not in everything  # Finn's words, to Mira's dream
    assert "finn@example.org" not in everything


def pack_of(member: Membership) -> bytes:
    with tenant(dreamer=member.dreamer_id):
        return services.export_everything(by=member.dreamer).data


def test_what_i_said_is_among_it(world: World) -> None:
    (said,) = lines(export(world.cast.finn), "guilds/lantern/said.jsonl")
    assert (said["text"], said["contribution"]) == ("A key I never found.", str(world.contributions["mira"]))


def test_every_use_is_proved_by_the_log_and_by_its_own_path(world: World) -> None:
    archive = export(world.cast.mira)
    vkey = archive.text("guilds/lantern/ledger/log.vkey")
    assert vkey == signing.log_signer(world.cast.lantern.pk).verifier.vkey

    for use in lines(archive, "guilds/lantern/uses.jsonl"):
        name = f"guilds/lantern/ledger/{use['leaf_index']}"
        entry = archive.text(f"{name}.json").encode()
        proof = archive.text(f"{name}.tlog-proof").encode()
        verify_proof(proof, entry=entry, verifiers=[Verifier.from_vkey(vkey)])
        assert json.loads(entry)["subjects"] == [use["root"]]
        verify_inclusion(
            leaf=tree.leaf_hash(bytes.fromhex(use["commitment"])),
            index=use["position"],
            size=use["count"],
            proof=[bytes.fromhex(node) for node in use["path"]],
            root=bytes.fromhex(use["root"]),
        )


def test_every_statement_has_its_receipt_and_the_proof_of_its_leaf(world: World) -> None:
    archive = export(world.cast.mira)
    statements = lines(archive, "guilds/lantern/consents/statements.jsonl")
    assert len(statements) >= 2
    for statement in statements:
        receipt = archive.json(f"guilds/lantern/consents/receipts/{statement['statement']}.jsonld")
        assert receipt["pii_principal_id"] == str(world.cast.mira.pseudonym)
        assert f"guilds/lantern/ledger/{statement['leaf_index']}.tlog-proof" in archive.files


def test_an_export_stands_in_the_guilds_ledger_and_in_my_own_record(world: World) -> None:
    mira = world.cast.mira
    with tenant(dreamer=mira.dreamer_id):
        made = services.export_everything(by=mira.dreamer)
        (record,) = RightsRecord.objects.filter(right=Right.EXPORT)
        assert record.detail["files"] == made.files
    with tenant(guild=mira.guild_id):
        leaf = Leaf.objects.order_by("-index").first()
    entry = decode(bytes(leaf.entry))
    assert (entry.kind, entry.actor) == (LeafKind.EXPORT_MADE, mira.pseudonym)
    assert entry.detail["what"] == "everything"


def test_a_guild_that_i_left_is_in_it_too(world: World) -> None:
    mira = world.cast.mira
    with tenant(guild=mira.guild_id, dreamer=mira.dreamer_id):
        Membership.objects.filter(pk=mira.pk).update(ended_at=timezone.now())
    assert [line["text"] for line in lines(export(mira), "guilds/lantern/lent.jsonl")] == [DREAMS["mira"]]


def test_somebody_in_no_guild_gets_everything_too(db: None) -> None:
    dreamer = account("Noor")
    with tenant(dreamer=dreamer.pk):
        archive = Unpacked(services.export_everything(by=dreamer).data)
    assert [name for name in archive.files if name.startswith("guilds/")] == []
    assert archive.json("account.json")["settings"]["name"] == "Noor"


def test_a_sixth_export_within_the_hour_is_refused_with_when_to_come_back(cast: Cast) -> None:
    for _ in range(services.MOST_EXPORTS):
        export(cast.mira)
    with pytest.raises(TooOften, match=r"come back after \d\d:\d\d UTC"):
        export(cast.mira)
    with tenant(dreamer=cast.mira.dreamer_id):
        RightsRecord.objects.update(at=timezone.now() - timedelta(hours=1, seconds=1))
    export(cast.mira)


def test_a_withdrawn_dream_is_in_it_without_its_words(world: World) -> None:
    consent.withdraw(by=world.cast.mira.dreamer_id, contribution=world.contributions["mira"])
    archive = export(world.cast.mira)
    (lent,) = lines(archive, "guilds/lantern/lent.jsonl")
    assert (lent["state"], lent["text"]) == ("withdrawn", None)
    (reflection,) = lines(archive, "guilds/lantern/reflections.jsonl")
    assert (reflection["state"], reflection["dreams"]) == ("superseded", None)


def test_a_change_that_is_made_meanwhile_comes_after_the_whole(
    live_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A revision in another window waits: the archive has the dream before it, with all its history."""
    mira, written = live_cast.mira, write_two(live_cast.mira)
    real: Callable[..., Any] = portable._line
    other = threading.Thread(target=revise, args=(mira, written[0]))

    def overtaken(*args: Any, **options: Any) -> Any:
        if not other.is_alive() and other.ident is None:
            other.start()
            other.join(timeout=0.3)
        return real(*args, **options)

    monkeypatch.setattr(portable, "_line", overtaken)
    archive = export(mira)
    other.join()

    assert [(dream["title"], dream["revision"]) for dream in lines(archive, "journal/dreams.jsonl")] == [
        ("Dream 0", 1),
        ("Dream 1", 1),
    ]
    with tenant(dreamer=mira.dreamer_id):
        assert journal.dream_for(mira.dreamer_id, written[0]).title == "Changed"


def write_two(member: Membership) -> list[UUID]:
    return [dream_of(member, title=f"Dream {number}") for number in range(2)]


def revise(member: Membership, dream: UUID) -> None:
    try:
        with tenant(dreamer=member.dreamer_id):
            now = journal.dream_for(member.dreamer_id, dream)
            draft = replace(now.draft, title="Changed")
            revise_dream(by=member.dreamer, dream_id=dream, draft=draft, expected_revision=1)
    finally:
        connection.close()
