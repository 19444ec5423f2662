"""What a guild decides together, below /g/<slug>/."""

from django.urls import path

from governance.deliberation import arguing_views, drafting_views, petition_views, views

app_name = "deliberation"
_PROPOSAL = "proposals/<uuid:decision_id>"
_PETITION = "petitions/<uuid:petition_id>"

urlpatterns = [
    path("proposals/", views.home, name="home"),
    path("proposals/new/", drafting_views.new, name="new"),
    path(f"{_PROPOSAL}/", views.detail, name="proposal"),
    path(f"{_PROPOSAL}/standing/", views.standing, name="standing"),
    path(f"{_PROPOSAL}/sponsor/", views.sponsor, name="sponsor"),
    path(f"{_PROPOSAL}/withdraw/", views.withdraw, name="withdraw"),
    path(f"{_PROPOSAL}/revise/", drafting_views.revise, name="revise"),
    path(f"{_PROPOSAL}/amend/", drafting_views.amend, name="amend"),
    path(f"{_PROPOSAL}/versions/", drafting_views.versions, name="versions"),
    path(f"{_PROPOSAL}/argue/", arguing_views.argue, name="argue"),
    path(f"{_PROPOSAL}/vote/", views.vote, name="vote"),
    path(f"{_PROPOSAL}/receipt.json", views.receipt, name="receipt"),
    path(f"{_PROPOSAL}/vote.json", views.export, name="export"),
    path(f"{_PROPOSAL}/objections/<uuid:objection_id>/", views.answer_objection, name="answer-objection"),
    path("amendments/<uuid:amendment_id>/", drafting_views.answer_amendment, name="answer-amendment"),
    path("arguments/<uuid:argument_id>/reply/", arguing_views.reply, name="reply"),
    path("arguments/<uuid:argument_id>/edit/", arguing_views.edit, name="edit-argument"),
    path("petitions/", petition_views.home, name="petitions"),
    path("petitions/new/", petition_views.new, name="petition-new"),
    path(f"{_PETITION}/", petition_views.detail, name="petition"),
    path(f"{_PETITION}/sign/", petition_views.sign, name="sign"),
    path(f"{_PETITION}/withdraw/", petition_views.withdraw, name="petition-withdraw"),
]
