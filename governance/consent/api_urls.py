from django.urls import path

from governance.consent import api, guild_api

urlpatterns = [
    path("consents/", api.ConsentList.as_view(), name="api-consents"),
    path("consents/answers/", api.Answer.as_view(), name="api-consents-answer"),
    path("consents/standing/", api.Standing.as_view(), name="api-consents-standing"),
    path("consents/standing/take-back/", api.TakeBackInEach.as_view(), name="api-consents-take-back"),
    path("consents/told/", api.ToldList.as_view(), name="api-consents-told"),
    path("consents/<uuid:contribution>/history/", api.ConsentHistory.as_view(), name="api-consents-history"),
    path("consents/<uuid:contribution>/withdraw/", api.Withdraw.as_view(), name="api-consents-withdraw"),
    path("consents/<uuid:contribution>/restrict/", api.Restrict.as_view(), name="api-consents-restrict"),
    path("consents/<uuid:contribution>/lift/", api.Lift.as_view(), name="api-consents-lift"),
    path("consents/<uuid:statement>/receipt.json", api.Receipt.as_view(), name="api-consents-receipt"),
    path("consents/<uuid:statement>/receipt.tlog-proof", api.Proof.as_view(), name="api-consents-proof"),
    path("notices/", api.NoticeList.as_view(), name="api-notices"),
    path("uses/", api.UseList.as_view(), name="api-uses"),
    path(
        "g/<slug:guild_slug>/contributions/<uuid:contribution>/ask/",
        guild_api.AskForConsent.as_view(),
        name="api-consents-ask",
    ),
    path("g/<slug:guild_slug>/processing/", guild_api.ProcessingRecord.as_view(), name="api-processing"),
]
