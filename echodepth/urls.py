"""Every address; a page of an organisation lies under `/<slug>/`."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("", include("accounts.urls")),
    path("o/<slug:organisation_slug>/", include("analysis.urls")),
    path("o/<slug:organisation_slug>/", include("reports.urls")),
]
