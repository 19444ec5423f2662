"""The law of a guild in the API: read it, and try a draft on the past."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.policies import constitution
from governance.policies.drafts import DraftRefused, lines, read
from governance.policies.errors import TooOften
from governance.policies.previewing import law_to_try, preview
from governance.policies.serializers import ConstitutionSerializer, LawDraftSerializer, PreviewSerializer
from guild.tenancy.api_requests import me, valid


class Constitution(APIView):
    """The law as it is now, in sentences and in values, and every law before it."""

    @extend_schema(operation_id="law", responses=ConstitutionSerializer)
    def get(self, request: Request, guild_slug: str) -> Response:
        return Response(ConstitutionSerializer(constitution.constitution_for(me(request))).data)


class Preview(GenericAPIView[Any]):
    """What a draft would have denied or allowed over the last 90 days, from the ledger."""

    serializer_class = LawDraftSerializer

    @extend_schema(operation_id="law_preview", request=LawDraftSerializer, responses=PreviewSerializer)
    def post(self, request: Request, guild_slug: str) -> Response:
        law = law_to_try(me(request))
        try:
            draft = read(valid(LawDraftSerializer, request.data))
            found = preview(by=me(request), draft=draft)
        except DraftRefused as refusal:
            raise ValidationError({refusal.field: [str(refusal)]}) from refusal
        except TooOften as refusal:
            raise Throttled(detail=str(refusal)) from refusal
        told = {**vars(found), "denied": found.denied, "allowed": found.allowed, "lines": lines(law, draft)}
        return Response(PreviewSerializer(told).data)
