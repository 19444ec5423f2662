"""Consents and uses of the dreamer who asks; the same services as the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.consent import (
    answering,
    choices,
    histories,
    notices,
    receipt_views,
    recipients,
    restrictions,
    selectors,
    services,
    standings,
)
from governance.consent.answering import Answered, Target
from governance.consent.enums import ConsentState, Purpose, Scope, Surface
from governance.consent.errors import TermsRefused
from governance.consent.models import RecipientNotice, Subject, UseSubject
from governance.consent.purposes import REGISTRY
from governance.consent.serializers import (
    AnsweredSerializer,
    AnswerSerializer,
    ChoicePlaceSerializer,
    ConsentSerializer,
    EntrySerializer,
    NoticeSerializer,
    RestrictedSerializer,
    TakenBackSerializer,
    TargetSerializer,
    ToldSerializer,
    UseSerializer,
    WithdrawnSerializer,
    WithdrawSerializer,
)


class ConsentList(GenericAPIView[Any]):
    """Every consent of mine, in every guild, newest first."""

    serializer_class = ConsentSerializer
    queryset = Subject.objects.none()

    @extend_schema(operation_id="consents_list", responses=ConsentSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(selectors.contributions_of(asker(request))) or []
        dreams = standings.lent_dreams(page)
        return self.get_paginated_response(ConsentSerializer(dreams, many=True).data)


class ConsentHistory(APIView):
    """Everything that was ever said about one lent dream of mine, newest first."""

    @extend_schema(operation_id="consents_history", responses=EntrySerializer(many=True))
    def get(self, request: Request, contribution: UUID) -> Response:
        subject = selectors.subject_for(asker(request), contribution)
        return Response(EntrySerializer(histories.history_of(subject), many=True).data)


class Standing(APIView):
    """What I said for all I lend to each guild, lounge and session."""

    @extend_schema(operation_id="consents_standing", responses=ChoicePlaceSerializer(many=True))
    def get(self, request: Request) -> Response:
        found = choices.choices_for(asker(request))
        places = [place for guild in found for place in (guild.whole, *guild.within)]
        return Response(ChoicePlaceSerializer(places, many=True).data)


class NoticeList(APIView):
    """The text of every purpose as it is asked now; reading them here is recorded."""

    @extend_schema(operation_id="notices_list", responses=NoticeSerializer(many=True))
    def get(self, request: Request) -> Response:
        notices.serve(dreamer=asker(request), purposes=REGISTRY, surface=Surface.API)
        return Response(NoticeSerializer(list(REGISTRY.values()), many=True).data)


class Answer(GenericAPIView[Any]):
    """Say yes, no or not now, for one dream or for all one lends somewhere; a no is never refused."""

    serializer_class = AnswerSerializer

    @extend_schema(operation_id="consents_answer", request=AnswerSerializer, responses=AnsweredSerializer)
    def post(self, request: Request) -> Response:
        sent = AnswerSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        with refusing():
            done = _answer(asker(request), sent.validated_data)
        said = {
            "statements": [row.pk for row in done.statements],
            "opened": done.opened,
            "shut": done.shut,
        }
        return Response(AnsweredSerializer(said).data)


class TakeBackInEach(GenericAPIView[Any]):
    """Take back a purpose in every dream within a place that allows it by a word of its own."""

    serializer_class = TargetSerializer

    @extend_schema(
        operation_id="consents_take_back_in_each", request=TargetSerializer, responses=TakenBackSerializer
    )
    def post(self, request: Request) -> Response:
        sent = TargetSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        target, purpose = _target(sent.validated_data), Purpose(sent.validated_data["purpose"])
        with refusing():
            count = answering.take_back_in_each(by=asker(request), target=target, purpose=purpose)
        return Response(TakenBackSerializer({"dreams": count}).data)


class UseList(GenericAPIView[Any]):
    """Every use of my dreams, in every guild, newest first."""

    serializer_class = UseSerializer
    queryset = UseSubject.objects.none()

    @extend_schema(operation_id="uses_list", responses=UseSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(selectors.use_rows_of(asker(request))) or []
        return self.get_paginated_response(UseSerializer(standings.uses(page), many=True).data)


class Withdraw(GenericAPIView[Any]):
    """Withdraw one purpose of a contribution of mine, or all of it. Repeating it changes nothing more."""

    serializer_class = WithdrawSerializer
    queryset = Subject.objects.none()

    @extend_schema(
        operation_id="consents_withdraw", request=WithdrawSerializer, responses=WithdrawnSerializer
    )
    def post(self, request: Request, contribution: UUID) -> Response:
        sent = WithdrawSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        purpose = sent.validated_data.get("purpose")
        done = services.withdraw(
            by=asker(request),
            contribution=contribution,
            purpose=None if purpose is None else Purpose(purpose),
        )
        return Response(WithdrawnSerializer(done).data)


class Restrict(APIView):
    """Set a lent dream aside: it is kept, and nothing else. Repeating it changes nothing more."""

    @extend_schema(operation_id="consents_restrict", request=None, responses=RestrictedSerializer)
    def post(self, request: Request, contribution: UUID) -> Response:
        with refusing():
            changed = restrictions.restrict(by=asker(request), contribution=contribution)
        return Response({"contribution": contribution, "restricted": True, "changed": changed})


class Lift(APIView):
    """Let a restricted dream be used again, under what was stated about it."""

    @extend_schema(operation_id="consents_lift", request=None, responses=RestrictedSerializer)
    def post(self, request: Request, contribution: UUID) -> Response:
        with refusing():
            changed = restrictions.lift_restriction(by=asker(request), contribution=contribution)
        return Response({"contribution": contribution, "restricted": False, "changed": changed})


class ToldList(GenericAPIView[Any]):
    """What I was told about dreams of others that had reached me; a POST marks all as read."""

    serializer_class = ToldSerializer
    queryset = RecipientNotice.objects.none()

    @extend_schema(operation_id="told_list", responses=ToldSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(histories.told_rows(asker(request))) or []
        rows = histories.told(page, dreamer=asker(request))
        return self.get_paginated_response(ToldSerializer(rows, many=True).data)

    @extend_schema(operation_id="told_read", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        recipients.put_away(by=asker(request))
        return Response(status=204)


class Receipt(APIView):
    """The receipt of a statement of mine (ISO/IEC TS 27560 as JSON-LD)."""

    @extend_schema(
        operation_id="consents_receipt", responses={(200, receipt_views.JSON_LD): OpenApiTypes.OBJECT}
    )
    def get(self, request: Request, statement: UUID) -> HttpResponse:
        return receipt_views.receipt_file(asker(request), statement)


class Proof(APIView):
    """The proof file (c2sp.org/tlog-proof@v1) of a statement of mine."""

    @extend_schema(operation_id="consents_proof", responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, request: Request, statement: UUID) -> HttpResponse:
        return receipt_views.proof_of_file(asker(request), statement)


def asker(request: Request) -> UUID:
    """The dreamer who asks; the API answers to nobody else (see its permission classes)."""
    return UUID(str(request.user.pk))


@contextmanager
def refusing() -> Iterator[None]:
    """Turns what cannot stand into a 400 with its sentence; nothing was saved then."""
    try:
        yield
    except TermsRefused as error:
        raise ValidationError({"detail": str(error)}) from error


def _answer(by: UUID, sent: dict[str, Any]) -> Answered:
    target, purpose, read = _target(sent), Purpose(sent["purpose"]), sent["notice"]
    if sent["answer"] == ConsentState.REFUSED:
        return answering.refuse(by=by, target=target, purpose=purpose, read=read)
    if sent["answer"] == ConsentState.DEFERRED:
        return answering.defer(by=by, target=target, purpose=purpose, read=read)
    return answering.give(
        by=by,
        target=target,
        purpose=purpose,
        read=read,
        depth=sent["depth"],
        expires_at=sent["expires_at"],
    )


def _target(sent: dict[str, Any]) -> Target:
    return Target(Scope(sent["scope"]), sent["about"], sent["guild"])
