"""A session of ten real dreams of ten people, from the journal to the dreamscape: the guarantees hold.

The dreams are read in place; no message of this test prints any of their words.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest

from guild.journal.records import Draft
from guild.journal.selectors import dream_for
from guild.journal.services import write_dream
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from lounges.dreamscapes import selectors
from lounges.dreamscapes.enums import RunState
from lounges.dreamscapes.models import BlendRun
from tests.cast import Cast, join
from tests.conftest import SharedData
from tests.lounges import dreamscapes_circle as circles

pytestmark = pytest.mark.real_dreams

DREAMERS = 10
DREAMS_EACH = 3
UNQUOTED = 4


@dataclass(frozen=True)
class Gathering:
    """The finished run of ten dreamers, and what each of them lent."""

    run: BlendRun
    members: tuple[Membership, ...]
    lent: Mapping[UUID, str]
    quiet: frozenset[UUID]


def series_of(shared_data: SharedData) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    with shared_data.dreams.open() as lines:
        for line in lines:
            dream = json.loads(line)
            if 80 <= len(dream["narrative"].split()) <= 400:
                found.setdefault(dream["dreamer"], []).append(dream)
    return {name: dreams for name, dreams in found.items() if len(dreams) >= DREAMS_EACH}


@pytest.fixture
def gathering(cast: Cast, shared_data: SharedData) -> Gathering:
    """Everyone writes three dreams and lends the last, deep; four of the ten let no word be shown."""
    series = list(series_of(shared_data).values())[:DREAMERS]
    assert len(series) == DREAMERS
    more = [join(cast.lantern, f"Dreamer {number}") for number in range(6, DREAMERS + 1)]
    members = (*cast.members, *more)
    session = circles.open_session(cast.ayla, members)
    circles.set_stage(session, cast.ayla, "sharing")
    lent, quiet = {}, set()
    for place, (member, dreams) in enumerate(zip(members, series, strict=True)):
        for dream in dreams[1:DREAMS_EACH]:
            remember(member, dream)
        contribution = circles.lend(
            session, member, dreams[0]["narrative"], depth=0.9, quote=place >= UNQUOTED
        )
        lent[contribution] = dreams[0]["narrative"]
        if place < UNQUOTED:
            quiet.add(contribution)
    circles.set_stage(session, cast.ayla, "associating", "blending")
    run = circles.blend(circles.Circle(session, cast.ayla, {}))
    return Gathering(run, members, lent, frozenset(quiet))


def remember(member: Membership, dream: Mapping[str, str]) -> None:
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        draft = Draft(narrative=dream["narrative"], dreamed_on=date(2026, 10, 1))
        written = write_dream(by=member.dreamer, draft=draft)
        assert dream_for(member.dreamer_id, written).id == written


def test_ten_real_dreams_keep_their_floors_and_their_silence(gathering: Gathering) -> None:
    run, lent = gathering.run, {str(key): text for key, text in gathering.lent.items()}
    assert (run.state, run.failure) == (RunState.FINISHED, "")
    with tenant(guild=run.guild_id, dreamer=gathering.members[0].dreamer_id):
        document = selectors.open_dreamscape(run).document
    rows = document["report"]["voices"]
    assert {row["voice"] for row in rows} == set(lent)
    assert min(row["retention"] for row in rows) >= 0.6
    assert all(row["given"] <= row["asked"] for row in rows)
    assert max(row["influence"] for row in rows) <= document["report"]["influence_cap"]
    quotes = [quote for paragraph in document["weave"] for quote in paragraph]
    quotes += [quote for motif in document["motifs"] for quote in motif["quotes"]]
    quotes += [moment for moment in document["constellation"]["moments"] if moment["text"]]
    speakers = {quote["voice"] for quote in quotes}
    assert speakers == set(lent) - {str(key) for key in gathering.quiet}
    foreign = [
        quote["voice"]
        for quote in quotes
        if " ".join(quote["text"].removesuffix("…").split()) not in " ".join(lent[quote["voice"]].split())
    ]
    assert foreign == []


def test_reflections_of_real_dreams_hold_words_of_those_who_allowed_it(gathering: Gathering) -> None:
    run, quiet = gathering.run, {str(key) for key in gathering.quiet}
    for member in gathering.members:
        with tenant(guild=run.guild_id, dreamer=member.dreamer_id):
            (part,) = selectors.reflection_for(member, run.pk).parts
        heard = [echo["voice"] for moment in part["moments"] for echo in moment["resonates"]]
        assert quiet.isdisjoint(heard)
        assert part["voice"] not in heard
        given = part["report"]["given"]
        assert len(heard) <= given * (len(heard) + len(part["moments"])) + 1e-9
