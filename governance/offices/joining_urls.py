"""The door for whoever brings an invitation. No address says which: the code travels in a form."""

from django.urls import path

from governance.offices import joining_views

app_name = "joining"
urlpatterns = [
    path("", joining_views.join, name="join"),
    path("bring/", joining_views.bring, name="bring"),
    path("put-away/", joining_views.put_away, name="put-away"),
]
