from django.urls import path

from governance.consent import api

urlpatterns = [
    path("consents/", api.ConsentList.as_view(), name="api-consents"),
    path("consents/<uuid:contribution>/withdraw/", api.Withdraw.as_view(), name="api-consents-withdraw"),
    path("uses/", api.UseList.as_view(), name="api-uses"),
]
