"""Moderation in the API: the open log, reporting, deciding and appealing, as on the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.moderation import selectors, services
from governance.moderation.enums import Decision, Outcome, Reason, ReportState
from governance.moderation.errors import NotNow, Unfit
from governance.moderation.models import Report
from governance.moderation.services import LONGEST
from guild.tenancy.api_requests import Conflict, me, valid


class ModerationSerializer(serializers.Serializer[Any]):
    """One action: when, what kind of thing, why, by which office. Never what it was about, nor whose word
    began it.
    """

    decided_at = serializers.DateTimeField(source="report.decided_at")
    kind = serializers.CharField(source="noun")
    decision = serializers.ChoiceField(choices=ReportState.choices, source="report.state")
    reason = serializers.ChoiceField(choices=Reason.choices, source="report.reason")
    reasons = serializers.CharField(source="report.reasons")
    office = serializers.CharField(source="report.office")
    appeal = serializers.SerializerMethodField()

    def get_appeal(self, line: selectors.Line) -> str:
        """How the appeal ended; "waits" while it is not answered, "" where there is none."""
        if line.appeal is None:
            return ""
        return line.appeal.outcome or "waits"


class NewReportSerializer(serializers.Serializer[Any]):
    """Something to report."""

    kind = serializers.CharField(max_length=40)
    target = serializers.UUIDField()
    reason = serializers.ChoiceField(choices=Reason.choices)
    words = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True, default="")


class ReportedSerializer(serializers.Serializer[Any]):
    """A report, by its id and where it stands."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=ReportState.choices)


class DecisionSerializer(serializers.Serializer[Any]):
    """What a moderator decides."""

    decision = serializers.ChoiceField(choices=Decision.choices)
    reasons = serializers.CharField(max_length=LONGEST)


class ReasonsSerializer(serializers.Serializer[Any]):
    """Why what one wrote should be shown again."""

    reasons = serializers.CharField(max_length=LONGEST)


class ModerationAnswerSerializer(serializers.Serializer[Any]):
    """The answer of a moderator who did not decide."""

    outcome = serializers.ChoiceField(choices=Outcome.choices)
    words = serializers.CharField(max_length=LONGEST)


class ModerationLog(GenericAPIView[Any]):
    """The open log, latest first; and reporting something."""

    queryset = Report.objects.none()
    serializer_class = ModerationSerializer

    @extend_schema(operation_id="moderation_log", responses=ModerationSerializer(many=True))
    def get(self, request: Request, guild_slug: str) -> Response:
        page = self.paginate_queryset(selectors.log_for(me(request))) or []
        lines = selectors.lines_of(page)
        return self.get_paginated_response(ModerationSerializer(lines, many=True).data)

    @extend_schema(
        operation_id="moderation_report", request=NewReportSerializer, responses={201: ReportedSerializer}
    )
    def post(self, request: Request, guild_slug: str) -> Response:
        given = valid(NewReportSerializer, request.data)
        with answering():
            row = services.report(by=me(request), **given)
        return Response(ReportedSerializer(row).data, status=status.HTTP_201_CREATED)


class ModerationDecision(APIView):
    """Decides about a report."""

    @extend_schema(operation_id="moderation_decide", request=DecisionSerializer, responses=ReportedSerializer)
    def post(self, request: Request, guild_slug: str, report_id: UUID) -> Response:
        given = valid(DecisionSerializer, request.data)
        row = selectors.report_for(me(request), report_id)
        with answering():
            decided = services.decide(by=me(request), report=row, **given)
        return Response(ReportedSerializer(decided).data)


class ModerationAppealMake(APIView):
    """Appeals what was decided about one's own words."""

    @extend_schema(
        operation_id="moderation_appeal", request=ReasonsSerializer, responses={201: ReportedSerializer}
    )
    def post(self, request: Request, guild_slug: str, report_id: UUID) -> Response:
        given = valid(ReasonsSerializer, request.data)
        row = selectors.own_for(me(request), report_id)
        with answering():
            services.appeal(by=me(request), report=row, **given)
        return Response(ReportedSerializer(row).data, status=status.HTTP_201_CREATED)


class ModerationAppealAnswer(APIView):
    """Answers an appeal."""

    @extend_schema(
        operation_id="moderation_answer", request=ModerationAnswerSerializer, responses=ReportedSerializer
    )
    def post(self, request: Request, guild_slug: str, report_id: UUID) -> Response:
        given = valid(ModerationAnswerSerializer, request.data)
        row = selectors.report_for(me(request), report_id)
        with answering():
            services.answer(by=me(request), report=row, **given)
        row.refresh_from_db(fields=["state"])
        return Response(ReportedSerializer(row).data)


@contextmanager
def answering() -> Iterator[None]:
    """Turns the errors of the services into those of the API."""
    try:
        yield
    except Unfit as error:
        raise ValidationError({error.field: [str(error)]}) from error
    except NotNow as error:
        raise Conflict(str(error)) from error
