"""Who is told of a report, a decision, an appeal and its answer; and never who reported."""

from uuid import UUID

from governance.moderation import services
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from tests.cast import Cast
from tests.lounges.sessions_stage import Stage
from tests.told_of import forget, told

WHY, LOG = "It hurts somebody who told a dream.", "/g/lantern/moderation/"


def as_member(member: Membership):
    return tenant(guild=member.guild_id, dreamer=member.dreamer_id)


def test_each_step_of_moderation_is_told_to_those_it_concerns(cast: Cast) -> None:
    stage = Stage(cast.ayla)
    stage.join(cast.ayla, cast.mira, cast.finn)
    stage.go_to("associating")
    lent = stage.share(cast.mira)
    said = str(stage.do(cast.finn, "session.associate", contribution=lent, text="Coward.")["association"])
    forget(cast)
    with as_member(cast.mira):
        row = services.report(by=cast.mira, kind="association", target=UUID(said), reason="hurtful", words="")
    case = f"{LOG}reports/{row.pk}/"
    assert told(cast) == {name: [("report_made", case)] for name in ("ayla", "ezra")}
    forget(cast)
    with as_member(cast.ezra):
        services.decide(by=cast.ezra, report=row, decision="hidden", reasons=WHY)
    assert told(cast) == {"finn": [("moderated", LOG)], "mira": [("report_decided", LOG)]}
    forget(cast)
    with as_member(cast.finn):
        services.appeal(by=cast.finn, report=row, reasons="I meant the heron in the dream.")
    assert told(cast) == {"ayla": [("moderation_appealed", case)]}
    forget(cast)
    with as_member(cast.ayla):
        services.answer(by=cast.ayla, report=row, outcome="upheld", words=WHY)
    assert told(cast) == {"finn": [("appeal_decided", LOG)]}
