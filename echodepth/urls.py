"""Every address; a page of an organisation lies under `/o/<slug>/`."""

from django.urls import include, path

from echodepth.health import healthz
from echodepth.outbox import outbox

handler400 = "echodepth.error_pages.bad_request"
handler403 = "echodepth.error_pages.permission_denied"
handler404 = "echodepth.error_pages.page_not_found"
handler500 = "echodepth.error_pages.server_error"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("outbox/", outbox, name="outbox"),
    path("account/", include("allauth.account.urls")),
    path("", include("accounts.urls")),
    path("model/", include("reports.model_urls")),
    path("questions/", include("reports.question_urls")),
    path("cohorts/", include("reports.cohort_urls")),
    path("o/<slug:organisation_slug>/", include("analysis.urls")),
    path("o/<slug:organisation_slug>/", include("reports.urls")),
]
