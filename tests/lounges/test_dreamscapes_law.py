"""A law that members voted for holds from the next blend on; what was made before names the law of then."""

from typing import Any

from django.urls import reverse

from governance.deliberation.enums import Kind
from governance.ledger import leaves
from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from governance.policies.drafts import read
from governance.policies.enums import Action
from governance.policies.previewing import preview
from guild.tenancy.context import tenant
from lounges.dreamscapes.models import BlendRun
from tests.cast import Cast
from tests.governance.deliberating import ended, opened, vote
from tests.lounges import dreamscapes_circle as circles


def voted(cast: Cast, floor: str) -> None:
    """By a real vote, from the proposal to the count."""
    document = {"values": {"individuality_floor": floor}}
    others = [cast.finn, cast.lara, cast.ezra, cast.ayla]
    proposal = opened(cast.mira, others, kind=Kind.POLICY, document=document)
    for member in cast.members:
        vote(proposal, member, "yes")
    assert ended(proposal).state == "enacted"
    with tenant(guild=cast.lantern.pk):
        cast.lantern.refresh_from_db(fields=["law"])


def law_named(client: Any, run: BlendRun) -> list[str]:
    page = client.get(reverse("dreamscapes:detail", args=["lantern", run.pk])).content.decode()
    history = reverse("policies:history", args=["lantern"])
    return [number for number in ("1", "2", "3") if f'href="{history}#law-{number}"' in page]


def test_a_voted_floor_holds_in_the_next_blend_and_the_old_one_names_its_own(
    cast: Cast, client_of: Any
) -> None:
    client = client_of(cast.ayla)
    before_laws = circles.blend(circles.settle(cast, "ayla", "finn"))
    voted(cast, "0.70")
    first = circles.blend(circles.settle(cast, "ayla", "finn"))
    voted(cast, "0.90")
    second = circles.blend(circles.settle(cast, "ayla", "finn"))
    voted(cast, "0.70")
    assert [str(run.floor) for run in (before_laws, first, second)] == ["0.60", "0.70", "0.90"]
    assert [law_named(client, run) for run in (before_laws, first, second)] == [[], ["1"], ["2"]]


def test_a_draft_is_tried_on_each_blend_once_by_what_it_kept(cast: Cast) -> None:
    circles.blend(circles.settle(cast, "ayla", "finn"))
    with tenant(guild=cast.lantern.pk):
        made = Leaf.objects.get(guild_id=cast.lantern.pk, kind=LeafKind.DREAMSCAPE_MADE)
    kept, found = float(leaves.decode(bytes(made.entry)).detail["retention"]), []
    for floor in (kept - 0.02, kept + 0.02):
        with tenant(guild=cast.lantern.pk, dreamer=cast.mira.dreamer_id):
            draft = read({"values": {"individuality_floor": f"{floor:.2f}"}})
            counts = preview(by=cast.mira, draft=draft).counts
        found += [one for one in counts if one[0] == Action.BLEND]
    assert found == [(Action.BLEND, 1, 0, 0), (Action.BLEND, 1, 1, 0)]
