"""How a guild comes by another law: once a vote, with its leaf, and everything that follows."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from governance.ledger import leaves
from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from governance.policies import enacting, entities
from governance.policies.drafts import Draft, DraftRefused, read
from governance.policies.enacting import enact
from governance.policies.enums import Action, Because
from governance.policies.errors import Denied
from governance.policies.law import Forbid, law_of
from governance.policies.models import PolicySet
from governance.policies.services import authorize, policy_set
from governance.policies.told import text_told, told, values_told
from guild.tenancy.context import tenant
from guild.tenancy.models import Guild, Membership
from tests.cast import Cast

NO_NIGHTS = 'forbid (principal, action == Action::"OpenSession", resource);'
ID = "3f2c8a52-7f3d-4c34-9d0b-1f6d0c2a9e11"
DOCUMENT = {
    "values": {
        "individuality_floor": "0.70",
        "clock": "America/Argentina/Buenos_Aires",
        "exchange_partners": f"{ID} {uuid4()}",
        "retention_days": "30",
    },
    "forbids": [{"name": "no-nights", "text": NO_NIGHTS}],
}


def inside(member: Membership) -> Any:
    return tenant(guild=member.guild_id, dreamer=member.dreamer_id)


def give(cast: Cast, document: dict[str, Any], reference: UUID | None = None) -> PolicySet:
    with inside(cast.ayla):
        return enact(guild=cast.lantern, draft=read(document), reference=reference or uuid4(), by=cast.ayla)


def row_of(cast: Cast) -> Guild:
    with inside(cast.ayla):
        return Guild.objects.get(pk=cast.lantern.pk)


def entries(guild: UUID, kind: LeafKind) -> list[leaves.Entry]:
    with tenant(guild=guild):
        rows = Leaf.objects.filter(guild_id=guild, kind=kind).order_by("index")
        return [leaves.decode(bytes(row.entry)) for row in rows]


def test_a_law_is_on_the_row_of_its_guild_and_in_its_leaf(cast: Cast) -> None:
    before, reference = policy_set(cast.lantern), uuid4()
    made = give(cast, DOCUMENT, reference)
    law = law_of(row_of(cast))
    assert (str(law.individuality_floor), law.forbids) == ("0.70", (Forbid("no-nights", NO_NIGHTS),))
    assert (made.number, made.digest, made.document) == (1, policy_set(cast.lantern), law.document)
    assert (made.because, made.enacted_by) == (Because.VOTE, cast.ayla)
    (entry,) = entries(cast.lantern.pk, LeafKind.POLICY_ENACTED)
    assert (entry.actor, entry.policy_set) == ("system", before)
    assert entry.detail == told(law, digest=made.digest, number=1, reference=reference)
    assert text_told(entry.detail) == law.text
    assert values_told(entry.detail) == dict(law.values)
    assert NO_NIGHTS not in str(entry.detail)


def test_a_leaf_of_an_earlier_form_tells_no_law() -> None:
    assert (values_told({"law": "x"}), text_told({"values": "0.6"})) == (None, None)


def test_one_vote_makes_one_law(cast: Cast) -> None:
    reference = uuid4()
    first = give(cast, DOCUMENT, reference)
    assert give(cast, {"values": {"hosts": "members"}}, reference) == first
    assert law_of(row_of(cast)).hosts == "architects"
    assert len(entries(cast.lantern.pk, LeafKind.POLICY_ENACTED)) == 1


def test_laws_are_numbered_and_the_old_ones_stay(cast: Cast) -> None:
    first = give(cast, DOCUMENT)
    second = give(cast, {"values": {"hosts": "members"}, "repealed": ["no-nights"]})
    assert (first.number, second.number) == (1, 2)
    with inside(cast.ayla):
        kept = {one.number: one.document["forbids"] for one in PolicySet.objects.all()}
    assert kept == {1: DOCUMENT["forbids"], 2: []}


def test_a_draft_that_does_not_fit_any_more_changes_nothing(cast: Cast) -> None:
    give(cast, DOCUMENT)
    with pytest.raises(DraftRefused):
        give(cast, DOCUMENT)
    with pytest.raises(DraftRefused):
        give(cast, {"repealed": ["unknown"]})
    assert len(entries(cast.lantern.pk, LeafKind.POLICY_ENACTED)) == 1


def test_a_draft_past_the_reading_of_drafts_is_still_within_bounds(cast: Cast) -> None:
    with inside(cast.ayla), pytest.raises(ValueError, match="from 30% to 100%"):
        enact(guild=cast.lantern, draft=Draft((("individuality_floor", "0.01"),)), reference=uuid4())
    assert row_of(cast).law == {}


def test_without_a_vote_nobody_enacts(cast: Cast) -> None:
    with inside(cast.ayla), pytest.raises(Denied, match="by a vote of its members"):
        enact(guild=cast.lantern, draft=read(DOCUMENT), reference=uuid4(), because=Because.FOUNDING)
    assert row_of(cast).law == {}


def test_who_follows_the_law_is_called_once_with_the_new_one(cast: Cast, monkeypatch: Any) -> None:
    heard: list[str] = []
    monkeypatch.setattr(enacting, "_FOLLOWERS", [])
    for _ in range(2):
        enacting.on_enacted(follow := lambda guild: heard.append(str(law_of(guild).individuality_floor)))
    enacting.on_enacted(follow)
    assert len(enacting._FOLLOWERS) == 2  # two lambdas, the second given twice
    give(cast, DOCUMENT)
    assert heard == ["0.70", "0.70"]


def test_a_follower_that_fails_undoes_the_law(cast: Cast, monkeypatch: Any) -> None:
    def fail(guild: Guild) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(enacting, "_FOLLOWERS", [fail])
    with pytest.raises(RuntimeError):
        give(cast, DOCUMENT)
    assert row_of(cast).law == {}
    assert entries(cast.lantern.pk, LeafKind.POLICY_ENACTED) == []


def test_two_at_once_make_one_law(live_cast: Cast) -> None:
    reference, together = uuid4(), Barrier(2)

    def work(identity: UUID) -> UUID:
        try:
            with tenant(guild=identity):
                guild = Guild.objects.get(pk=identity)
                together.wait(timeout=20)
                return enact(guild=guild, draft=read(DOCUMENT), reference=reference).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(work, [live_cast.lantern.pk] * 2))
    assert made[0] == made[1]
    assert len(entries(live_cast.lantern.pk, LeafKind.POLICY_ENACTED)) == 1


def test_no_member_is_the_guild(cast: Cast) -> None:
    for member in cast.members:
        decision = authorize(
            actor=member,
            action=Action.ENACT_LAW,
            resource=entities.guild(cast.lantern.pk),
            founding=False,
            voted=True,
        )
        assert decision.allowed is False
