"""Pages of lounges: what is on, and, for those who host, opening a session or planning one."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.law import law_of
from governance.policies.services import authorize
from guild.tenancy.requests import GuildRequest
from lounges.experiences import selectors as experiences
from lounges.experiences.enums import VersionState
from lounges.experiences.models import ExperienceVersion
from lounges.sessions import selectors, services
from lounges.sessions.confidentiality import CONFIDENTIALITY_HINTS
from lounges.sessions.errors import Invalid
from lounges.sessions.formats import FORMATS
from lounges.sessions.forms import LATER, LoungeForm, SessionForm
from lounges.sessions.hours import minute_of
from lounges.sessions.models import Lounge, Session


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lounge_list(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """Every lounge of the guild; a form for a new one, for those who may make one."""
    me = request.membership
    may_make = authorize(actor=me, action=Action.MANAGE_LOUNGE, resource=entities.guild(me.guild_id)).allowed
    form = LoungeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = _made(request, form)
        if made is not None:
            return redirect("sessions:lounge", guild_slug, made.slug)
    context = {"lounges": selectors.lounges_for(me), "form": form, "may_make": may_make}
    return render(request, "lounges/sessions/lounges.html", context, status=_status(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lounge(request: GuildRequest, guild_slug: str, lounge_slug: str) -> HttpResponseBase:
    """One lounge: open, upcoming and past sessions, and a form for the next one."""
    place = selectors.lounge_for(request.membership, lounge_slug)
    opening = _opening(request, place)
    form = SessionForm(
        request.POST if request.method == "POST" else None,
        initial={} if opening["may_open"] else {"when": LATER},
        time_zone=request.user.time_zone,
        experiences=_experiences(request),
    )
    if request.method == "POST" and form.is_valid():
        session = _opened(request, place, form)
        if session is not None:
            return redirect("sessions:live", guild_slug, session.pk)
    context = {
        "lounge": place,
        "timetable": selectors.timetable_of(place),
        "form": form,
        "formats": {form.name: form.description for form in FORMATS.values()},
        "degrees": CONFIDENTIALITY_HINTS,
        **opening,
    }
    return render(request, "lounges/sessions/lounge.html", context, status=_status(form))


def _opening(request: GuildRequest, place: Lounge) -> dict[str, Any]:
    """For the page: `may_plan` a session at some hour, `may_open` one at this minute, and `closed`, the
    sentence for whoever may plan one and not open it now.
    """
    me, resource = request.membership, entities.lounge(id=place.pk, guild=place.guild_id)
    planning = authorize(actor=me, action=Action.OPEN_SESSION, resource=resource)
    minute = minute_of(timezone.now(), clock=law_of(request.guild).clock)
    now = authorize(actor=me, action=Action.OPEN_SESSION, resource=resource, minute=minute)
    closed = " ".join(now.reasons) if planning.allowed and not now.allowed else ""
    return {"may_plan": planning.allowed, "may_open": now.allowed, "closed": closed}


def _experiences(request: GuildRequest) -> list[tuple[str, str]]:
    """What a session may be held by, in words; the plain recipe first."""
    usable = experiences.is_plain_usable(request.membership)
    plain = experiences.PLAIN_NAME if usable else f"{experiences.PLAIN_NAME}, suspended: meet without a blend"
    versions = experiences.usable_for(request.membership)
    return [("", plain), *((str(one.pk), _in_words(one)) for one in versions)]


def _in_words(version: ExperienceVersion) -> str:
    label = "" if version.state == VersionState.APPROVED else f", {version.get_state_display()}"
    return f"{version.experience.name}, version {version.number}{label}"


def _made(request: GuildRequest, form: LoungeForm) -> Lounge | None:
    try:
        return services.make_lounge(by=request.membership, **form.cleaned_data)
    except Invalid as error:
        form.add_error(error.field, str(error))
        return None


def _opened(request: GuildRequest, place: Lounge, form: SessionForm) -> Session | None:
    try:
        return services.create(
            lounge=place,
            by=request.membership,
            title=form.cleaned_data["title"],
            format=form.cleaned_data["format"],
            confidentiality=form.cleaned_data["confidentiality"],
            opens_at=form.opens,
            experience=form.recipe,
        )
    except Invalid as error:
        form.add_error(error.field, str(error))
        return None


def _status(form: LoungeForm | SessionForm) -> int:
    return HttpResponse.status_code if not form.errors else 422
