"""Who holds which office of a guild, below /g/<slug>/offices/: for stewards."""

from django.urls import path

from governance.offices import invitation_views, views

app_name = "offices"
urlpatterns = [
    path("", views.home, name="home"),
    path("end/", views.end, name="end"),
    path("renew/", views.renew, name="renew"),
    path("remove/", views.remove, name="remove"),
    path("unbar/", views.unbar, name="unbar"),
    path("invitations/", invitation_views.home, name="invitations"),
    path("invitations/<uuid:invitation_id>/revoke/", invitation_views.revoke, name="revoke"),
]
