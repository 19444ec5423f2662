"""What members say about a proposal."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from governance.deliberation import arguing
from governance.deliberation.answering import said
from governance.deliberation.enums import Stance
from governance.deliberation.forms import ArgumentForm, ReplyForm
from governance.deliberation.selectors import argument_for, proposal_for
from governance.deliberation.views import page_again, render_page
from guild.tenancy.requests import GuildRequest


@never_cache
@require_POST
def argue(request: GuildRequest, guild_slug: str, decision_id: UUID) -> HttpResponseBase:
    """Give a reason, or ask a question."""
    proposal = proposal_for(request.membership, decision_id)
    form = ArgumentForm(request.POST)
    if form.is_valid():
        words = form.cleaned_data
        made = said(
            form,
            lambda: arguing.argue(
                proposal=proposal,
                by=request.membership,
                stance=Stance(words["stance"]),
                text=words["text"],
            ),
        )
        if made is not None:
            messages.success(request, "It stands below.", extra_tags=f"draft:argue-{proposal.pk}")
            return redirect(_place(guild_slug, decision_id, made.pk))
    return render_page(request, proposal, argument_form=form)


@never_cache
@require_POST
def reply(request: GuildRequest, guild_slug: str, argument_id: UUID) -> HttpResponseBase:
    """Reply to what was said."""
    parent = argument_for(request.membership, argument_id)
    form, by = ReplyForm(request.POST), request.membership
    if not form.is_valid() or not said(
        form,
        lambda: arguing.argue(
            proposal=parent.proposal,
            by=by,
            stance=Stance(parent.stance),
            text=form.cleaned_data["text"],
            parent=parent,
        ),
    ):
        return page_again(request, parent.proposal, form, name="text", label="Your reply")
    messages.success(request, "Your reply stands below.", extra_tags=f"draft:reply-{parent.pk}")
    return redirect(_place(guild_slug, parent.proposal_id, parent.pk))


@never_cache
@require_POST
def edit(request: GuildRequest, guild_slug: str, argument_id: UUID) -> HttpResponseBase:
    """Put otherwise what one said oneself."""
    argument = argument_for(request.membership, argument_id)
    form, by = ReplyForm(request.POST), request.membership
    if not form.is_valid() or not said(
        form, lambda: arguing.edit(argument=argument, by=by, text=form.cleaned_data["text"])
    ):
        return page_again(request, argument.proposal, form, name="text")
    messages.success(request, "It stands as you put it now.", extra_tags=f"draft:edit-{argument.pk}")
    return redirect(_place(guild_slug, argument.proposal_id, argument.pk))


def _place(guild_slug: str, proposal: UUID, argument: UUID) -> str:
    return f"{reverse('deliberation:proposal', args=[guild_slug, proposal])}#said-{argument}"
