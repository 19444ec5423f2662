"""What a dreamer is given to check a use: true to the log, theirs alone, and as the rows stand."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.test import Client
from django.urls import reverse

from governance.consent import gate
from governance.consent.enums import Purpose
from governance.consent.gate import Lent
from governance.consent.models import UseSubject
from governance.consent.services import withdraw
from governance.ledger import selectors, tree
from governance.ledger.leaves import decode
from governance.ledger.verification import verify_inclusion
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.tenancy.services import end_membership
from tests.cast import Cast
from tests.governance.lending import lend

Asked = Callable[[Membership], dict[str, Any]]
RUN = UUID("00000000-0000-4000-8000-000000000b1e")


def use(cast: Cast, lent: list[Lent]) -> None:
    with tenant(guild=cast.lantern.pk):
        gate.open_for(lent, purpose=Purpose.BLEND, actor=cast.ayla.pseudonym, on="blend", subject=RUN)


def part_of(member: Membership, lent: Lent) -> UUID:
    with tenant(dreamer=member.dreamer_id):
        return UseSubject.objects.get(contribution=lent.contribution).pk


def asked(client: Client, part: UUID) -> dict[str, Any]:
    response = client.get(reverse("consent:use-proof", args=[part]))
    assert (response.status_code, response["Cache-Control"]) == (
        200,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    return dict(response.json())


@pytest.fixture
def lent(cast: Cast) -> dict[str, Lent]:
    dreams = {name: lend(getattr(cast, name)) for name in ("mira", "finn", "ezra", "lara", "ayla")}
    use(cast, list(dreams.values()))
    return dreams


def test_a_part_leads_from_the_dream_to_the_root_in_the_leaf(
    cast: Cast, lent: dict[str, Lent], client_of: Callable[[Membership], Client]
) -> None:
    guild = cast.lantern.pk
    for name, dream in lent.items():
        member = getattr(cast, name)
        told = asked(client_of(member), part_of(member, dream))
        with tenant(guild=guild):
            leaf = decode(bytes(selectors.leaf(guild, told["leaf"]).entry))
            checkpoint = selectors.latest_checkpoint(guild)
        assert (told["guild"], told["said"]) == (str(guild), dict(leaf.detail))
        assert told["at"] == leaf.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        contribution = UUID(told["contribution"])
        commitment = hmac.new(bytes.fromhex(told["nonce"]), contribution.bytes, hashlib.sha256).digest()
        assert (contribution, told["commitment"]) == (dream.contribution, commitment.hex())
        verify_inclusion(
            leaf=tree.leaf_hash(commitment),
            index=told["position"],
            size=len(lent),
            proof=[bytes.fromhex(each) for each in told["path"]],
            root=bytes.fromhex(leaf.subjects[0]),
        )
        assert (told["unsigned"], checkpoint is not None and checkpoint.size > told["leaf"]) == ("", True)


def test_a_part_is_its_dreamers_alone(
    cast: Cast, lent: dict[str, Lent], client_of: Callable[[Membership], Client]
) -> None:
    address = reverse("consent:use-proof", args=[part_of(cast.mira, lent["mira"])])
    answers = [client_of(each).get(address).status_code for each in (cast.finn, cast.ezra, cast.zed)]
    unknown = client_of(cast.mira).get(reverse("consent:use-proof", args=[uuid4()])).status_code
    assert (answers, unknown) == ([404, 404, 404], 404)


def test_a_part_can_be_checked_after_the_dream_was_taken_back_and_the_guild_left(
    cast: Cast, lent: dict[str, Lent], client_of: Callable[[Membership], Client]
) -> None:
    part = part_of(cast.mira, lent["mira"])
    before = asked(client_of(cast.mira), part)
    withdraw(by=cast.mira, contribution=lent["mira"].contribution)
    with tenant(guild=cast.lantern.pk):
        end_membership(membership=cast.mira)
    assert asked(client_of(cast.mira), part) == before | {"nonce": None}


@pytest.mark.parametrize("damage", ["commitment = 'no hash'", "position = 40"])
def test_a_damaged_list_is_told_as_it_stands(
    live_cast: Cast, superuser: psycopg.Connection, client_of: Callable[[Membership], Client], damage: str
) -> None:
    dreams = [lend(live_cast.mira), lend(live_cast.finn)]
    use(live_cast, dreams)
    part = part_of(live_cast.mira, dreams[0])
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(f"UPDATE consent_use_subject SET {damage} WHERE id = %s", [part])
    assert asked(client_of(live_cast.mira), part)["path"] == []


def test_a_log_that_may_not_be_signed_any_more_says_why(
    live_cast: Cast, superuser: psycopg.Connection, client_of: Callable[[Membership], Client]
) -> None:
    first = lend(live_cast.mira)
    use(live_cast, [first])
    client = client_of(live_cast.mira)
    asked(client, part_of(live_cast.mira, first))
    second = lend(live_cast.mira)
    use(live_cast, [second])
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE ledger_leaf SET subtrees = sha256('one') || sha256('two') WHERE index = 3")
    told = asked(client, part_of(live_cast.mira, second))
    assert "does not continue" in told["unsigned"]
