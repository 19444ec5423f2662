"""Every command a person can give in a session, in one table. The socket, the forms and the API all come
here.

A command is checked against fresh rows in the caller's transaction: the membership it is given was read in
it, the session is read here, and the services ask the law. Rooms above add commands of their own with
`register`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from guild.tenancy.models import Membership
from lounges.sessions import attendance, loans, receipts, selectors, services
from lounges.sessions import command_fields as fields
from lounges.sessions.command_fields import Field, read_fields
from lounges.sessions.errors import UnknownCommand
from lounges.sessions.formats import Act
from lounges.sessions.lending import Passage, checked_terms
from lounges.sessions.loans import standing_of
from lounges.sessions.models import Session

Values = Mapping[str, Any]
Reply = Mapping[str, Any]
Handler = Callable[[Membership, Session, Values], Reply]


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """One command: its name on the wire, the fields it accepts beside `session` and `key`, and what it does.

    `handler` gets the acting member, the session and the values, and replies with ids and offsets. A
    command that is `passing` leaves nothing behind, so it needs no key and gets no receipt.
    """

    method: str
    handler: Handler
    fields: tuple[Field, ...] = ()
    passing: bool = False

    @property
    def all_fields(self) -> tuple[Field, ...]:
        return (fields.SESSION, *(() if self.passing else (fields.KEY,)), *self.fields)


COMMANDS: dict[str, CommandSpec] = {}


def register(spec: CommandSpec) -> None:
    """Adds a command to the table. Raises ValueError when another one has its name."""
    if COMMANDS.setdefault(spec.method, spec) is not spec:
        raise ValueError(f"There is a command called {spec.method} already.")


def session_named_in(method: str, data: Mapping[str, Any]) -> UUID:
    """The session that a command is about, read before anything else is. Raises UnknownCommand, Invalid."""
    if method not in COMMANDS:
        raise UnknownCommand("There is no such command.")
    named: UUID = read_fields((fields.SESSION,), {"session": data.get("session")})["session"]
    return named


def perform(*, by: Membership, method: str, data: Mapping[str, Any]) -> Reply:
    """Does one command, in the caller's tenant and transaction, once for each (dreamer, key).

    Raises UnknownCommand, Invalid, KeyReused, NotNow, Denied, Http404 and the consent room's TermsRefused;
    nothing is done then.
    """
    spec = COMMANDS.get(method)
    if spec is None:
        raise UnknownCommand("There is no such command.")
    values = read_fields(spec.all_fields, _without_key(spec, data))
    session = selectors.session_for(by, values["session"])
    act = partial(spec.handler, by, session, values)
    if spec.passing:
        return act()
    return receipts.once(session=session, by=by, key=values["key"], method=method, act=act)


def _without_key(spec: CommandSpec, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """A client may put a key on everything it sends; a passing command has no use for it."""
    return {name: value for name, value in data.items() if name != "key"} if spec.passing else data


def _join(by: Membership, session: Session, values: Values) -> Reply:
    offset = services.join(session=session, by=by, terms=values["terms"])
    _beat_on_commit(by, session)
    return {"offset": offset}


def _return(by: Membership, session: Session, values: Values) -> Reply:
    offset = services.return_to(session=session, by=by)
    _beat_on_commit(by, session)
    return {"offset": offset}


def _step_out(by: Membership, session: Session, values: Values) -> Reply:
    offset = services.step_out(session=session, by=by)
    transaction.on_commit(partial(attendance.leave, session.pk, by.pk))
    return {"offset": offset}


def _share(by: Membership, session: Session, values: Values) -> Reply:
    terms = checked_terms(
        answers=values["purposes"],
        depth=values["depth"],
        expires_at=values["expires_at"],
        now=timezone.now(),
        read=values["notices"],
        standing=standing_of(by, session),
    )
    row, offset = loans.share(
        session=session,
        by=by,
        dream_id=values["dream"],
        passage=Passage(values["extent"], values["excerpt"] or ""),
        terms=terms,
    )
    return {"offset": offset, "contribution": str(row.pk)}


def _associate(by: Membership, session: Session, values: Values) -> Reply:
    row, offset = loans.associate(
        session=session, by=by, contribution_id=values["contribution"], text=values["text"]
    )
    return {"offset": offset, "association": str(row.pk)}


def _withdraw(by: Membership, session: Session, values: Values) -> Reply:
    mine = selectors.own_contribution_in(by, session, values["contribution"])
    return {"offset": loans.withdraw(by=by, contribution_id=mine.pk)}


def _set_stage(by: Membership, session: Session, values: Values) -> Reply:
    return {"offset": services.set_stage(session=session, by=by, stage=values["stage"])}


def _close(by: Membership, session: Session, values: Values) -> Reply:
    return {"offset": services.close(session=session, by=by)}


def _beat(by: Membership, session: Session, values: Values) -> Reply:
    selectors.require_hearing(by, session)
    return {"people": [str(person) for person in attendance.beat(session.pk, by.pk)]}


def _beat_on_commit(by: Membership, session: Session) -> None:
    transaction.on_commit(partial(attendance.beat, session.pk, by.pk))


for _spec in (
    CommandSpec(Act.JOIN, _join, (fields.TERMS,)),
    CommandSpec(Act.RETURN, _return),
    CommandSpec(Act.STEP_OUT, _step_out),
    CommandSpec(
        Act.SHARE,
        _share,
        (
            fields.DREAM,
            fields.EXTENT,
            fields.EXCERPT,
            fields.PURPOSES,
            fields.NOTICES,
            fields.DEPTH,
            fields.EXPIRES_AT,
        ),
    ),
    CommandSpec(Act.ASSOCIATE, _associate, (fields.CONTRIBUTION, fields.TEXT)),
    CommandSpec(Act.WITHDRAW, _withdraw, (fields.CONTRIBUTION,)),
    CommandSpec(Act.SET_STAGE, _set_stage, (fields.STAGE,)),
    CommandSpec(Act.CLOSE, _close),
    CommandSpec(Act.BEAT, _beat, passing=True),
):
    register(_spec)
