"""Proposals and votes in the API: the same services, decisions and 404s as the pages."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.deliberation import arguing, services, voting
from governance.deliberation.api_refusals import answering
from governance.deliberation.counting import Method
from governance.deliberation.counts import export_of
from governance.deliberation.drafts import Draft
from governance.deliberation.enums import Kind, Stance
from governance.deliberation.models import Proposal
from governance.deliberation.pages import page_of
from governance.deliberation.receipts import Kept
from governance.deliberation.searching import proposals_with
from governance.deliberation.selectors import (
    amendment_for,
    argument_for,
    arguments_of,
    objection_for,
    proposal_for,
    versions_of,
)
from governance.deliberation.serializers import (
    AmendingSerializer,
    AmendmentAnswerSerializer,
    AmendmentSerializer,
    ArguingSerializer,
    ArgumentSerializer,
    CastBallotSerializer,
    DeliberationSearchSerializer,
    ObjectionAnswerSerializer,
    ObjectionSerializer,
    ProposalDetailSerializer,
    ProposalDraftSerializer,
    ProposalSerializer,
    ProposalVersionSerializer,
    ProposalWordsSerializer,
    SponsoringSerializer,
    VotingSerializer,
)
from guild.tenancy.api_requests import me, valid


class ProposalList(GenericAPIView[Any]):
    """What the guild decides and has decided, latest first; and a new proposal."""

    queryset = Proposal.objects.none()
    serializer_class = ProposalSerializer

    @extend_schema(
        operation_id="proposals_list",
        parameters=[DeliberationSearchSerializer],
        responses=ProposalSerializer(many=True),
    )
    def get(self, request: Request, guild_slug: str) -> Response:
        words = valid(DeliberationSearchSerializer, request.query_params)["words"]
        page = self.paginate_queryset(proposals_with(me(request), words)) or []
        return self.get_paginated_response(ProposalSerializer(page, many=True).data)

    @extend_schema(
        operation_id="proposals_propose",
        request=ProposalDraftSerializer,
        responses={201: ProposalDetailSerializer},
    )
    def post(self, request: Request, guild_slug: str) -> Response:
        said = valid(ProposalDraftSerializer, request.data)
        with answering():
            made = services.propose(by=me(request), draft=draft_of(said))
        return _detail(request, made.pk, code=status.HTTP_201_CREATED)


class ProposalDetail(APIView):
    """One proposal as it stands."""

    @extend_schema(operation_id="proposals_retrieve", responses=ProposalDetailSerializer)
    def get(self, request: Request, guild_slug: str, decision_id: UUID) -> Response:
        return _detail(request, decision_id)


class ProposalVersions(APIView):
    """Every version, the first one first; and another one, by the author."""

    @extend_schema(operation_id="proposals_versions", responses=ProposalVersionSerializer(many=True))
    def get(self, request: Request, guild_slug: str, decision_id: UUID) -> Response:
        versions = versions_of(proposal_for(me(request), decision_id))
        return Response(ProposalVersionSerializer(versions, many=True).data)

    @extend_schema(
        operation_id="proposals_revise",
        request=ProposalWordsSerializer,
        responses={201: ProposalVersionSerializer},
    )
    def post(self, request: Request, guild_slug: str, decision_id: UUID) -> Response:
        proposal = proposal_for(me(request), decision_id)
        with answering():
            made = services.revise(
                proposal=proposal, by=me(request), **valid(ProposalWordsSerializer, request.data)
            )
        return Response(ProposalVersionSerializer(made).data, status=status.HTTP_201_CREATED)


class ProposalSponsors(APIView):
    """Sponsor the version that was read."""

    @extend_schema(
        operation_id="proposals_sponsor", request=SponsoringSerializer, responses=ProposalDetailSerializer
    )
    def post(self, request: Request, guild_slug: str, decision_id: UUID) -> Response:
        proposal = proposal_for(me(request), decision_id)
        version = valid(SponsoringSerializer, request.data)["version"]
        with answering():
            services.sponsor(proposal=proposal, by=me(request), version=version)
        return _detail(request, decision_id)


class ProposalWithdrawal(APIView):
    """Take one's own proposal back, before voting opens."""

    @extend_schema(operation_id="proposals_withdraw", request=None, responses=ProposalDetailSerializer)
    def post(self, request: Request, guild_slug: str, decision_id: UUID) -> Response:
        proposal = proposal_for(me(request), decision_id)
        with answering():
            services.withdraw(proposal=proposal, by=me(request))
        return _detail(request, decision_id)


class ProposalAmendments(APIView):
    """Amendments to a proposal; and a new one."""

    @extend_schema(operation_id="proposals_amendments", responses=AmendmentSerializer(many=True))
    def get(self, request: Request, guild_slug: str, decision_id: UUID) -> Response:
        page = page_of(proposal_for(me(request), decision_id), me(request))
        return Response(AmendmentSerializer(page.amendments, many=True).data)

    @extend_schema(
        operation_id="proposals_amend", request=AmendingSerializer, responses={201: AmendmentSerializer}
    )
    def post(self, request: Request, guild_slug: str, decision_id: UUID) -> Response:
        proposal = proposal_for(me(request), decision_id)
        with answering():
            made = services.amend(
                proposal=proposal, by=me(request), **valid(AmendingSerializer, request.data)
            )
        return Response(AmendmentSerializer(made).data, status=status.HTTP_201_CREATED)


