"""The log as outsiders read it: a tiled log (c2sp.org/tlog-tiles), public, without sign-in and without words.

Leaves hold tokens alone, and only what a signed checkpoint covers is shown. Nothing here knows who asks.
"""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from governance.ledger import signing
from governance.ledger.errors import LeafMissing, NoteMalformed
from governance.ledger.selectors import latest_checkpoint, signed_note
from governance.ledger.serving import tile_bytes
from governance.ledger.tiles import parse_path
from guild.tenancy.context import tenant
from guild.tenancy.errors import NotAMember
from guild.tenancy.selectors import guild_by_id

TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400, immutable"  # a partial tile never changes either, but is soon outgrown
NOT_AT_ALL = "no-cache"

Read = Callable[..., HttpResponse]


def _public(read: Read) -> Read:
    """Answer anybody's GET and HEAD inside the tenant of the guild in the address; 404 in plain words."""

    @wraps(read)
    def view(request: HttpRequest, guild_id: UUID, **rest: str) -> HttpResponse:
        try:
            with tenant(guild=guild_id):
                response = read(request, guild_id, **rest)
        except (LeafMissing, NoteMalformed, NotAMember):
            response = _answer("There is nothing at this address of a log.\n", TEXT, NOT_AT_ALL, status=404)
        response["Access-Control-Allow-Origin"] = "*"  # a page of somebody else's may verify this log too
        return response

    return login_not_required(require_safe(view))


@_public
def checkpoint(request: HttpRequest, guild_id: UUID) -> HttpResponse:
    """The newest signed note with its cosignatures."""
    newest = latest_checkpoint(guild_id)
    if newest is None:
        raise LeafMissing("This log has not been signed yet.")
    return _answer(signed_note(newest), TEXT, NOT_AT_ALL)


@_public
def tile(request: HttpRequest, guild_id: UUID, level: str, name: str) -> HttpResponse:
    """A tile of hashes."""
    return _tile(guild_id, f"{level}/{name}")


@gzip_page
@_public
def entries(request: HttpRequest, guild_id: UUID, name: str) -> HttpResponse:
    """A bundle of entries, compressed for those who accept it."""
    return _tile(guild_id, f"entries/{name}")


def _tile(guild: UUID, path: str) -> HttpResponse:
    asked = parse_path(path)
    return _answer(tile_bytes(guild, asked), BYTES, FOR_EVER if asked.is_full else FOR_A_DAY)


@_public
def vkey(request: HttpRequest, guild_id: UUID) -> HttpResponse:
    """The key that verifies this log. Whoever wants to trust nobody takes it from somewhere else."""
    guild_by_id(guild_id)
    return _answer(f"{signing.log_signer(guild_id).verifier.vkey}\n", TEXT, NOT_AT_ALL)


@_public
def witness_vkey(request: HttpRequest, guild_id: UUID) -> HttpResponse:
    """The key that verifies what this guild cosigns."""
    guild_by_id(guild_id)
    return _answer(f"{signing.witness_signer(guild_id).verifier.vkey}\n", TEXT, NOT_AT_ALL)


def _answer(content: str | bytes, content_type: str, cache: str, *, status: int = 200) -> HttpResponse:
    headers = {"Cache-Control": cache}
    return HttpResponse(content, content_type=content_type, headers=headers, status=status)
