"""The host's command of a live session that this room adds to the table of commands."""

from guild.tenancy.models import Membership
from lounges.dreamscapes import services
from lounges.sessions.commands import CommandSpec, Reply, Values, register
from lounges.sessions.formats import Act
from lounges.sessions.models import Session


def _blend(by: Membership, session: Session, values: Values) -> Reply:
    run = services.request_blend(session=session, by=by, key=values["key"])
    return {"run": str(run.pk)}


BLEND = CommandSpec(Act.BLEND, _blend)


def register_commands() -> None:
    """Called once, when the process starts."""
    register(BLEND)
