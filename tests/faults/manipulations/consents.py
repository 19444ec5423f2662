"""Consents and uses, and what stands for each lent dream."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from governance.consent import gate
from governance.consent.enums import Purpose
from governance.consent.resolution import Verdict
from governance.consent.selectors import InForce
from governance.ledger.enums import LeafKind
from guild.tenancy.context import tenant
from lounges.sessions.selectors import lent_of
from tests.faults.audited_guild import Place, Scene, one, sql
from tests.faults.manipulations.registry import LISTED, STATED, USED, columns, lent_leaf, manipulation


def statement_of(scene: Scene, name: str, purpose: str) -> tuple[UUID, int]:
    """A dreamer's statement about what they lent, and its leaf."""
    ((row, leaf),) = sql(
        "SELECT id, leaf_index FROM consent_statement WHERE contribution = %s AND purpose = %s "
        "ORDER BY leaf_index LIMIT 1",
        scene.contributions[name],
        purpose,
    )
    return row, leaf


def changed_statement(scene: Scene, change: str, *values: Any, purpose: str = "blend") -> Place:
    row, leaf = statement_of(scene, "ezra", purpose)
    sql(f"UPDATE consent_statement SET {change} WHERE id = %s", *values, row)
    return "consent.row", leaf, STATED, str(row)


@manipulation
def a_depth_is_raised(scene: Scene) -> Place:
    return changed_statement(scene, "depth = 0.9")


@manipulation
def a_consent_is_dated_back(scene: Scene) -> Place:
    return changed_statement(scene, "stated_at = stated_at - interval '1 hour'")


@manipulation
def a_refusal_is_turned_into_consent(scene: Scene) -> Place:
    return changed_statement(scene, "state = 'given'", purpose="quote")


@manipulation
def a_consent_is_turned_to_another_purpose(scene: Scene) -> Place:
    return changed_statement(scene, "purpose = 'publish_beyond'")


@manipulation
def an_end_is_put_to_a_consent(scene: Scene) -> Place:
    return changed_statement(scene, "expires_at = %s", timezone.now() + timedelta(days=1))


@manipulation
def a_consent_is_turned_to_another_text(scene: Scene) -> Place:
    return changed_statement(scene, "notice_digest = %s", "0" * 64)


@manipulation
def a_consent_is_put_into_anothers_mouth(scene: Scene) -> Place:
    return changed_statement(scene, "dreamer_id = %s", scene.members["ayla"].dreamer_id)


@manipulation
def a_consent_is_removed(scene: Scene) -> Place:
    row, leaf = statement_of(scene, "ezra", "quote")
    sql("DELETE FROM consent_statement WHERE id = %s", row)
    return "consent.lost", leaf, STATED, ""


@manipulation
def a_consent_is_made_by_hand(scene: Scene) -> Place:
    row, (earlier, _) = uuid4(), statement_of(scene, "ezra", "quote")
    copied = columns(STATED, id=row, state="given", leaf_index=1_000_000)
    sql(f"INSERT INTO consent_statement SELECT {copied} WHERE id = %s", earlier)
    return "consent.unrecorded", 1_000_000, STATED, str(row)


def subject_of(scene: Scene, name: str) -> UUID:
    return UUID(str(one("SELECT id FROM consent_subject WHERE contribution = %s", scene.contributions[name])))


@manipulation
def an_erased_nonce_is_brought_back(scene: Scene) -> Place:
    row = subject_of(scene, "mira")
    sql("UPDATE consent_subject SET nonce = %s, withdrawn_at = NULL WHERE id = %s", b"n" * 32, row)
    leaf = lent_leaf(scene, "mira", LeafKind.CONTRIBUTION_WITHDRAWN)
    return "subject.row", leaf, "consent_subject", str(row)


@manipulation
def what_stands_for_a_dream_is_given_to_another_dreamer(scene: Scene) -> Place:
    row, ezra = subject_of(scene, "ayla"), scene.members["ezra"].dreamer_id
    sql("UPDATE consent_subject SET dreamer_id = %s WHERE id = %s", ezra, row)
    return "subject.row", lent_leaf(scene, "ayla"), "consent_subject", str(row)


@manipulation
def a_restriction_is_made_by_hand(scene: Scene) -> Place:
    row = subject_of(scene, "ayla")
    sql("UPDATE consent_subject SET restricted_at = now() WHERE id = %s", row)
    return "subject.row", lent_leaf(scene, "ayla"), "consent_subject", str(row)


