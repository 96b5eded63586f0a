"""Asking for a sample analysis, without an account."""

from django.urls import path

from reports.views import sample_asking as views

urlpatterns = [
    path("", views.sample, name="sample"),
    path("sent/", views.sent, name="sample-sent"),
    path("report/", views.example, name="sample-example"),
    path("report/file/", views.example_pdf, name="sample-example-pdf"),
]
