"""Decisions of one press: who takes a finding up, whether a ruling is confirmed, a suspension lifted."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from governance.offices import suspending
from governance.offices.errors import OfficeRefused
from governance.oversight import ruling
from governance.oversight.access import enforcers_of, finding_for, ruling_for
from governance.oversight.errors import NotNow, Unfit
from governance.oversight.forms import AssignForm
from guild.tenancy.requests import GuildRequest


@require_POST
def assign(request: GuildRequest, guild_slug: str, finding_id: UUID) -> HttpResponse:
    """Give a finding to an enforcer, or back to all of them."""
    finding = finding_for(request.membership, finding_id)
    form = AssignForm(request.POST, enforcers=enforcers_of(request.guild.pk))
    if not form.is_valid():
        raise BadRequest("Choose an enforcer of this guild, or nobody in particular.")
    to = form.chosen()
    done = f"{to.display_name} takes it up." if to else "It waits for any enforcer."
    with telling(request, done):
        ruling.assign(finding=finding, by=request.membership, to=to)
    return redirect("oversight:finding", guild_slug, finding_id)


@require_POST
def confirm(request: GuildRequest, guild_slug: str, proposal_id: UUID) -> HttpResponse:
    """Let a proposed ruling take effect, as a second enforcer."""
    made = ruling_for(request.membership, proposal_id)
    with telling(request, "The ruling is in force, and what it orders is done."):
        ruling.confirm(ruling=made, by=request.membership)
    return redirect("oversight:finding", guild_slug, made.finding_id)


@require_POST
def decline(request: GuildRequest, guild_slug: str, proposal_id: UUID) -> HttpResponse:
    """Let a proposed ruling fall."""
    made = ruling_for(request.membership, proposal_id)
    with telling(request, "The ruling fell: it had no effect, and the finding waits for another."):
        ruling.decline(ruling=made, by=request.membership)
    return redirect("oversight:finding", guild_slug, made.finding_id)


@require_POST
def ask_to_lift(request: GuildRequest, guild_slug: str, suspension_id: UUID) -> HttpResponse:
    """Ask that a suspended office be given back."""
    with telling(request, "Asked. Another enforcer can lift it now."):
        suspending.ask_to_lift(by=request.membership, suspension=suspension_id)
    return redirect("oversight:home", guild_slug)


@require_POST
def lift(request: GuildRequest, guild_slug: str, suspension_id: UUID) -> HttpResponse:
    """Agree that a suspended office be given back."""
    with telling(request, "The suspension is lifted."):
        suspending.lift(by=request.membership, suspension=suspension_id)
    return redirect("oversight:home", guild_slug)


@contextmanager
def telling(request: HttpRequest, done: str) -> Iterator[None]:
    """Say that it was done, or why it could not be; nothing of what could not be stays behind."""
    try:
        with transaction.atomic():
            yield
    except (NotNow, Unfit, OfficeRefused) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
