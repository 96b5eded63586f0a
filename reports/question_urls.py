"""The five questions; a page that belongs to no organisation."""

from django.urls import path

from reports.views.questions import questions

urlpatterns = [path("", questions, name="questions")]
