from django.urls import path

from guild.portal import style_guide, views

app_name = "portal"
urlpatterns = [
    path("", views.night, name="night"),
    path("g/<slug:guild_slug>/", views.guild_home, name="guild"),
    path("style/", style_guide.style_guide, name="style"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
]
