from django.urls import path

from analysis.views.operations import operations, retry

urlpatterns = [
    path("", operations, name="platform-operations"),
    path("<uuid:organisation_id>/runs/<uuid:run_id>/retry/", retry, name="platform-retry"),
]
