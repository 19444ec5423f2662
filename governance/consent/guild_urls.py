from django.urls import path

from governance.consent import receipt_views

app_name = "processing"
urlpatterns = [
    path("", receipt_views.processing, name="page"),
    path("processing.json", receipt_views.processing_json, name="json"),
]
