"""What one called the dreams one lent: told to oneself alone, whatever else is broken."""

from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.consent.errors import GateMisused
from governance.consent.own_words import open_own_intact
from governance.oversight.stories import story_for
from guild.tenancy.models import Membership
from lounges.sessions.models import Contribution
from lounges.sessions.own_titles import titles_of
from lounges.sessions.selectors import lent_of
from tests.cast import Cast
from tests.lounges.sessions_stage import Stage, dream_of, in_guild_of

ClientOf = Callable[[Membership], Client]
TITLE = "The <b>house</b> of seven stairs"


def stage_of(cast: Cast) -> Stage:
    stage = Stage(cast.ayla)
    stage.join(cast.ayla, cast.mira, cast.finn)
    stage.go_to("associating")
    return stage


def shown(client: Client, lent: str) -> list[bool]:
    """Whether the title stands on the three pages of consents."""
    addresses = ["/consents/", "/consents/uses/", reverse("consent:dream", args=[lent])]
    pages = [client.get(address) for address in addresses]
    assert [page.status_code for page in pages] == [200, 200, 200]
    return ["The &lt;b&gt;house&lt;/b&gt; of seven stairs" in page.text for page in pages]


def test_a_title_stands_where_its_dreamer_looks_and_nowhere_else(cast: Cast, client_of: ClientOf) -> None:
    stage = stage_of(cast)
    lent = stage.share(cast.mira, dream_of(cast.mira, title=TITLE))
    mira = client_of(cast.mira)
    mira.get(reverse("sessions:live", args=["lantern", stage.id]))
    assert shown(mira, lent) == [True, True, True]
    others = client_of(cast.finn).get("/consents/").text + client_of(cast.ezra).get("/consents/").text
    with in_guild_of(cast.ezra):
        told = str(story_for(cast.ezra, UUID(lent)))
    assert "seven stairs" not in others + told
    stage.do(cast.mira, "session.withdraw", contribution=lent)
    assert shown(mira, lent) == [False, False, False]


def test_a_part_is_known_by_its_first_words(cast: Cast) -> None:
    stage = stage_of(cast)
    lent = stage.share(cast.mira, extent="excerpt", excerpt="The walls were warm.")
    with in_guild_of(cast.mira):
        told = titles_of(cast.lantern.pk, cast.mira.dreamer_id, [UUID(lent)])
    assert told == {UUID(lent): "“The walls were warm.”"}


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE lounges_contribution SET title_sealed = 'broken' WHERE id = %s",
        "UPDATE vault.data_key SET wrapped = NULL, destroyed_at = now() WHERE owner_id = %s",
        "DELETE FROM vault.data_key WHERE owner_id = %s",
        "UPDATE vault.data_key SET kek_id = repeat('x', 8)::bytea WHERE owner_id = %s",
    ],
)
def test_what_does_not_open_breaks_no_page(
    live_cast: Cast, client_of: ClientOf, superuser: psycopg.Connection, damage: str
) -> None:
    stage = stage_of(live_cast)
    broken = stage.share(live_cast.mira, dream_of(live_cast.mira, title=TITLE))
    stage.share(live_cast.mira, dream_of(live_cast.mira, title="The other house"))
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(damage, [broken])
    client = client_of(live_cast.mira)
    assert shown(client, broken) == [False, False, False]
    assert "The other house" in client.get("/consents/").text


def test_the_queries_do_not_grow_with_the_dreams(cast: Cast, client_of: ClientOf) -> None:
    stage, client = stage_of(cast), client_of(cast.mira)
    counts = []
    for more in (1, 2):
        for number in range(more):
            stage.share(cast.mira, dream_of(cast.mira, title=f"House {more} {number}"))
        client.get("/consents/")
        with CaptureQueriesContext(connection) as captured:
            assert f"House {more} 0" in client.get("/consents/").text
        counts.append(len(captured.captured_queries))
    assert counts[0] == counts[1]


def test_nobody_opens_anothers(cast: Cast) -> None:
    stage = stage_of(cast)
    lent = UUID(stage.share(cast.mira))
    with in_guild_of(cast.finn):
        row = Contribution.objects.select_related("session").get(pk=lent)
        assert titles_of(cast.lantern.pk, cast.finn.dreamer_id, [lent]) == {}
        with pytest.raises(GateMisused):
            list(open_own_intact([lent_of(row)]))
