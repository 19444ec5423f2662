"""A guild as a witness over HTTP (c2sp.org/tlog-witness), for the logs of other houses."""

import hashlib
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from governance.ledger.guild_witness import GuildWitness
from governance.ledger.witnessing import MOST_BODY_BYTES, Reply
from guild.tenancy.context import tenant
from guild.tenancy.errors import NotAMember
from guild.tenancy.selectors import guild_by_id

A_MINUTE = 60
MOST_A_MINUTE = 120  # from one address: a log asks once in some seconds


@login_not_required
@csrf_exempt  # no cookie gives any right here: the log's signature does
@require_POST
def add_checkpoint(request: HttpRequest, guild_id: UUID) -> HttpResponse:
    """Cosign another log's checkpoint if it continues what this guild has seen of it."""
    body = request.read(MOST_BODY_BYTES + 1)
    reply = _refusal(request, guild_id, body) or GuildWitness(guild_id).add_checkpoint(body)
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(reply.body, content_type=reply.content_type, status=reply.status, headers=headers)


def _refusal(request: HttpRequest, guild: UUID, body: bytes) -> Reply | None:
    """Why the request is not even looked at, if so."""
    if _is_too_often(request):
        return Reply(429, "Too many checkpoints from one address: ask again in a minute.\n")
    if len(body) > MOST_BODY_BYTES:
        return Reply(413, f"A request has at most {MOST_BODY_BYTES} bytes.\n")
    try:
        with tenant(guild=guild):
            guild_by_id(guild)
    except NotAMember:
        return Reply(404, "There is no such witness.\n")
    return None


def _is_too_often(request: HttpRequest) -> bool:
    address = get_adapter(request).get_client_ip(request)
    key = f"ledger-witness:{hashlib.sha256(address.encode()).hexdigest()}"
    if cache.add(key, 1, timeout=A_MINUTE):
        return False
    try:
        return cache.incr(key) > MOST_A_MINUTE
    except ValueError:  # it ran out in between: a new minute has begun
        return False
