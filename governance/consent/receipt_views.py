"""Files that a dreamer takes along: receipts and proofs. And the record of processing, for members."""

import json
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from governance.consent import house, issuing, processing_record
from governance.consent.processing_record import Record
from governance.consent.purposes import REGISTRY
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.models import Guild
from guild.tenancy.requests import DreamerRequest, GuildRequest

JSON_LD = "application/ld+json"
PROOF = "text/plain; charset=utf-8"


@never_cache
@require_safe
def receipt(request: DreamerRequest, statement: UUID) -> HttpResponse:
    """The receipt of a statement of mine."""
    return receipt_file(request.user.pk, statement)


@never_cache
@require_safe
def proof(request: DreamerRequest, statement: UUID) -> HttpResponse:
    """The proof that it stands in the guild's log."""
    return proof_of_file(request.user.pk, statement)


@require_safe
def processing(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """What this guild does with personal data, for its members."""
    record = record_for(request)
    return render(
        request, "governance/consent/processing.html", {"record": record, "said": processing_record}
    )


@require_safe
def processing_json(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """The same, for machines."""
    return JsonResponse(processing_record.as_json(record_for(request)), content_type=JSON_LD)


def record_for(request: GuildRequest) -> Record:
    """The record of the guild in the address. Raises Denied."""
    guild: Guild = request.guild
    require(actor=request.membership, action=Action.VIEW_GUILD, resource=entities.guild(guild.pk))
    return processing_record.record(
        REGISTRY.values(),
        controller=house.controller(guild),
        processor=house.processor(),
        authority=house.authority(),
        stored_in=settings.STORAGE_LOCATION,
        jurisdiction=settings.JURISDICTION,
    )


def receipt_file(dreamer: UUID, statement: UUID) -> HttpResponse:
    """As a download. Raises NoSuchConsent."""
    body = json.dumps(issuing.receipt_of(dreamer, statement), ensure_ascii=False, indent=2)
    return _file(body.encode(), kind=JSON_LD, name=f"receipt-{statement}.json")


def proof_of_file(dreamer: UUID, statement: UUID) -> HttpResponse:
    """As a download. Raises NoSuchConsent."""
    return _file(issuing.proof_of(dreamer, statement), kind=PROOF, name=f"receipt-{statement}.tlog-proof")


def _file(body: bytes, *, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
