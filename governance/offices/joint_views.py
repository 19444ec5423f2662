"""What takes two persons: asked by one, agreed by another, and seen by every member."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from governance.offices import exporting, joint
from governance.offices.enums import GuildActKind, GuildActState
from governance.offices.errors import OfficeRefused
from governance.offices.joint_models import GuildAct
from governance.offices.member_forms import AskForm
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import authorize, require
from guild.tenancy.requests import GuildRequest

SHOWN = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: GuildRequest, guild_slug: str) -> HttpResponseBase:
    """What was asked for; POST asks for something."""
    me = request.membership
    require(actor=me, action=Action.VIEW_GUILD, resource=entities.guild(me.guild_id))
    if request.method == "POST":
        form = AskForm(request.POST)
        if form.is_valid():
            kind = GuildActKind(form.cleaned_data["kind"])
            return _done(request, lambda: joint.ask(by=me, kind=kind), "Asked. A second person has to agree.")
    return render(request, "governance/offices/together.html", _context(request))


@never_cache
@require_POST
def agree(request: GuildRequest, guild_slug: str, act_id: UUID) -> HttpResponseBase:
    """Be the second person."""
    me = request.membership
    return _done(request, lambda: joint.agree(by=me, act=act_id), "Agreed; the ledger says by whom.")


@never_cache
@require_POST
def take_back(request: GuildRequest, guild_slug: str, act_id: UUID) -> HttpResponseBase:
    """Let it be."""
    me = request.membership
    return _done(request, lambda: joint.take_back(by=me, act=act_id), "Taken back: nothing was done.")


@never_cache
@require_POST
def object_to(request: GuildRequest, guild_slug: str, act_id: UUID) -> HttpResponseBase:
    """Halt the closing of the guild."""
    me = request.membership
    return _done(request, lambda: joint.object_to(by=me, act=act_id), "Halted: the guild is not closed.")


@never_cache
@require_POST
def export(request: GuildRequest, guild_slug: str, export_id: UUID) -> HttpResponseBase:
    """The archive. Each fetching is a leaf."""
    packed = exporting.fetch(by=request.membership, act=export_id).packed
    answer = HttpResponse(packed, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="guild-{guild_slug}.zip"'
    return answer


def _done(request: GuildRequest, do: Callable[[], GuildAct], said: str) -> HttpResponseBase:
    try:
        do()
    except OfficeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("membership:together", request.guild.slug)


def _context(request: GuildRequest) -> dict[str, object]:
    me = request.membership
    acts = list(joint.acts_of(me.guild_id)[:SHOWN])
    going_on = [act for act in acts if act.state in (GuildActState.ASKED, GuildActState.AGREED)]
    may_ask = authorize(actor=me, action=Action.ASK_GUILD_ACT, resource=entities.guild(me.guild_id)).allowed
    return {
        "going_on": [
            {
                "act": act,
                "may_agree": joint.may_agree(me, act),
                "may_take_back": may_ask,
                "may_object": act.kind == GuildActKind.CLOSE,
                "may_fetch": joint.may_fetch(me, act).allowed,
            }
            for act in going_on
        ],
        "over": [act for act in acts if act not in going_on],
        "may_ask": may_ask,
        "kinds": [kind for kind in GuildActKind if kind.value not in {act.kind for act in going_on}],
    }
