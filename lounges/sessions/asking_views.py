"""The page on which a host asks those who lend to a session for a consent."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from governance.consent.enums import Purpose
from guild.tenancy.requests import GuildRequest
from lounges.sessions import asking, selectors
from lounges.sessions.errors import NotNow
from lounges.sessions.forms import AskForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: GuildRequest, guild_slug: str, session_id: UUID) -> HttpResponseBase:
    """What can be asked, and about how many dreams; POST asks for one purpose."""
    session = selectors.heard_session_for(request.membership, session_id)
    questions = asking.questions_for(request.membership, session)
    form = AskForm(request.POST if request.method == "POST" else None, questions=questions)
    if request.method == "POST" and form.is_valid():
        try:
            count = asking.ask(
                session=session, by=request.membership, purpose=Purpose(form.cleaned_data["purpose"])
            )
        except NotNow as error:
            messages.info(request, str(error))
        else:
            dreams = "1 dream" if count == 1 else f"{count} dreams"
            messages.success(request, f"Asked about {dreams}. Who does not answer has allowed nothing.")
        return redirect("sessions:live", guild_slug, session_id)
    context = {"session": session, "form": form, "anybody": any(one.open for one in questions)}
    return render(request, "lounges/sessions/ask.html", context, status=422 if form.errors else 200)
