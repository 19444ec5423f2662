"""Answers from the pages of consent: one press each, for one dream or for all one lends somewhere."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance.consent import answering
from governance.consent.answering import Answered, Target
from governance.consent.enums import ConsentState, Purpose, Scope
from governance.consent.errors import TermsRefused
from governance.consent.forms import AnswerForm, TargetForm
from governance.consent.purposes import REGISTRY
from guild.tenancy.requests import DreamerRequest

NOT_SAVED = "There is no such answer; nothing was saved."


@require_POST
def answer(request: DreamerRequest) -> HttpResponseBase:
    """Save one answer and lead back to where it was given. What cannot stand says why, and is not saved."""
    form = AnswerForm(request.POST, time_zone=request.user.time_zone)
    if not form.is_valid():
        raise BadRequest(NOT_SAVED)
    try:
        done = _save(request, form)
    except TermsRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _said(form.state, form.purpose_given, form.target, done))
    return _back(form.target)


@require_POST
def take_back_in_each(request: DreamerRequest) -> HttpResponseBase:
    """Take back a purpose in every dream that allows it by a word of its own."""
    form = TargetForm(request.POST)
    if not form.is_valid():
        raise BadRequest(NOT_SAVED)
    count = answering.take_back_in_each(by=request.user.pk, target=form.target, purpose=form.purpose_given)
    dreams = "1 dream" if count == 1 else f"{count} dreams"
    messages.success(request, f"Taken back in {dreams}.")
    return _back(form.target)


def _save(request: DreamerRequest, form: AnswerForm) -> Answered:
    by, target, purpose, read = request.user.pk, form.target, form.purpose_given, form.cleaned_data["notice"]
    if form.state is ConsentState.REFUSED:
        return answering.refuse(by=by, target=target, purpose=purpose, read=read)
    if form.state is ConsentState.DEFERRED:
        return answering.defer(by=by, target=target, purpose=purpose, read=read)
    return answering.give(
        by=by, target=target, purpose=purpose, read=read, depth=form.depth_given, expires_at=form.expiry
    )


def _said(state: ConsentState, purpose: Purpose, target: Target, done: Answered) -> str:
    title = REGISTRY[purpose].title
    if target.scope is Scope.CONTRIBUTION:
        return f"Saved. {title}: {'yes' if state is ConsentState.GIVEN else _no(state)}."
    touched = len(done.opened) + len(done.shut)
    what = "no dream you lend changes by it" if not touched else f"{touched} of your lent dreams change by it"
    answered = "yes" if state is ConsentState.GIVEN else _no(state)
    return f"Saved. {title}, {target.scope.label}: {answered}; {what}."


def _no(state: ConsentState) -> str:
    return "not now" if state is ConsentState.DEFERRED else "no"


def _back(target: Target) -> HttpResponseBase:
    if target.scope is Scope.CONTRIBUTION:
        return redirect("consent:dream", target.id)
    return redirect(f"{reverse('consent:standing')}#place-{target.id}")
