"""Addresses of the API of deliberation, below /api/v1/."""

from django.urls import path

from governance.deliberation import api, petition_api

_GUILD = "g/<slug:guild_slug>"
_PROPOSAL = f"{_GUILD}/proposals/<uuid:decision_id>"
_PETITION = f"{_GUILD}/petitions/<uuid:petition_id>"

urlpatterns = [
    path(f"{_GUILD}/proposals/", api.ProposalList.as_view(), name="api-proposals"),
    path(f"{_PROPOSAL}/", api.ProposalDetail.as_view(), name="api-proposal"),
    path(f"{_PROPOSAL}/versions/", api.ProposalVersions.as_view(), name="api-proposal-versions"),
    path(f"{_PROPOSAL}/sponsors/", api.ProposalSponsors.as_view(), name="api-proposal-sponsors"),
    path(f"{_PROPOSAL}/withdrawal/", api.ProposalWithdrawal.as_view(), name="api-proposal-withdrawal"),
    path(f"{_PROPOSAL}/amendments/", api.ProposalAmendments.as_view(), name="api-proposal-amendments"),
    path(f"{_PROPOSAL}/arguments/", api.ProposalArguments.as_view(), name="api-proposal-arguments"),
    path(f"{_PROPOSAL}/ballot/", api.ProposalBallot.as_view(), name="api-proposal-ballot"),
    path(f"{_PROPOSAL}/objections/", api.ProposalObjections.as_view(), name="api-proposal-objections"),
    path(
        f"{_PROPOSAL}/objections/<uuid:objection_id>/answer/",
        api.ObjectionAnswer.as_view(),
        name="api-objection-answer",
    ),
    path(f"{_PROPOSAL}/export/", api.ProposalExport.as_view(), name="api-proposal-export"),
    path(
        f"{_GUILD}/amendments/<uuid:amendment_id>/answer/",
        api.AmendmentAnswer.as_view(),
        name="api-amendment-answer",
    ),
    path(f"{_GUILD}/petitions/", petition_api.PetitionList.as_view(), name="api-petitions"),
    path(f"{_PETITION}/", petition_api.PetitionDetail.as_view(), name="api-petition"),
    path(f"{_PETITION}/signature/", petition_api.PetitionSignature.as_view(), name="api-petition-signature"),
    path(
        f"{_PETITION}/withdrawal/", petition_api.PetitionWithdrawal.as_view(), name="api-petition-withdrawal"
    ),
]
