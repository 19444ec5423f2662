"""Every write of experiences. Call inside the guild's tenant; `by` is the acting member.

A version's numbers are written once and never changed; their digest stands in its leaf. A suspension is of
the whole experience: no newer version gets around it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from governance.ledger import services as ledger
from governance.ledger.enums import SYSTEM, LeafKind
from governance.offices.selectors import as_now
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.law import law_of
from governance.policies.services import Decision, require
from guild.tenancy.models import Guild, Membership
from lounges.experiences import announcing, recipe, selectors
from lounges.experiences.enums import VersionState
from lounges.experiences.errors import NotNow, Unfit
from lounges.experiences.models import Approval, Experience, ExperienceVersion
from lounges.experiences.recipe import OutOfBounds, Recipe

LONGEST_NAME, LONGEST_DESCRIPTION, LONGEST_NOTE = 80, 1_000, 500
MOST_VERSIONS = 100


@transaction.atomic
def write(*, by: Membership, name: str, description: str, numbers: Mapping[str, Any]) -> ExperienceVersion:
    """A new experience, with its first version as a draft. Raises Denied, Unfit."""
    decision = require(actor=by, action=Action.WRITE_EXPERIENCE, resource=entities.guild(by.guild_id))
    called = _plain_text(name, field="name", longest=LONGEST_NAME)
    about = _plain_text(description, field="description", longest=LONGEST_DESCRIPTION, may_be_empty=True)
    checked = _recipe(by, numbers)
    ledger.hold(guild=by.guild_id)
    if called == selectors.PLAIN_NAME:
        raise Unfit("name", "This is what the house's own recipe is called; choose another name.")
    try:
        with transaction.atomic():
            row = Experience.objects.create(guild_id=by.guild_id, name=called, description=about, author=by)
    except IntegrityError:
        raise Unfit("name", "There is an experience of this name already; choose another name.") from None
    return _version(row, checked, number=1, note="", by=by, decision=decision)


@transaction.atomic
def revise(
    *, by: Membership, experience: Experience, numbers: Mapping[str, Any], note: str, on: int
) -> ExperienceVersion:
    """A new version, as a draft, over version `on`; the ones before stay as they are.

    Raises Denied, Unfit, NotNow when somebody else wrote one meanwhile, or for the house's plain recipe.
    """
    decision = require(actor=by, action=Action.WRITE_EXPERIENCE, resource=entities.guild(by.guild_id))
    said = _plain_text(note, field="note", longest=LONGEST_NOTE)
    checked = _recipe(by, numbers)
    ledger.hold(guild=by.guild_id)
    if experience.is_plain:
        raise NotNow("The plain recipe is the house's own: write an experience of the guild's instead.")
    newest = ExperienceVersion.objects.filter(guild_id=by.guild_id, experience=experience).last()
    number = 1 if newest is None else newest.number + 1
    if number != on + 1:
        raise NotNow("Somebody wrote another version meanwhile: look at it, and write yours after it.")
    if number > MOST_VERSIONS:
        raise NotNow(f"An experience has at most {MOST_VERSIONS} versions: write a new experience.")
    if newest is not None and newest.recipe == checked:
        raise Unfit("note", "These are the numbers of the version before; change at least one.")
    return _version(experience, checked, number=number, note=said, by=by, decision=decision)


@transaction.atomic
def try_out(*, by: Membership, version: ExperienceVersion) -> ExperienceVersion:
    """Open a draft to be tried, and to be approved. Twice is once. Raises Denied."""
    decision = require(actor=by, action=Action.WRITE_EXPERIENCE, resource=entities.guild(by.guild_id))
    ledger.hold(guild=by.guild_id)
    draft = ExperienceVersion.objects.filter(guild_id=by.guild_id, pk=version.pk, state=VersionState.DRAFT)
    if draft.update(state=VersionState.EXPERIMENTAL):
        _record(LeafKind.EXPERIENCE_TRIED, version, actor=by.pseudonym, policy_set=decision.policy_set)
        announcing.tried(version, by=by)
    version.refresh_from_db(fields=["state"])
    return version


@transaction.atomic
def approve(*, by: Membership, version: ExperienceVersion) -> ExperienceVersion:
    """Approve a version, as an enforcer who did not write it; with as many approvals as the guild's law asks
    for, and at least one, it is approved. Twice is once. Raises Denied, NotNow.
    """
    ledger.hold(guild=by.guild_id)
    rows = ExperienceVersion.objects.select_related("experience", "author")
    held = rows.get(guild_id=by.guild_id, pk=version.pk)
    resource = selectors.resource_to_approve(held, to=by)
    decision = require(actor=as_now(by), action=Action.APPROVE_EXPERIENCE, resource=resource, voted=False)
    if held.state == VersionState.APPROVED:
        return held
    given = Approval.objects.filter(
        guild_id=by.guild_id, version=held, enforcer__dreamer_id=by.dreamer_id
    )  # by a person, however often they came into the guild
    if not given.exists():
        leaf = _record(LeafKind.EXPERIENCE_ENDORSED, held, actor=by.pseudonym, policy_set=decision.policy_set)
        Approval.objects.create(guild_id=by.guild_id, version=held, enforcer=by, leaf=leaf)
    if selectors.approvals_of(held) >= max(1, law_of(by.guild).experiences_approved_by):
        _approved(held, actor=by.pseudonym, policy_set=decision.policy_set, because="enforcers")
    return held


@transaction.atomic
def approve_by_vote(*, guild: Guild, experience: UUID, reference: UUID) -> ExperienceVersion:
    """Approve the newest version of an experience because members decided so; `reference` is their proposal.

    The guild itself acts. Approving what is approved changes nothing. Raises Denied for a draft, NotNow where
    there is no version.
    """
    ledger.hold(guild=guild.pk)
    held = (
        ExperienceVersion.objects.filter(guild_id=guild.pk, experience_id=experience)
        .select_related("experience")
        .last()
    )
    if held is None:
        raise NotNow("There is no version of this experience that could be approved.")
    resource = selectors.resource_to_approve(held)
    decision = require(actor=guild, action=Action.APPROVE_EXPERIENCE, resource=resource, voted=True)
    if held.state != VersionState.APPROVED:
        _approved(held, actor=SYSTEM, policy_set=decision.policy_set, because="vote", reference=reference)
    return held


def suspend(*, guild: Guild, version: ExperienceVersion | None, halt: UUID, at: datetime) -> Experience:
    """Suspend what a halted blend was to be made by, pending a ruling; None is the plain recipe. Call holding
    the guild's ledger, in the transaction of the halt.
    """
    row = _plain_row(guild) if version is None else Experience.objects.get(pk=version.experience_id)
    resource = selectors.resource_of(row, version)
    decision = require(actor=guild, action=Action.SUSPEND_EXPERIENCE, resource=resource, halted=True)
    if row.is_suspended:
        return row
    leaf = ledger.append(
        guild=guild.pk,
        kind=LeafKind.EXPERIENCE_SUSPENDED,
        actor=SYSTEM,
        subjects=[str(row.pk)],
        policy_set=decision.policy_set,
        detail={"halt": halt},
        at=at,
    )
    row.suspended_at, row.suspended_leaf = at, leaf.index
    row.save(update_fields=["suspended_at", "suspended_leaf"])
    return row


def lift(*, guild: Guild, experience: UUID, ruling: UUID, at: datetime) -> bool:
    """Let a suspended experience be used again, because a ruling in force says so; whether it was suspended.
    Call holding the guild's ledger.
    """
    row = Experience.objects.get(guild_id=guild.pk, pk=experience)
    resource = selectors.resource_of(row, None)
    decision = require(actor=guild, action=Action.LIFT_EXPERIENCE, resource=resource, ruled=True)
    if not row.is_suspended:
        return False
    leaf = ledger.append(
        guild=guild.pk,
        kind=LeafKind.EXPERIENCE_LIFTED,
        actor=SYSTEM,
        subjects=[str(row.pk)],
        policy_set=decision.policy_set,
        detail={"ruling": ruling},
        at=at,
    )
    row.suspended_at, row.suspended_leaf = None, leaf.index
    row.save(update_fields=["suspended_at", "suspended_leaf"])
    return True


def _plain_row(guild: Guild) -> Experience:
    """The plain recipe's row, made now that something happens to it; the guild's ledger is held."""
    row = selectors.plain_of(guild.pk)
    if row._state.adding:
        row.save(force_insert=True)
    return row


def _recipe(by: Membership, numbers: Mapping[str, Any]) -> Recipe:
    """The numbers, checked against their bounds and the guild's floor. Raises Unfit."""
    try:
        checked = recipe.read(numbers)
    except OutOfBounds as error:
        raise Unfit(error.field, str(error)) from error
    floor = law_of(by.guild).individuality_floor
    if checked.floor is not None and checked.floor < floor:
        raise Unfit(
            "floor", f"The floor of this guild is {floor:.2f}: choose one as high, or leave it empty."
        )
    return checked


