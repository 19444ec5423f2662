"""Addresses of lounges and sessions, below /g/<slug>/."""

from django.urls import path

from lounges.sessions import asking_views, fragments, lounge_views, orders, views

app_name = "sessions"

_SESSION = "sessions/<uuid:session_id>"

urlpatterns = [
    path("lounges/", lounge_views.lounge_list, name="lounges"),
    path("lounges/<slug:lounge_slug>/", lounge_views.lounge, name="lounge"),
    path(f"{_SESSION}/", views.live, name="live"),
    path(f"{_SESSION}/share/", views.share, name="share"),
    path(f"{_SESSION}/snapshot/", views.snapshot, name="snapshot"),
    path(f"{_SESSION}/ask/", asking_views.ask, name="ask"),
    path(f"{_SESSION}/open/", orders.open_session, name="open"),
    path(f"{_SESSION}/join/", orders.join, name="join"),
    path(f"{_SESSION}/return/", orders.come_back, name="return"),
    path(f"{_SESSION}/step-out/", orders.step_out, name="step-out"),
    path(f"{_SESSION}/associate/", orders.associate, name="associate"),
    path(f"{_SESSION}/withdraw/", orders.withdraw, name="withdraw"),
    path(f"{_SESSION}/stage/", orders.set_stage, name="stage"),
    path(f"{_SESSION}/blend/", orders.blend, name="blend"),
    path(f"{_SESSION}/close/", orders.close, name="close"),
    path(f"{_SESSION}/parts/people/", fragments.people, name="people"),
    path(f"{_SESSION}/parts/stages/", fragments.stages, name="stages"),
    path(f"{_SESSION}/parts/dreamscape/", fragments.dreamscape, name="dreamscape"),
    path(f"{_SESSION}/parts/dreams/<uuid:contribution_id>/", fragments.telling, name="telling"),
    path(f"{_SESSION}/parts/associations/<uuid:association_id>/", fragments.association, name="association"),
]
