"""A guild in which one of everything has happened, for others to tamper with.

Made once, in a transaction that is never committed; each manipulation is undone with its savepoint. Django
connects as a superuser who has put on the application's role, so that a manipulation can take it off.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, connections, transaction

from governance.audits.models import AuditRun
from governance.ledger.asking import attend_every_log
from guild.embedded import roles
from guild.embedded.postgres import SUPERUSER
from guild.journal import selectors as journal
from guild.journal.services import revise_dream
from guild.tenancy.context import tenant
from guild.tenancy.models import Membership
from guild.tenancy.selectors import every_guild
from lounges.dreamscapes.models import BlendRun
from lounges.dreamscapes.services import perform_blend, request_blend
from lounges.sessions import hearing, loans
from lounges.sessions.models import Contribution, Session
from lounges.sessions.rectifying import rectify
from tests.governance.audited import audit, settle
from tests.lounges import dreamscapes_circle as circles


@dataclass(frozen=True)
class Scene:
    """Mira took her dream back, Finn corrected his; the first dreamscape was superseded by the second."""

    members: dict[str, Membership]
    strangers: dict[str, Membership]
    session: Session
    contributions: dict[str, UUID]
    association: UUID
    superseded: UUID
    standing: UUID
    before_correction: bytes
    audit: AuditRun

    @property
    def guild(self) -> UUID:
        return self.members["ayla"].guild_id

    @property
    def harbour(self) -> UUID:
        return self.strangers["ayla"].guild_id

    def lent(self, name: str) -> Contribution:
        with tenant(guild=self.guild):
            return Contribution.objects.get(pk=self.contributions[name])

    def run(self, which: UUID | None = None) -> BlendRun:
        with tenant(guild=self.guild):
            return BlendRun.objects.select_related("session").get(pk=which or self.standing)


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run as a superuser, past every wall, trigger and constraint of reference."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE; SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values or None)
        rows = cursor.fetchall() if cursor.description else []
        cursor.execute(f"SET LOCAL session_replication_role = origin; SET LOCAL ROLE {roles.APP}")
    return rows


def one(statement: str, *values: Any) -> Any:
    """The only value that a statement gives."""
    ((value,),) = sql(statement, *values)
    return value


@contextmanager
def as_superuser_in_the_applications_role() -> Iterator[None]:
    """Every new connection of Django's is a superuser's that has put on the application's role."""
    settings = connections["default"].settings_dict
    user, options = settings["USER"], settings["OPTIONS"].get("options")
    connection.close()
    connection.close_pool()
    settings["USER"], settings["OPTIONS"]["options"] = SUPERUSER, f"-c role={roles.APP}"
    try:
        yield
    finally:
        connection.close()
        connection.close_pool()
        settings["USER"] = user
        settings["OPTIONS"].pop("options")
        if options is not None:
            settings["OPTIONS"]["options"] = options


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def make_scene() -> Scene:
    """Through the services, each step as the member whose step it is; audited once, with nothing found."""
    members, strangers = settle(), settle("The Harbour Guild", "harbour")
    session = circles.open_session(members["ayla"], list(members.values()))
    circles.set_stage(session, members["ayla"], "sharing")
    contributions = {
        name: circles.lend(session, members[name], text, quote=name != "ezra", share=name != "lara")
        for name, text in circles.DREAMS.items()
    }
    circles.set_stage(session, members["ayla"], "associating")
    association = _heard(members["finn"], session, contributions["mira"])
    before = _corrected(members["finn"], contributions["finn"])
    circles.set_stage(session, members["ayla"], "blending")
    first = _blend(members["ayla"], session)
    with tenant(guild=session.guild_id, dreamer=members["mira"].dreamer_id):
        loans.withdraw(by=members["mira"], contribution_id=contributions["mira"])
        second = BlendRun.objects.get(supersedes_id=first).pk
    perform_blend(guild_id=session.guild_id, run_id=second)
    _heard(members["ezra"], session, contributions["ayla"])
    attend_every_log(every_guild())
    run = audit(session.guild_id)
    attend_every_log(every_guild())
    sql("SET CONSTRAINTS ALL IMMEDIATE")  # as at a commit; what is still to be checked would hold up DDL
    return Scene(members, strangers, session, contributions, association, first, second, before, run)


def _heard(member: Membership, session: Session, contribution: UUID) -> UUID:
    """A member hears the session and says something to a dream; the association."""
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        hearing.transcript_for(member, session)
        said, _ = loans.associate(
            session=session, by=member, contribution_id=contribution, text="A key I never found."
        )
    return said.pk


def _corrected(member: Membership, contribution: UUID) -> bytes:
    """The member corrects what they lent; its sealed words as they were before."""
    with tenant(guild=member.guild_id, dreamer=member.dreamer_id):
        row = Contribution.objects.get(pk=contribution)
        now = journal.dream_for(member.dreamer_id, row.dream_id)
        draft = replace(now.draft, narrative=f"{now.draft.narrative} Then I laughed.")
        revise_dream(by=member.dreamer, dream_id=row.dream_id, draft=draft, expected_revision=now.revision)
        rectify(by=member.dreamer_id, contribution=contribution)
    return bytes(row.text_sealed)


def _blend(host: Membership, session: Session) -> UUID:
    with tenant(guild=host.guild_id, dreamer=host.dreamer_id):
        run = request_blend(session=session, by=host, key=uuid4())
    perform_blend(guild_id=run.guild_id, run_id=run.pk)
    return run.pk


Place = tuple[str, int | None, str, str]
"""What an audit must name: rule (or one of several), leaf, table and row; None and "" where it may be any."""


def names(found: Sequence[Any], place: Place) -> bool:
    """Whether one of the findings is under that rule, and at that leaf and row as far as they are given."""
    rule, leaf, table, row = place
    return any(
        finding.rule in rule.split("|")
        and (leaf is None or finding.leaf_index == leaf)
        and (not table or finding.table == table)
        and (not row or finding.row == row)
        for finding in found
    )
