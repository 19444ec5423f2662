"""Findings, rulings, appeals and audits in the API: the same services, decisions and 404s as the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from governance.audits import services
from governance.audits.models import AuditRun, Finding
from governance.offices.errors import OfficeRefused
from governance.oversight import appealing, docket, ruling
from governance.oversight.access import (
    appeal_for,
    finding_for,
    may_oversee,
    require_enforcer,
    ruling_for,
    rulings_of,
)
from governance.oversight.auditing import audit_for, audits_of
from governance.oversight.docket import Sieve
from governance.oversight.enums import Outcome, RemedyKind, Verdict
from governance.oversight.errors import NotNow, Unfit
from governance.oversight.ruling import Draft
from governance.oversight.ruling_models import Ruling
from governance.oversight.serializers import (
    AppealAnswerSerializer,
    AppealingSerializer,
    AppealSerializer,
    AssignSerializer,
    AuditSerializer,
    FindingSerializer,
    RulingDraftSerializer,
    RulingSerializer,
    SieveSerializer,
)
from governance.policies import entities
from governance.policies.enums import Action
from governance.policies.services import require
from guild.tenancy.enums import Office
from guild.tenancy.models import Membership
from guild.tenancy.selectors import members_of


class Conflict(APIException):
    """The finding, the ruling or the appeal has moved on (409)."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class FindingList(GenericAPIView[Any]):
    """What audits found, the most urgent first; for enforcers."""

    queryset = Finding.objects.none()
    serializer_class = FindingSerializer

    @extend_schema(
        operation_id="findings_list", parameters=[SieveSerializer], responses=FindingSerializer(many=True)
    )
    def get(self, request: Request, guild_slug: str) -> Response:
        require_enforcer(_me(request))
        sieve = Sieve(**_valid(SieveSerializer, request.query_params))
        page = self.paginate_queryset(docket.findings_in_order(_me(request).guild_id, sieve)) or []
        return self.get_paginated_response(FindingSerializer(page, many=True).data)


class FindingDetail(APIView):
    """One finding."""

    @extend_schema(operation_id="findings_retrieve", responses=FindingSerializer)
    def get(self, request: Request, guild_slug: str, finding_id: UUID) -> Response:
        return Response(FindingSerializer(finding_for(_me(request), finding_id)).data)


class FindingAssignee(APIView):
    """Give a finding to an enforcer, or back to all of them."""

    @extend_schema(operation_id="findings_assign", request=AssignSerializer, responses=FindingSerializer)
    def post(self, request: Request, guild_slug: str, finding_id: UUID) -> Response:
        finding = finding_for(_me(request), finding_id)
        with _answering():
            to = _member(request, _valid(AssignSerializer, request.data)["to"], field="to")
            given = ruling.assign(finding=finding, by=_me(request), to=to)
        return Response(FindingSerializer(given).data)


class FindingRulings(APIView):
    """Rule on a finding. Remedies that take something away wait for a second enforcer's confirmation."""

    @extend_schema(
        operation_id="findings_rule", request=RulingDraftSerializer, responses={201: RulingSerializer}
    )
    def post(self, request: Request, guild_slug: str, finding_id: UUID) -> Response:
        finding = finding_for(_me(request), finding_id)
        with _answering():
            draft = _draft(request, _valid(RulingDraftSerializer, request.data))
            made = ruling.rule(finding=finding, by=_me(request), draft=draft)
        return _ruling(request, made.pk, status=status.HTTP_201_CREATED)


class RulingList(GenericAPIView[Any]):
    """Rulings, latest first: for members those that took effect, for enforcers all."""

    queryset = Ruling.objects.none()
    serializer_class = RulingSerializer

    @extend_schema(operation_id="rulings_list", responses=RulingSerializer(many=True))
    def get(self, request: Request, guild_slug: str) -> Response:
        me = _me(request)
        require(actor=me, action=Action.VIEW_LEDGER, resource=entities.guild(me.guild_id))
        rows = rulings_of(me.guild_id)
        if not may_oversee(me):
            rows = rows.filter(in_force_at__isnull=False)
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(RulingSerializer(page, many=True).data)


class RulingDetail(APIView):
    """One ruling."""

    @extend_schema(operation_id="rulings_retrieve", responses=RulingSerializer)
    def get(self, request: Request, guild_slug: str, ruling_id: UUID) -> Response:
        return _ruling(request, ruling_id)


class RulingConfirmation(APIView):
    """Confirm a ruling, as a second enforcer: it takes effect."""

    @extend_schema(operation_id="rulings_confirm", request=None, responses=RulingSerializer)
    def post(self, request: Request, guild_slug: str, proposal_id: UUID) -> Response:
        with _answering():
            ruling.confirm(ruling=ruling_for(_me(request), proposal_id), by=_me(request))
        return _ruling(request, proposal_id)


