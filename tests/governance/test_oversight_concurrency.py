"""Two enforcers at once, on two connections: one ruling stands, and a remedy is carried out once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from governance.ledger.enums import LeafKind
from governance.ledger.models import Leaf
from governance.oversight import ruling
from governance.oversight.enums import RemedyKind, Verdict
from governance.oversight.errors import NotNow
from governance.oversight.ruling import Draft
from governance.oversight.ruling_models import Ruling, Telling
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.governance.findings import appoint_enforcer, found
from tests.governance.lending import lend

REASONS = "The leaf and the row do not say the same."


def at_once(*works: tuple[Membership, Callable[[Membership], Any]]) -> list[Any]:
    """Every work as its member, in a thread and connection of its own, begun together."""
    together = Barrier(len(works))

    def run(work: tuple[Membership, Callable[[Membership], Any]]) -> Any:
        member, do = work
        try:
            with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
                together.wait(timeout=20)
                return do(member)
        except NotNow as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def kinds(cast: Cast) -> list[str]:
    with tenant(guild=cast.lantern.pk):
        return list(Leaf.objects.order_by("index").values_list("kind", flat=True))


def test_of_two_rulings_at_once_one_stands_and_one_is_told(live_cast: Cast) -> None:
    lara, finding = appoint_enforcer(live_cast.lara), found(live_cast.lantern)

    def rule(by: Membership) -> str:
        return ruling.rule(finding=finding, by=by, draft=Draft(Verdict.DISMISSED, REASONS)).state

    answers = at_once((live_cast.ezra, rule), (lara, rule))
    assert sorted(map(str, answers)) == sorted(["in_force", str(NotNow)])
    assert kinds(live_cast) == [LeafKind.RULING_MADE]


def test_a_confirmation_pressed_twice_at_once_carries_a_remedy_out_once(live_cast: Cast) -> None:
    lara = appoint_enforcer(live_cast.lara)
    finding = found(live_cast.lantern, contribution=lend(live_cast.mira).contribution)
    draft = Draft(Verdict.UPHELD, REASONS, frozenset({RemedyKind.SHRED, RemedyKind.NOTIFY}))
    with tenant(guild=live_cast.lantern.pk, dreamer=live_cast.ezra.dreamer_id):
        made = ruling.rule(finding=finding, by=live_cast.ezra, draft=draft)

    def confirm(by: Membership) -> str:
        row = Ruling.objects.select_related("finding", "names").get(pk=made.pk)
        return ruling.confirm(ruling=row, by=by).state

    assert at_once((lara, confirm), (lara, confirm)) == ["in_force", "in_force"]
    done = kinds(live_cast)
    assert (done.count(LeafKind.RULING_CONFIRMED), done.count(LeafKind.REMEDY_DONE)) == (1, 2)
    with tenant(guild=live_cast.lantern.pk):
        assert Telling.objects.count() == 1
