"""An archive comes into another account: dreams with their history, settings if wanted, and no consent."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colonies.diary import bringing as diary
from colonies.diary.models import StagedNights
from colonies.diary.table import as_csv
from governance.consent.models import Statement, Subject, UseSubject
from guild.dreamers.models import Dreamer
from guild.journal import services as journal
from guild.journal.bringing import bring_dreams
from guild.journal.checking import problems_of
from guild.journal.models import StagedImport
from guild.journal.portable import Carried, Earlier, lines_of
from guild.journal.records import Draft, Ratings
from guild.portal import staged
from guild.portal.rights import archive as archives
from guild.portal.rights import services
from guild.portal.rights.archive import ArchiveRefused, Part, Unpacked, lines, pack
from guild.portal.rights.bringing import History
from guild.portal.rights.errors import ArchiveGone
from guild.portal.rights.models import RightsRecord, StagedArchive
from guild.portal.rights.selectors import staged_archive_for
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.colonies.test_diary_bringing import nights
from tests.guild.journal_pages import write
from tests.guild.test_journal_exporting import drafts
from tests.isolation.world import make_world

NOW = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
past = st.builds(
    lambda draft, night: replace(draft, dreamed_on=night),
    drafts,
    st.dates(date(2000, 1, 1), date(2025, 1, 1)),
).filter(lambda draft: not problems_of(draft, latest_night=NOW.date()))
carried = st.builds(
    Carried,
    past,
    moments,
    st.none() | moments,
    st.lists(st.builds(Earlier, moments, past), max_size=2).map(tuple),
)


def archive_of(member: Membership) -> bytes:
    with tenant(dreamer=member.dreamer_id):
        return services.export_everything(by=member.dreamer).data


def stage(member: Membership, data: bytes) -> UUID:
    with tenant(dreamer=member.dreamer_id):
        return services.stage_archive(by=member.dreamer, data=data)


def bring(member: Membership, data: bytes, *, with_settings: bool = False) -> int:
    staged = stage(member, data)
    with tenant(dreamer=member.dreamer_id):
        return services.bring_archive(by=member.dreamer, staged_id=staged, with_settings=with_settings)


def journal_of(member: Membership) -> list[dict[str, Any]]:
    """What can be carried, as an archive has it: everything but the ids."""
    with tenant(dreamer=member.dreamer_id):
        return sorted(({**line, "id": None} for line in lines_of(member.dreamer_id)), key=json.dumps)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dreams=st.lists(carried, max_size=4))
def test_exported_imported_and_exported_again_it_is_the_same(cast: Cast, dreams: list[Carried]) -> None:
    with undone():
        with tenant(dreamer=cast.mira.dreamer_id):
            written = bring_dreams(by=cast.mira.dreamer, carried=dreams)

        assert bring(cast.zed, archive_of(cast.mira)) == written

        assert journal_of(cast.zed) == journal_of(cast.mira)


names = st.sampled_from(["a.jsonl", "a/b.jsonl", "a/c.txt", "é.txt", "d/e/f.json", "README.txt"])


@given(files=st.dictionaries(names, st.binary(max_size=400), max_size=5))
def test_what_was_packed_is_unpacked(files: dict[str, bytes]) -> None:
    parts = [Part(name, f"what {name} is", [content[:100], content[100:]]) for name, content in files.items()]

    data, listed = pack(parts, made_at=NOW, about={})

    unpacked = Unpacked(data)
    assert list(unpacked.files.values()) == listed
    with zipfile.ZipFile(io.BytesIO(data)) as raw:
        assert {name: raw.read(name) for name in files} == files


def test_settings_come_along_when_they_are_asked_for(cast: Cast) -> None:
    Dreamer.objects.filter(pk=cast.mira.dreamer_id).update(time_zone="Asia/Tokyo", night_turnover_hour=12)
    write(cast.mira)
    data = archive_of(cast.mira)

    assert bring(cast.zed, data) == 1
    assert settings_of(cast.zed) == ("Zed", "UTC", 18, "system")
    assert bring(cast.zed, data, with_settings=True) == 0
    assert settings_of(cast.zed) == ("Mira", "Asia/Tokyo", 12, "system")


def settings_of(member: Membership) -> tuple[Any, ...]:
    fields = ("name", "time_zone", "night_turnover_hour", "theme")
    return Dreamer.objects.values_list(*fields).get(pk=member.dreamer_id)


def test_consents_and_uses_are_shown_and_never_revived(cast: Cast) -> None:
    world = make_world(cast)
    data = archive_of(world.cast.mira)
    with tenant(guild=cast.harbour.pk, dreamer=cast.zed.dreamer_id):
        staged = services.stage_archive(by=cast.zed.dreamer, data=data)
        _, plan = staged_archive_for(cast.zed.dreamer, staged)
        (history,) = plan.history
        assert (history.guild, history.lent, history.uses) == ("The Lantern Guild", 1, 1)
        assert history.given <= history.statements
        services.bring_archive(by=cast.zed.dreamer, staged_id=staged, with_settings=True)
        for model in (Statement, Subject, UseSubject):
            assert model.objects.count() == 0
    assert isinstance(history, History)


def test_every_line_that_is_not_taken_is_refused_with_its_reason(cast: Cast) -> None:
    write(cast.zed, "I have this already.", dreamed_on=date(2025, 1, 1))
    good = carried_line("The sea came up the lane.")
    bad: list[Any] = [
        good,
        carried_line("I have this already."),
        {**carried_line("Later."), "dreamed_on": "2999-01-01"},
        {**carried_line("Off the scale."), "lucidity": 9},
        {**carried_line("No scale."), "lucidity": "much"},
        {**carried_line("From the future."), "recorded_at": "2999-01-01T00:00:00+00:00"},
        {**carried_line("Other feelings."), "emotions": {"envy": 3}},
        {name: value for name, value in good.items() if name != "narrative"},
        ["not", "a", "dream"],
    ]
    data, _ = pack([Part("journal/dreams.jsonl", "dreams", list(lines(bad)))], made_at=NOW, about={})
    staged = stage(cast.zed, data)
    with tenant(dreamer=cast.zed.dreamer_id):
        _, plan = staged_archive_for(cast.zed.dreamer, staged)

    assert [(dream.line, dream.opening) for dream in plan.dreams] == [(1, "The sea came up the lane.")]
    assert [(refusal.line, refusal.reason.split(":")[0]) for refusal in plan.refused] == [
        (2, "This dream is already in your journal."),
        (3, "The night of 1 January 2999 has not begun yet"),
        (4, "Lucidity is a whole number from 0 to 4; this was 9."),
        (5, "The value of lucidity is not a whole number."),
        (6, "The moment recorded_at lies in the future, or has no time zone."),
        (7, "The emotions are not as this house writes them."),
        (8, "There is no narrative, or it is not text."),
        (9, "This line is not a JSON object."),
    ]


def carried_line(narrative: str) -> dict[str, Any]:
    return {
        "recorded_at": "2025-01-01T06:00:00+00:00",
        "revised_at": None,
        "dreamed_on": "2025-01-01",
        "title": "",
        "narrative": narrative,
        "kind": "dream",
        "emotions": {"anger": 1},
        "lucidity": None,
        "vividness": None,
        "recall": None,
        "tags": [],
        "people": [],
        "places": [],
        "earlier": [],
    }


def rewritten(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same archive with one file changed, and its manifest as it was."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, change(content) if entry == name else content)
    return packed.getvalue()


def test_an_archive_that_was_changed_is_refused_whole(cast: Cast) -> None:
    write(cast.mira)
    data = archive_of(cast.mira)
    manifest, dreams = "manifest.json", "journal/dreams.jsonl"
    damaged = [
        (rewritten(data, dreams, lambda text: text.replace(b"sea", b"see")), "damaged"),
        (rewritten(data, manifest, lambda text: text.replace(b'"version": 1', b'"version": 2')), "version 2"),
        (rewritten(data, manifest, lambda text: b"[]"), "damaged"),
        (rewritten(data, manifest, lambda text: text.replace(b"made_at", b"made")), "when it was made"),
        (data[: len(data) // 2], "damaged"),
        (data[:400] + b"\x00" * 40 + data[440:], "damaged"),
        (b"", "not an archive"),
        (b'{"dreamed_on": "2025-01-01"}', "not an archive"),
    ]
    for altered, sentence in damaged:
        with pytest.raises(ArchiveRefused, match=sentence):
            stage(cast.zed, altered)
    with tenant(dreamer=cast.zed.dreamer_id):
        assert StagedArchive.objects.count() == 0


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_this_house_never_packed_is_not_unpacked(method: int) -> None:
    """One byte of an archive says how a file in it is packed; other unpackers raise other errors."""
    data, _ = pack([Part("journal/dreams.jsonl", "dreams", [b"{}"])], made_at=NOW, about={})
    entry = data.index(b"PK\x01\x02") + 10
    with pytest.raises(ArchiveRefused, match="damaged"):
        Unpacked(data[:entry] + bytes([method]) + data[entry + 1 :])


def test_a_bomb_is_not_unpacked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_UNPACKED", 100_000)
    data, _ = pack([Part("journal/dreams.jsonl", "nothing", [bytes(200_000)])], made_at=NOW, about={})
    assert len(data) < 2_000
    with pytest.raises(ArchiveRefused, match="unpacks to more than"):
        stage(cast.zed, data)


def test_brought_in_twice_adds_once_and_thrown_away_adds_nothing(cast: Cast) -> None:
    write(cast.mira)
    staged = stage(cast.zed, archive_of(cast.mira))
    with tenant(dreamer=cast.zed.dreamer_id):
        bring_it = {"by": cast.zed.dreamer, "staged_id": staged, "with_settings": False}
        assert services.bring_archive(**bring_it) == 1
        with pytest.raises(ArchiveGone):
            services.bring_archive(**bring_it)
        services.discard_archive(by=cast.zed.dreamer, staged_id=staged)
        assert RightsRecord.objects.filter(right="import").count() == 1


def test_somebody_elses_staged_archive_is_gone_for_me(cast: Cast) -> None:
    write(cast.mira)
    staged = stage(cast.mira, archive_of(cast.mira))
    with tenant(dreamer=cast.zed.dreamer_id):
        for missing in (staged, uuid4()):
            with pytest.raises(ArchiveGone):
                services.bring_archive(by=cast.zed.dreamer, staged_id=missing, with_settings=True)
        services.discard_archive(by=cast.zed.dreamer, staged_id=staged)
    with tenant(dreamer=cast.mira.dreamer_id):
        assert StagedArchive.objects.count() == 1


def test_a_staged_archive_is_sealed_and_gone_after_a_day(cast: Cast) -> None:
    write(cast.mira, "A phrase of mine.", title="Quicksilver")
    data = archive_of(cast.mira)
    staged = stage(cast.zed, data)
    with tenant(dreamer=cast.zed.dreamer_id):
        kept = bytes(StagedArchive.objects.get(pk=staged).archive_sealed)
        assert data[:40] not in kept
        StagedArchive.objects.update(staged_at=timezone.now() - timedelta(days=1, seconds=1))
        with pytest.raises(ArchiveGone):
            staged_archive_for(cast.zed.dreamer, staged)
    stage(cast.zed, data)
    with tenant(dreamer=cast.zed.dreamer_id):
        assert not StagedArchive.objects.filter(pk=staged).exists()


def test_what_nobody_said_yes_to_is_removed_though_its_owner_never_comes_back(cast: Cast) -> None:
    write(cast.mira)
    data = archive_of(cast.mira)
    old = stage(cast.zed, data)
    with tenant(dreamer=cast.zed.dreamer_id):
        journal.stage_import(by=cast.zed.dreamer, data=b"2025-05-03\nThe sea.")
        diary.stage(by=cast.zed.dreamer, data=as_csv(nights(3)).encode(), now=NOW)
        for model in (StagedArchive, StagedImport, StagedNights):
            assert model.objects.update(staged_at=timezone.now() - timedelta(days=1)) == 1
    new = stage(cast.ayla, data)
    assert (staged.forget_expired(), staged.forget_expired()) == (3, 0)
    with tenant(dreamer=cast.ayla.dreamer_id):
        staged_archive_for(cast.ayla.dreamer, new)
    with tenant(dreamer=cast.zed.dreamer_id):
        assert not StagedArchive.objects.filter(pk=old).exists()


def test_ratings_that_were_not_given_stay_not_given(cast: Cast) -> None:
    with tenant(dreamer=cast.mira.dreamer_id):
        draft = Draft(narrative="A lamp.", dreamed_on=date(2025, 1, 1), ratings=Ratings(anger=0))
        bring_dreams(by=cast.mira.dreamer, carried=[Carried(draft, NOW - timedelta(days=300))])
    bring(cast.zed, archive_of(cast.mira))
    assert [line["emotions"] for line in journal_of(cast.zed)] == [{"anger": 0}]
