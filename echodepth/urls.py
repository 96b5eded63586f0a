"""Every address; a page of an organisation lies under `/o/<slug>/`."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from echodepth.api.schema import schema
from echodepth.health import healthz, readyz
from echodepth.metrics import metrics
from echodepth.outbox import outbox
from echodepth.storage.receiving import part

handler400 = "echodepth.error_pages.bad_request"
handler403 = "echodepth.error_pages.permission_denied"
handler404 = "echodepth.error_pages.page_not_found"
handler429 = "echodepth.error_pages.too_many"  # allauth looks for it here
handler500 = "echodepth.error_pages.server_error"

api: list[URLPattern | URLResolver] = [
    path("schema/", schema, name="schema"),
    path("", include("accounts.api.urls")),
    path("", include("analysis.api.urls")),
    path("", include("reports.api.urls")),
]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("outbox/", outbox, name="outbox"),
    path("parts/<str:token>/", part, name="part"),
    path("api/v1/", include((api, "api"))),
    path("account/", include("accounts.account_urls")),
    path("platform/operations/", include("analysis.operations_urls")),
    path("", include("accounts.urls")),
    path("", include("reports.site_urls")),
    # In every language of the settings; English without a prefix, so that all else stays English.
    # Before the prospect's private links, which would take `sample/sent/` for one.
    *i18n_patterns(path("", include("reports.site_translated_urls")), prefix_default_language=False),
    path("sample/", include("reports.sample_urls")),
    path("desk/", include("reports.desk_urls")),
    path("model/", include("reports.model_urls")),
    path("cohorts/", include("reports.cohort_urls")),
    path("o/<slug:organisation_slug>/", include("analysis.urls")),
    path("o/<slug:organisation_slug>/", include("reports.urls")),
]
