from django.urls import path

from guild.dreamers import views

app_name = "dreamers"
urlpatterns = [path("settings/", views.settings, name="settings")]