class AmendmentAnswer(APIView):
    """Take an amendment over, or say why not."""

    @extend_schema(
        operation_id="amendments_answer",
        request=AmendmentAnswerSerializer,
        responses=ProposalDetailSerializer,
    )
    def post(self, request: Request, guild_slug: str, amendment_id: UUID) -> Response:
        amendment = amendment_for(me(request), amendment_id)
        said = valid(AmendmentAnswerSerializer, request.data)
        with answering():
            if said["accept"]:
                services.accept(amendment=amendment, by=me(request))
            else:
                services.decline(amendment=amendment, by=me(request), answer=said["answer"])
        return _detail(request, amendment.proposal_id)


class ProposalArguments(APIView):
    """What was said about a proposal; and something more."""

    @extend_schema(operation_id="proposals_arguments", responses=ArgumentSerializer(many=True))
    def get(self, request: Request, guild_slug: str, decision_id: UUID) -> Response:
        every = arguments_of(proposal_for(me(request), decision_id))
        return Response(ArgumentSerializer(every, many=True).data)

    @extend_schema(
        operation_id="proposals_argue", request=ArguingSerializer, responses={201: ArgumentSerializer}
    )
    def post(self, request: Request, guild_slug: str, decision_id: UUID) -> Response:
        proposal = proposal_for(me(request), decision_id)
        said = valid(ArguingSerializer, request.data)
        to = said["in_reply_to"]
        parent = argument_for(me(request), to, of=proposal) if to else None
        with answering():
            made = arguing.argue(
                proposal=proposal,
                by=me(request),
                stance=Stance(said["stance"]),
                text=said["text"],
                parent=parent,
            )
        return Response(ArgumentSerializer(made).data, status=status.HTTP_201_CREATED)


class ProposalBallot(APIView):
    """Cast one's ballot, or change it. The answer is the receipt."""

    @extend_schema(operation_id="proposals_vote", request=VotingSerializer, responses=CastBallotSerializer)
    def post(self, request: Request, guild_slug: str, decision_id: UUID) -> Response:
        proposal = proposal_for(me(request), decision_id)
        said = valid(VotingSerializer, request.data)
        shown = said["receipt"]
        receipt = Kept(shown["ballot"], shown["nonce"], "") if shown else None
        with answering():
            cast = voting.cast(
                proposal=proposal,
                by=me(request),
                choice=said["choice"],
                reason=said["reason"],
                receipt=receipt,
            )
        return Response(CastBallotSerializer(cast).data)


class ProposalObjections(APIView):
    """Objections in a vote by consent."""

    @extend_schema(operation_id="proposals_objections", responses=ObjectionSerializer(many=True))
    def get(self, request: Request, guild_slug: str, decision_id: UUID) -> Response:
        page = page_of(proposal_for(me(request), decision_id), me(request))
        return Response(ObjectionSerializer(page.objections, many=True).data)


class ObjectionAnswer(APIView):
    """Answer an objection, as the author."""

    @extend_schema(
        operation_id="objections_answer", request=ObjectionAnswerSerializer, responses=ObjectionSerializer
    )
    def post(self, request: Request, guild_slug: str, decision_id: UUID, objection_id: UUID) -> Response:
        proposal = proposal_for(me(request), decision_id)
        objection = objection_for(me(request), proposal, objection_id)
        text = valid(ObjectionAnswerSerializer, request.data)["answer"]
        with answering():
            voting.answer(objection=objection, by=me(request), text=text)
        return Response(ObjectionSerializer(objection_for(me(request), proposal, objection_id)).data)


class ProposalExport(APIView):
    """The vote with its ballots, leaves and proofs, for counting it again (409 before it was counted)."""

    @extend_schema(operation_id="proposals_export", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, guild_slug: str, decision_id: UUID) -> Response:
        proposal = proposal_for(me(request), decision_id)
        with answering():
            return Response(export_of(proposal))


def draft_of(said: dict[str, Any]) -> Draft:
    """A draft as it was sent."""
    return Draft(
        kind=Kind(said["kind"]),
        title=said["title"],
        text=said["text"],
        document=said["document"],
        options=said.get("options", ()),
        method=Method(said.get("method", Method.MAJORITY)),
        secret=said.get("secret", False),
        opens_at=said.get("opens_at"),
    )


def _detail(request: Request, decision_id: UUID, *, code: int = status.HTTP_200_OK) -> Response:
    page = page_of(proposal_for(me(request), decision_id), me(request))
    return Response(ProposalDetailSerializer(page).data, status=code)
