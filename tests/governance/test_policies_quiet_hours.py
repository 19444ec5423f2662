"""A guild's quiet hours, as its law sets them, reach the planning of notices."""

from datetime import time
from zoneinfo import ZoneInfo

from guild.notifications.planning import manner_of
from guild.notifications.quiet import Quiet
from guild.notifications.timing import Hush
from guild.tenancy.context import tenant
from tests.cast import Cast
from tests.governance.deliberating import give_law


def test_notices_keep_the_quiet_that_the_law_of_a_guild_sets(cast: Cast) -> None:
    guild = cast.lantern.pk
    give_law(cast.lantern, quiet_from="1290", quiet_until="420", clock="Europe/Berlin")
    with tenant(dreamer=cast.mira.dreamer_id):
        held = manner_of(cast.mira.dreamer, guilds=[guild]).of_guilds
    assert held == {guild: Hush(Quiet(time(21, 30), time(7)), ZoneInfo("Europe/Berlin"))}
    give_law(cast.lantern, quiet_from="420", quiet_until="420")
    with tenant(dreamer=cast.mira.dreamer_id):
        assert manner_of(cast.mira.dreamer, guilds=[guild]).of_guilds == {}
