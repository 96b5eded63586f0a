"""A report to look at before asking for one's own."""

from django.urls import path

from reports.views import sample_asking as views

urlpatterns = [
    path("report/", views.example, name="sample-example"),
    path("report/file/", views.example_pdf, name="sample-example-pdf"),
]