def use_of(purpose: str, *, order: str = "leaf_index") -> tuple[UUID, int]:
    """A use, and its leaf: the first of that purpose."""
    ((row, leaf),) = sql(
        f"SELECT id, leaf_index FROM consent_use WHERE purpose = %s ORDER BY {order} LIMIT 1", purpose
    )
    return row, leaf


def listed_in(use: UUID) -> UUID:
    return UUID(
        str(one("SELECT id FROM consent_use_subject WHERE use_id = %s ORDER BY position LIMIT 1", use))
    )


@manipulation
def a_use_is_made_by_hand(scene: Scene) -> list[Place]:
    row, part, (earlier, _) = uuid4(), uuid4(), use_of("share_in_session")
    sql(f"INSERT INTO consent_use SELECT {columns(USED, id=row, leaf_index=0)} WHERE id = %s", earlier)
    copied = columns(LISTED, id=part, use_id=row, leaf_index=0)
    sql(f"INSERT INTO consent_use_subject SELECT {copied} WHERE id = %s", listed_in(earlier))
    return [("use.unrecorded", 0, USED, str(row))]


@manipulation
def a_use_is_removed(scene: Scene) -> Place:
    row, leaf = use_of("blend")
    sql("DELETE FROM consent_use WHERE id = %s", row)
    return "use.lost", leaf, USED, ""


@manipulation
def a_use_is_put_in_anothers_name(scene: Scene) -> Place:
    row, leaf = use_of("share_in_session")
    sql("UPDATE consent_use SET actor = %s WHERE id = %s", str(scene.members["mira"].pseudonym), row)
    return "use.row", leaf, USED, str(row)


@manipulation
def a_use_is_told_of_another_purpose(scene: Scene) -> Place:
    row, leaf = use_of("blend")
    sql("UPDATE consent_use SET purpose = 'share_in_session' WHERE id = %s", row)
    return "use.row", leaf, USED, str(row)


@manipulation
def a_dream_is_listed_twice_in_a_use(scene: Scene) -> Place:
    use, leaf = use_of("blend")
    copied = columns(LISTED, id=uuid4(), contribution=uuid4())
    sql(f"INSERT INTO consent_use_subject SELECT {copied} WHERE id = %s", listed_in(use))
    return "use.list", leaf, LISTED, ""


@manipulation
def a_dream_is_taken_off_the_list_of_a_use(scene: Scene) -> Place:
    use, leaf = use_of("blend")
    sql("DELETE FROM consent_use_subject WHERE id = %s", listed_in(use))
    return "use.list", leaf, LISTED, ""


@manipulation
def a_line_breaks_in_what_stands_for_a_dream_in_a_use(scene: Scene) -> Place:
    use, leaf = use_of("blend")
    sql("UPDATE consent_use_subject SET commitment = E'a\\nb' WHERE id = %s", listed_in(use))
    return "use.list", leaf, LISTED, ""


@manipulation
def a_use_is_shown_to_another_dreamer(scene: Scene) -> Place:
    use, leaf = use_of("blend")
    row = listed_in(use)
    sql(
        "UPDATE consent_use_subject SET dreamer_id = %s WHERE id = %s",
        scene.strangers["mira"].dreamer_id,
        row,
    )
    return "use.subject", leaf, LISTED, str(row)


@manipulation
def a_use_is_told_of_another_dream(scene: Scene) -> Place:
    use, leaf = use_of("blend")
    row = listed_in(use)
    sql("UPDATE consent_use_subject SET contribution = %s WHERE id = %s", uuid4(), row)
    return "use.subject", leaf, LISTED, str(row)


@manipulation
def a_patched_gate_opens_what_was_refused(scene: Scene) -> Place:
    """The process no longer asks what was consented to, and opens a dream for a purpose that was refused."""
    row = scene.lent("ezra")
    kept = InForce.verdict
    InForce.verdict = lambda self, contribution, purpose, *, at: Verdict(  # type: ignore[method-assign]
        kept(self, contribution, Purpose.BLEND, at=at).stated, ""
    )
    try:
        with tenant(guild=scene.guild, dreamer=scene.members["ayla"].dreamer_id):
            used = gate.open_for(
                [lent_of(row)],
                purpose=Purpose.PUBLISH_TO_GUILD,
                actor=scene.members["ayla"].pseudonym,
                on="session",
                subject=scene.session.pk,
            )
    finally:
        InForce.verdict = kept  # type: ignore[method-assign]
    return "use.forbidden", used.leaf_index, LISTED, str(row.pk)
