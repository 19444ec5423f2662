"""What every member finds about power in their guild, below /g/<slug>/, and the way out."""

from django.urls import path

from governance.offices import joint_views, leaving_views, power_views

app_name = "membership"
_ACT = "together/<uuid:act_id>"

urlpatterns = [
    path("power/", power_views.page, name="power"),
    path("power/lay-down/", power_views.lay_down, name="lay-down"),
    path("power/hand-over/", power_views.hand_over, name="hand-over"),
    path("power/offers/<uuid:handover_id>/", power_views.answer, name="answer"),
    path("together/", joint_views.page, name="together"),
    path(f"{_ACT}/agree/", joint_views.agree, name="agree"),
    path(f"{_ACT}/take-back/", joint_views.take_back, name="take-back"),
    path(f"{_ACT}/object/", joint_views.object_to, name="object"),
    path("together/<uuid:export_id>/export/", joint_views.export, name="export"),
    path("leave/", leaving_views.page, name="leave"),
]