class RulingRefusal(APIView):
    """Do not confirm a ruling, or take one's own back: it falls without effect."""

    @extend_schema(operation_id="rulings_decline", request=None, responses=RulingSerializer)
    def post(self, request: Request, guild_slug: str, proposal_id: UUID) -> Response:
        with _answering():
            ruling.decline(ruling=ruling_for(_me(request), proposal_id), by=_me(request))
        return _ruling(request, proposal_id)


class RulingAppeals(APIView):
    """Appeal a ruling, as somebody whom it touches."""

    @extend_schema(
        operation_id="rulings_appeal", request=AppealingSerializer, responses={201: AppealSerializer}
    )
    def post(self, request: Request, guild_slug: str, ruling_id: UUID) -> Response:
        held = ruling_for(_me(request), ruling_id)
        reasons = _valid(AppealingSerializer, request.data)["reasons"]
        with _answering():
            made = appealing.appeal(ruling=held, by=_me(request), reasons=reasons)
        return Response(AppealSerializer(made).data, status=status.HTTP_201_CREATED)


class AppealAnswer(APIView):
    """Answer an appeal, as an enforcer who had no part in the ruling."""

    @extend_schema(operation_id="appeals_answer", request=AppealAnswerSerializer, responses=AppealSerializer)
    def post(self, request: Request, guild_slug: str, appeal_id: UUID) -> Response:
        appeal = appeal_for(_me(request), appeal_id)
        said = _valid(AppealAnswerSerializer, request.data)
        with _answering():
            decided = appealing.decide(
                appeal=appeal, by=_me(request), outcome=Outcome(said["outcome"]), answer=said["answer"]
            )
        return Response(AppealSerializer(decided).data)


class AuditList(GenericAPIView[Any]):
    """Audits, latest first; and the start of one, or the one that is on its way."""

    queryset = AuditRun.objects.none()
    serializer_class = AuditSerializer

    @extend_schema(operation_id="audits_list", responses=AuditSerializer(many=True))
    def get(self, request: Request, guild_slug: str) -> Response:
        require_enforcer(_me(request))
        page = self.paginate_queryset(audits_of(_me(request).guild_id)) or []
        return self.get_paginated_response(AuditSerializer(page, many=True).data)

    @extend_schema(operation_id="audits_start", request=None, responses={202: AuditSerializer})
    def post(self, request: Request, guild_slug: str) -> Response:
        run = services.request_audit(by=_me(request))
        return Response(AuditSerializer(run).data, status=status.HTTP_202_ACCEPTED)


class AuditDetail(APIView):
    """One audit: ask again to follow it."""

    @extend_schema(operation_id="audits_retrieve", responses=AuditSerializer)
    def get(self, request: Request, guild_slug: str, audit_id: UUID) -> Response:
        return Response(AuditSerializer(audit_for(_me(request), audit_id)).data)


@contextmanager
def _answering() -> Iterator[None]:
    """The errors of the services as those of the API; nothing of what they refused stays behind."""
    try:
        with transaction.atomic():
            yield
    except Unfit as error:
        raise ValidationError({error.field: [str(error)]}) from error
    except OfficeRefused as error:
        raise ValidationError({"office": [str(error)]}) from error
    except NotNow as error:
        raise Conflict(str(error)) from error


def _me(request: Request) -> Membership:
    """The caller's membership of the guild in the address; the tenancy middleware has read it."""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    return membership


def _valid(serializer: type[BaseSerializer[Any]], data: Any) -> dict[str, Any]:
    read = serializer(data=data)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


def _ruling(request: Request, ruling_id: UUID, *, status: int = status.HTTP_200_OK) -> Response:
    """The ruling as it is now, with what it orders."""
    return Response(RulingSerializer(ruling_for(_me(request), ruling_id)).data, status=status)


def _draft(request: Request, said: dict[str, Any]) -> Draft:
    office = said.get("office")
    return Draft(
        verdict=Verdict(said["verdict"]),
        reasons=said["reasons"],
        remedies=frozenset(RemedyKind(kind) for kind in said.get("remedies", [])),
        names=_member(request, said.get("names"), field="names"),
        office=Office(office) if office else None,
    )


def _member(request: Request, member: UUID | None, *, field: str) -> Membership | None:
    """A live member of the guild by id, None for none. Raises Unfit."""
    if member is None:
        return None
    found = next((one for one in members_of(_me(request).guild_id) if one.pk == member), None)
    if found is None:
        raise Unfit(field, "There is no such member in this guild.")
    return found
