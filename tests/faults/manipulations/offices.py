"""Who may come in, and how long an office lasts, is changed past the application."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from governance.ledger.enums import LeafKind
from governance.offices import handing_over, invitations, joint
from governance.offices import services as offices
from governance.offices.enums import GuildActKind
from governance.offices.holding_models import Handover
from governance.offices.invitation_models import Invitation
from guild.tenancy.context import tenant
from guild.tenancy.enums import Office
from tests.faults.audited_guild import Place, Scene, one, sql
from tests.faults.manipulations.registry import appended, columns, manipulation, together

INVITATIONS, TERMS, HANDOVERS = "offices_invitation", "offices_term", "offices_handover"


def an_invitation(scene: Scene) -> Invitation:
    """Ayla invites one person."""
    ayla = scene.members["ayla"]
    with tenant(guild=scene.guild, dreamer=ayla.dreamer_id):
        return invitations.invite(by=ayla, uses=1, days=7).invitation


def a_term(scene: Scene) -> tuple[str, int]:
    """Mira is appointed; her term and its leaf."""
    ayla, mira = scene.members["ayla"], scene.members["mira"]
    with tenant(guild=scene.guild, dreamer=ayla.dreamer_id):
        offices.appoint(by=ayla, member=mira, office=Office.TECHNICIAN)
    ((row, leaf),) = sql(
        "SELECT id, leaf FROM offices_term WHERE member_id = %s AND office = 'technician'", mira.pk
    )
    return str(row), leaf


@together
def an_invitation_lets_in_more_people(scene: Scene) -> Place:
    made = an_invitation(scene)
    sql("UPDATE offices_invitation SET uses_allowed = 50 WHERE id = %s", made.pk)
    return "invitation.row", made.leaf, INVITATIONS, str(made.pk)


@together
def an_invitation_that_was_used_is_told_to_be_unused(scene: Scene) -> Place:
    made = an_invitation(scene)
    sql("UPDATE offices_invitation SET uses = 1 WHERE id = %s", made.pk)
    return "invitation.row", made.leaf, INVITATIONS, str(made.pk)


@together
def an_invitation_lasts_for_ever(scene: Scene) -> Place:
    made = an_invitation(scene)
    sql("UPDATE offices_invitation SET expires_at = '2099-01-01' WHERE id = %s", made.pk)
    return "invitation.row", made.leaf, INVITATIONS, str(made.pk)


@together
def an_invitation_is_made_by_hand(scene: Scene) -> Place:
    made, row = an_invitation(scene), uuid4()
    copied = columns(INVITATIONS, id=row, digest="0" * 64)
    sql(f"INSERT INTO offices_invitation SELECT {copied} WHERE id = %s", made.pk)
    return "invitation.row", None, INVITATIONS, str(row)


@together
def an_invitation_is_removed(scene: Scene) -> Place:
    made = an_invitation(scene)
    sql("DELETE FROM offices_invitation WHERE id = %s", made.pk)
    return "invitation.lost", made.leaf, INVITATIONS, ""


@together
def more_come_in_than_were_invited(scene: Scene) -> Place:
    made = an_invitation(scene)
    said = {"policy_set": "law", "detail": {"invitation": made.pk}}
    for _ in range(2):
        leaf = appended(scene, LeafKind.MEMBERSHIP_STARTED, actor="system", subjects=[str(uuid4())], **said)
    return "log.story", leaf, "", ""


@together
def a_term_is_made_longer(scene: Scene) -> Place:
    row, leaf = a_term(scene)
    sql("UPDATE offices_term SET until = %s WHERE id = %s", timezone.now() + timedelta(days=9999), row)
    return "term.row", leaf, TERMS, row


@together
def a_term_is_given_by_hand(scene: Scene) -> Place:
    row, _ = a_term(scene)
    made = uuid4()
    copied = columns(TERMS, id=made, leaf=1, office="enforcer")
    sql(f"INSERT INTO offices_term SELECT {copied} WHERE id = %s", row)
    return "term.row", 1, TERMS, str(made)


def an_offer(scene: Scene) -> Handover:
    """Ezra offers his office to Mira."""
    ezra, mira = scene.members["ezra"], scene.members["mira"]
    with tenant(guild=scene.guild, dreamer=ezra.dreamer_id):
        return handing_over.offer(by=ezra, office=Office.ENFORCER, successor=mira)


@together
def an_offer_is_turned_to_somebody_else(scene: Scene) -> Place:
    made = an_offer(scene)
    sql("UPDATE offices_handover SET successor_id = %s WHERE id = %s", scene.members["finn"].pk, made.pk)
    return "handover.row", made.leaf, HANDOVERS, str(made.pk)


@manipulation
def an_office_is_taken_over_that_was_offered_to_somebody_else(scene: Scene) -> Place:
    made = an_offer(scene)
    finn, ezra = scene.members["finn"], scene.members["ezra"]
    leaf = appended(
        scene,
        LeafKind.OFFICE_WITHDRAWN,
        actor=finn.pseudonym,
        subjects=[str(ezra.pseudonym)],
        policy_set="law",
        detail={"office": "enforcer", "handover": made.pk},
    )
    return "log.story", leaf, "", ""


@manipulation
def a_term_is_ended_before_it_is_over(scene: Scene) -> Place:
    ezra = scene.members["ezra"]
    leaf = appended(
        scene,
        LeafKind.OFFICE_WITHDRAWN,
        actor="system",
        subjects=[str(ezra.pseudonym)],
        policy_set="law",
        detail={"office": "enforcer", "over": "2026-01-01T00:00:00Z"},
    )
    assert one("SELECT count(*) FROM offices_term WHERE until IS NOT NULL") == 0
    return "log.story", leaf, "", ""


@together
def a_guild_is_exported_on_one_persons_word(scene: Scene) -> Place:
    ayla, ezra = scene.members["ayla"], scene.members["ezra"]
    with tenant(guild=scene.guild, dreamer=ayla.dreamer_id):
        asked = joint.ask(by=ayla, kind=GuildActKind.EXPORT)
    sql(
        "UPDATE offices_guild_act SET state = 'agreed', agreed_by_id = %s, agreed_at = now(), "
        "due_at = now() + interval '1 day' WHERE id = %s",
        ezra.pk,
        asked.pk,
    )
    return "guild_act.row", asked.asked_leaf, "offices_guild_act", str(asked.pk)


@together
def a_closing_agrees_with_itself(scene: Scene) -> Place:
    ayla = scene.members["ayla"]
    with tenant(guild=scene.guild, dreamer=ayla.dreamer_id):
        asked = joint.ask(by=ayla, kind=GuildActKind.CLOSE)
    said = {"subjects": [str(asked.pk)], "policy_set": "law"}
    detail = {"what": "close", "due": "2026-01-01T00:00:00Z"}
    leaf = appended(scene, LeafKind.GUILD_ACT_AGREED, actor=ayla.pseudonym, detail=detail, **said)
    return "log.story", leaf, "", ""


@together
def somebody_who_was_barred_is_let_in_again_by_hand(scene: Scene) -> Place:
    ayla, lara = scene.members["ayla"], scene.members["lara"]
    with tenant(guild=scene.guild, dreamer=ayla.dreamer_id):
        offices.remove(by=ayla, member=lara, is_barred=True)
    ((row, leaf),) = sql("SELECT id, leaf FROM offices_barring WHERE member_id = %s", lara.pk)
    sql("UPDATE offices_barring SET lifted_at = now() WHERE id = %s", row)
    return "barring.row", leaf, "offices_barring", str(row)


@together
def an_invitation_comes_from_nobody(scene: Scene) -> Place:
    made = an_invitation(scene)
    sql("UPDATE offices_invitation SET made_by_id = %s WHERE id = %s", uuid4(), made.pk)
    return "row.reference", None, INVITATIONS, str(made.pk)


@together
def a_term_is_of_nobody(scene: Scene) -> Place:
    row, _ = a_term(scene)
    copied = columns(TERMS, id=(copy := uuid4()), member_id=uuid4())
    sql(f"INSERT INTO {TERMS} SELECT {copied} WHERE id = %s", row)
    return "row.reference", None, TERMS, str(copy)


@together
def a_session_is_hosted_by_nobody(scene: Scene) -> Place:
    copied = columns("lounges_session", id=(copy := uuid4()), host_id=uuid4())
    sql(f"INSERT INTO lounges_session SELECT {copied} WHERE id = %s", scene.session.pk)
    return "row.reference", None, "lounges_session", str(copy)
