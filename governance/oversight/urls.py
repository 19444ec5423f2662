from django.urls import path

from governance.oversight import views

app_name = "ledger"
urlpatterns = [path("", views.guild_ledger, name="guild")]
