from django.urls import path

from governance.consent import answer_views, receipt_views, use_views, views

app_name = "consent"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("uses/", views.uses, name="uses"),
    path("uses/<uuid:part>/proof.json", use_views.use_proof, name="use-proof"),
    path("notices/", views.told, name="told"),
    path("notices/read/", views.put_away, name="put-away"),
    path("answer/", answer_views.answer, name="answer"),
    path("standing/", views.standing, name="standing"),
    path("standing/take-back/", answer_views.take_back_in_each, name="take-back-in-each"),
    path("<uuid:contribution>/", views.dream, name="dream"),
    path("<uuid:contribution>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:contribution>/restrict/", views.restrict, name="restrict"),
    path("<uuid:contribution>/lift/", views.lift, name="lift"),
    path("<uuid:statement>/receipt.json", receipt_views.receipt, name="receipt"),
    path("<uuid:statement>/receipt.tlog-proof", receipt_views.proof, name="proof"),
]
