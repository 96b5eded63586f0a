"""A report to look at before asking for one's own."""

from django.urls import path

from reports.views import specimen

urlpatterns = [
    path("report/", specimen.example, name="sample-example"),
    path("report/file/", specimen.example_pdf, name="sample-example-pdf"),
]
