"""A prospect's way to a free sample analysis: `/sample/`."""

from django.urls import include, path

urlpatterns = [
    path("", include("reports.sample_asking_urls")),
    path("", include("reports.sample_visit_urls")),
]
