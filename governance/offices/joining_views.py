"""The door for whoever brings an invitation, signed in or not.

The code comes in the body of a form and is forgotten at once. What this browser's session keeps until the
person is in (or does not want to be) is which guild, and the digest.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from governance.offices.brief import law_in_brief
from governance.offices.codes import Named
from governance.offices.errors import InvitationGone, NameTaken, TooOften
from governance.offices.invitation_forms import CodeForm, JoinForm
from governance.offices.invitations import accept
from governance.offices.inviting import Invited, invited_by
from governance.offices.kept import forget, keep, kept
from governance.offices.rates import count


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponseBase:
    """What the invitation is to; POST comes in, under the name and in the hue that were chosen."""
    named = kept(request)
    if named is None:
        return _ask_for_code(request, CodeForm())
    try:
        invited = invited_by(named, dreamer=request.user.pk)
    except InvitationGone as gone:
        return _forgotten(request, str(gone))
    if invited.membership is not None:
        forget(request)
        messages.info(request, f"You are a member of {invited.guild.name} already.")
        return redirect("portal:guild", invited.guild.slug)
    if request.method != "POST":
        return _door(request, invited, JoinForm(initial=_suggested(request, invited)))
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={reverse('joining:join')}")
    return _come_in(request, named, invited)


@sensitive_post_parameters("code")
@login_not_required
@never_cache
@require_POST
def bring(request: HttpRequest) -> HttpResponseBase:
    """Take a code, and lead to what it is an invitation to."""
    form = CodeForm(request.POST)
    try:
        count(request, action="open_invitation")
    except TooOften as refusal:
        return _ask_for_code(request, CodeForm(), said=str(refusal), status=429)
    if not form.is_valid():
        return _ask_for_code(request, form, status=422)
    named: Named = form.cleaned_data["code"]
    try:
        invited_by(named, dreamer=request.user.pk)
    except InvitationGone as gone:
        return _ask_for_code(request, CodeForm(), said=str(gone), status=422)
    keep(request, named)
    return redirect("joining:join")


@login_not_required
@never_cache
@require_POST
def put_away(request: HttpRequest) -> HttpResponseBase:
    """Not now: this browser forgets the invitation."""
    forget(request)
    return redirect("portal:night" if request.user.is_authenticated else "joining:join")


def _come_in(request: HttpRequest, named: Named, invited: Invited) -> HttpResponseBase:
    form = JoinForm(request.POST)
    if form.is_valid() and request.user.pk is not None:
        try:
            member = accept(named=named, dreamer=request.user.pk, **form.cleaned_data)
        except NameTaken as taken:
            form.add_error("display_name", str(taken))
        except InvitationGone as gone:
            return _forgotten(request, str(gone))
        else:
            forget(request)
            messages.success(request, f"Welcome to {member.guild.name}, {member.display_name}.")
            return redirect("portal:guild", member.guild.slug)
    return _door(request, invited, form, status=422)


def _door(request: HttpRequest, invited: Invited, form: JoinForm, *, status: int = 200) -> HttpResponse:
    context = {"invited": invited, "form": form, "law": law_in_brief(invited.guild)}
    return render(request, "governance/offices/join.html", context, status=status)


def _ask_for_code(request: HttpRequest, form: CodeForm, *, said: str = "", status: int = 200) -> HttpResponse:
    context = {"form": form, "said": said}
    return render(request, "governance/offices/bring.html", context, status=status)


def _suggested(request: HttpRequest, invited: Invited) -> dict[str, object]:
    """The name that the account has, and the hue that comes next."""
    return {"display_name": getattr(request.user, "name", ""), "hue": invited.next_hue}


def _forgotten(request: HttpRequest, said: str) -> HttpResponse:
    forget(request)
    return _ask_for_code(request, CodeForm(), said=said, status=410)
