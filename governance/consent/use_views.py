"""What the page of uses fetches to check one of them."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from governance.consent.use_proofs import proof_of_use
from guild.tenancy.requests import DreamerRequest


@never_cache
@require_safe
def use_proof(request: DreamerRequest, part: UUID) -> HttpResponse:
    """My part in one use, with what its check needs."""
    return JsonResponse(dict(proof_of_use(request.user.pk, part)))
