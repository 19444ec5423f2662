"""Addresses of the API of offices, below /api/v1/."""

from django.urls import path

from governance.offices import api, invitation_api

_GUILD = "g/<slug:guild_slug>"
_HELD = f"{_GUILD}/offices/<uuid:member_id>/<slug:office>"
_ACT = f"{_GUILD}/together/<uuid:act_id>"

urlpatterns = [
    path(f"{_GUILD}/offices/", api.OfficeList.as_view(), name="api-offices"),
    path(f"{_HELD}/", api.OfficeDetail.as_view(), name="api-office"),
    path(f"{_HELD}/renewal/", api.OfficeRenewal.as_view(), name="api-office-renewal"),
    path(
        f"{_GUILD}/members/<uuid:member_id>/removal/",
        api.MemberRemoval.as_view(),
        name="api-member-removal",
    ),
    path(f"{_GUILD}/leave/", api.Leaving.as_view(), name="api-leave"),
    path(f"{_GUILD}/handovers/", api.HandoverList.as_view(), name="api-handovers"),
    path(f"{_GUILD}/handovers/<uuid:handover_id>/", api.HandoverAnswer.as_view(), name="api-handover"),
    path(f"{_GUILD}/power/", api.Power.as_view(), name="api-power"),
    path(f"{_GUILD}/invitations/", invitation_api.InvitationList.as_view(), name="api-invitations"),
    path(
        f"{_GUILD}/invitations/<uuid:invitation_id>/",
        invitation_api.InvitationDetail.as_view(),
        name="api-invitation",
    ),
    path(f"{_GUILD}/together/", invitation_api.GuildActList.as_view(), name="api-together"),
    path(f"{_ACT}/agree/", invitation_api.GuildActAgreement.as_view(), name="api-together-agree"),
    path(f"{_ACT}/take-back/", invitation_api.GuildActTakingBack.as_view(), name="api-together-take-back"),
    path(f"{_ACT}/object/", invitation_api.GuildActObjection.as_view(), name="api-together-object"),
    path(
        f"{_GUILD}/together/<uuid:export_id>/export/",
        invitation_api.GuildExport.as_view(),
        name="api-together-export",
    ),
    path("invitations/read/", invitation_api.InvitationReading.as_view(), name="api-invitation-read"),
    path("invitations/join/", invitation_api.Joining.as_view(), name="api-join"),
]