def _version(
    row: Experience, checked: Recipe, *, number: int, note: str, by: Membership, decision: Decision
) -> ExperienceVersion:
    identity, now = uuid4(), timezone.now()
    leaf = ledger.append(
        guild=by.guild_id,
        kind=LeafKind.EXPERIENCE_WRITTEN,
        actor=by.pseudonym,
        subjects=[str(row.pk), str(identity)],
        policy_set=decision.policy_set,
        detail={"number": number, "numbers": checked.digest},
        at=now,
    )
    return ExperienceVersion.objects.create(
        id=identity,
        guild_id=by.guild_id,
        experience=row,
        number=number,
        numbers=checked.numbers,
        note=note,
        author=by,
        written_at=now,
        leaf=leaf.index,
    )


def _approved(
    version: ExperienceVersion,
    *,
    actor: UUID | str,
    policy_set: str,
    because: str,
    reference: UUID | None = None,
) -> None:
    leaf = _record(
        LeafKind.EXPERIENCE_APPROVED,
        version,
        actor=actor,
        policy_set=policy_set,
        because=because,
        reference=reference,
    )
    version.state, version.approved_leaf = VersionState.APPROVED, leaf
    version.save(update_fields=["state", "approved_leaf"])


def _record(
    kind: LeafKind, version: ExperienceVersion, *, actor: UUID | str, policy_set: str, **detail: Any
) -> int:
    leaf = ledger.append(
        guild=version.guild_id,
        kind=kind,
        actor=actor,
        subjects=[str(version.experience_id), str(version.pk)],
        policy_set=policy_set,
        detail=detail,
    )
    return leaf.index


def _plain_text(text: str, *, field: str, longest: int, may_be_empty: bool = False) -> str:
    """`text` without space around it. Raises Unfit."""
    words = text.strip()
    if not words and not may_be_empty:
        raise Unfit(field, "Write a few words first.")
    if len(words) > longest:
        raise Unfit(field, f"Shorten this by {len(words) - longest:,} characters; {longest:,} fit.")
    if not words.isprintable() and any(not c.isprintable() and c not in "\r\n\t" for c in words):
        raise Unfit(field, "This contains characters that are not text; paste it as plain text.")
    return words
