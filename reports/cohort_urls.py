"""The cultural cohorts; a page that belongs to no organisation."""

from django.urls import path

from reports.views.cohorts import cohorts

urlpatterns = [path("", cohorts, name="cohorts")]
