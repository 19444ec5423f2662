"""Addresses of colonies and rituals, below /g/<slug>/."""

from django.urls import path

from colonies.rituals import (
    colony_views,
    guided_views,
    ritual_views,
    schedule_views,
    tonight_views,
)

app_name = "colonies"

_COLONY = "colonies/<slug:colony_slug>"
_RITUAL = "rituals/<uuid:ritual_id>"
_SCHEDULE = f"{_RITUAL}/times/<uuid:schedule_id>"

urlpatterns = [
    path("colonies/", colony_views.colony_list, name="colonies"),
    path(f"{_COLONY}/", colony_views.colony, name="colony"),
    path(f"{_COLONY}/edit/", colony_views.edit, name="colony-edit"),
    path(f"{_COLONY}/join/", colony_views.join, name="join"),
    path(f"{_COLONY}/decline/", colony_views.decline, name="decline"),
    path(f"{_COLONY}/leave/", colony_views.leave, name="leave"),
    path(f"{_COLONY}/name/", colony_views.show_name, name="show-name"),
    path(f"{_COLONY}/invite/", colony_views.invite, name="invite"),
    path(f"{_COLONY}/people/<uuid:belonging_id>/answer/", colony_views.answer, name="answer"),
    path(f"{_COLONY}/people/<uuid:belonging_id>/part/", colony_views.give_part, name="part"),
    path(f"{_COLONY}/archive/", colony_views.archive, name="archive"),
    path(f"{_COLONY}/rituals/new/", ritual_views.write, name="write"),
    path(f"{_RITUAL}/", ritual_views.ritual, name="ritual"),
    path(f"{_RITUAL}/versions/<int:number>/", ritual_views.version, name="version"),
    path(f"{_RITUAL}/card/", ritual_views.card, name="card"),
    path(f"{_RITUAL}/guided/", guided_views.guided, name="guided"),
    path(f"{_RITUAL}/keep/", tonight_views.keep, name="keep"),
    path(f"{_RITUAL}/presence/", tonight_views.presence, name="presence"),
    path(f"{_RITUAL}/edit/", ritual_views.revise, name="revise"),
    path(f"{_RITUAL}/translate/", ritual_views.translate, name="translate"),
    path(f"{_RITUAL}/times/", schedule_views.times_of, name="times"),
    path(f"{_SCHEDULE}/leave-out/", schedule_views.leave_out, name="leave-out"),
    path(f"{_SCHEDULE}/move/", schedule_views.move, name="move"),
    path(f"{_SCHEDULE}/end/", schedule_views.end, name="end"),
    path(f"{_RITUAL}/rest/", ritual_views.rest, name="rest"),
]
