"""The journal's API: the same services, the same rules and the same 404s as the pages."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from guild.dreamers.models import Dreamer
from guild.journal import selectors, services
from guild.journal.affect import suggest
from guild.journal.downloads import journal_file
from guild.journal.enums import ImportFormat
from guild.journal.errors import DraftRefused, EditedElsewhere, ImportRefused, StagedImportGone
from guild.journal.exporting import CONTENT_TYPES
from guild.journal.highlights import Query
from guild.journal.models import Dream
from guild.journal.records import Draft
from guild.journal.serializers import (
    DraftSerializer,
    DreamSerializer,
    HitSerializer,
    ImportedSerializer,
    ImportPlanSerializer,
    ImportSerializer,
    RevisedDraftSerializer,
    SearchSerializer,
    SuggestionSerializer,
)

FORM_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.UUID,
    OpenApiParameter.HEADER,
    description="The same key sent again gives the same dream and writes nothing.",
)
FORMAT = OpenApiParameter("as", str, enum=ImportFormat.values, required=True)


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class Pages(LimitOffsetPagination):
    default_limit = 50
    max_limit = 200


class DreamList(GenericAPIView[Any]):
    """My dreams, newest night first; and the writing of one."""

    queryset = Dream.objects.none()
    serializer_class = DreamSerializer
    pagination_class = Pages

    @extend_schema(operation_id="dreams_list", responses=DreamSerializer(many=True))
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(selectors.dream_rows_of(_asker(request).pk)) or []
        return self.get_paginated_response(DreamSerializer(selectors.opened(rows), many=True).data)

    @extend_schema(
        operation_id="dreams_write",
        parameters=[FORM_KEY],
        request=DraftSerializer,
        responses={201: DreamSerializer},
    )
    def post(self, request: Request) -> Response:
        by = _asker(request)
        sent = DraftSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        draft = sent.over(Draft(narrative="", dreamed_on=selectors.latest_night_of(by)))
        try:
            dream_id = services.write_dream(by=by, draft=draft, form_key=_form_key(request))
        except DraftRefused as refusal:
            raise _refused(refusal) from refusal
        return Response(_shown(by, dream_id), status=status.HTTP_201_CREATED)


class DreamDetail(APIView):
    """One dream of mine."""

    @extend_schema(operation_id="dreams_read", responses=DreamSerializer)
    def get(self, request: Request, dream_id: UUID) -> Response:
        return Response(_shown(_asker(request), dream_id))

    @extend_schema(operation_id="dreams_replace", request=RevisedDraftSerializer, responses=DreamSerializer)
    def put(self, request: Request, dream_id: UUID) -> Response:
        night = selectors.dream_for(_asker(request).pk, dream_id).dreamed_on
        return self._revise(request, dream_id, base=Draft(narrative="", dreamed_on=night), partial=False)

    @extend_schema(operation_id="dreams_change", request=RevisedDraftSerializer, responses=DreamSerializer)
    def patch(self, request: Request, dream_id: UUID) -> Response:
        base = selectors.dream_for(_asker(request).pk, dream_id).draft
        return self._revise(request, dream_id, base=base, partial=True)

    @extend_schema(operation_id="dreams_delete", responses={204: None})
    def delete(self, request: Request, dream_id: UUID) -> Response:
        services.delete_dream(by=_asker(request), dream_id=dream_id)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _revise(self, request: Request, dream_id: UUID, *, base: Draft, partial: bool) -> Response:
        by = _asker(request)
        sent = RevisedDraftSerializer(data=request.data, partial=partial)
        sent.is_valid(raise_exception=True)
        if "revision" not in sent.validated_data:
            raise ValidationError({"revision": ["Say which revision you read, so that no change is lost."]})
        try:
            services.revise_dream(
                by=by,
                dream_id=dream_id,
                draft=sent.over(base),
                expected_revision=sent.validated_data["revision"],
            )
        except DraftRefused as refusal:
            raise _refused(refusal) from refusal
        except EditedElsewhere as refusal:
            raise Conflict(str(refusal)) from refusal
        return Response(_shown(by, dream_id))


class DreamSuggestion(APIView):
    """What the words of one dream of mine suggest about its feelings."""

    @extend_schema(operation_id="dreams_suggestion", responses=SuggestionSerializer)
    def get(self, request: Request, dream_id: UUID) -> Response:
        dream = selectors.dream_for(_asker(request).pk, dream_id)
        return Response(SuggestionSerializer(suggest(dream.narrative)).data)


class DreamSearch(APIView):
    """Search in my own words; they come in the body, so that no address or log holds them."""

    @extend_schema(operation_id="dreams_search", request=SearchSerializer, responses=HitSerializer(many=True))
    def post(self, request: Request) -> Response:
        sent = SearchSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        query = Query.parse(sent.validated_data["words"])
        return Response(HitSerializer(selectors.search_for(_asker(request).pk, query), many=True).data)


class ImportStart(APIView):
    """Read a file and say what it would bring."""

    @extend_schema(
        operation_id="dreams_import", request=ImportSerializer, responses={201: ImportPlanSerializer}
    )
    def post(self, request: Request) -> Response:
        by = _asker(request)
        sent = ImportSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        file, chosen = sent.validated_data.get("file"), sent.validated_data.get("file_format")
        data = file.read() if file else sent.validated_data["text"].encode(errors="surrogatepass")
        try:
            staged_id = services.stage_import(
                by=by,
                data=data,
                filename=file.name if file else "",
                file_format=ImportFormat(chosen) if chosen else None,
            )
        except ImportRefused as refusal:
            raise ValidationError({"file" if file else "text": [str(refusal)]}) from refusal
        return Response(_plan(by, staged_id), status=status.HTTP_201_CREATED)


class ImportConfirm(APIView):
    """Add, or throw away, what a file would bring."""

    @extend_schema(operation_id="dreams_import_confirm", request=None, responses=ImportedSerializer)
    def post(self, request: Request, staged_id: UUID) -> Response:
        try:
            return Response({"added": services.confirm_import(by=_asker(request), staged_id=staged_id)})
        except StagedImportGone as gone:
            raise NotFound(str(gone)) from gone

    @extend_schema(operation_id="dreams_import_discard", responses={204: None})
    def delete(self, request: Request, staged_id: UUID) -> Response:
        services.discard_import(by=_asker(request), staged_id=staged_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Export(APIView):
    """My whole journal as a file."""

    @extend_schema(
        operation_id="dreams_export",
        parameters=[FORMAT],
        responses={(200, content_type): OpenApiTypes.STR for content_type in CONTENT_TYPES.values()},
    )
    def get(self, request: Request) -> HttpResponse:
        chosen = request.query_params.get("as", "")
        if chosen not in ImportFormat.values:
            raise ValidationError({"as": [f"Choose one of {', '.join(ImportFormat.values)}."]})
        return journal_file(_asker(request).pk, ImportFormat(chosen))


def _asker(request: Request) -> Dreamer:
    """The dreamer who asks; the API answers to nobody else (see its permission classes)."""
    assert isinstance(request.user, Dreamer)  # noqa: S101 - for the type checker: anonymous is refused before
    return request.user


def _shown(by: Dreamer, dream_id: UUID) -> dict[str, Any]:
    return dict(DreamSerializer(selectors.dream_for(by.pk, dream_id)).data)


def _plan(by: Dreamer, staged_id: UUID) -> dict[str, Any]:
    plan = selectors.staged_import_for(by.pk, staged_id)
    fields = {**vars(plan), "id": staged_id, "accepted": len(plan.accepted)}
    return dict(ImportPlanSerializer(fields).data)


def _form_key(request: Request) -> UUID | None:
    sent = request.headers.get("Idempotency-Key", "")
    try:
        return UUID(sent) if sent else None
    except ValueError as error:
        raise ValidationError(
            {"Idempotency-Key": ["The key is a UUID, made anew for each dream."]}
        ) from error


def _refused(refusal: DraftRefused) -> ValidationError:
    sentences: dict[str, list[str]] = {}
    for problem in refusal.problems:
        sentences.setdefault(problem.field, []).append(problem.sentence)
    return ValidationError(sentences)
