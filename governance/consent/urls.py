from django.urls import path

from governance.consent import views

app_name = "consent"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("uses/", views.uses, name="uses"),
    path("<uuid:contribution>/withdraw/", views.withdraw, name="withdraw"),
]
