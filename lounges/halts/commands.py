"""The two commands of a live session that this room adds to the table of commands."""

from dataclasses import asdict

from guild.tenancy.models import Membership
from lounges.halts import services
from lounges.sessions.commands import CommandSpec, Reply, Values, register
from lounges.sessions.formats import Act
from lounges.sessions.models import Session


def _resist(by: Membership, session: Session, values: Values) -> Reply:
    return asdict(services.resist(session=session, by=by))


def _relent(by: Membership, session: Session, values: Values) -> Reply:
    return asdict(services.relent(session=session, by=by))


RESIST, RELENT = CommandSpec(Act.RESIST, _resist), CommandSpec(Act.RELENT, _relent)


def register_commands() -> None:
    """Called once, when the process starts."""
    register(RESIST)
    register(RELENT)
